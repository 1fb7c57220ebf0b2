//! A witness as a `test` of the language.

use std::fmt::Write as _;

use super::model::{Model, fixed};
use super::value::{quoted, written};
use super::world::World;
use crate::program::{EntityId, FieldId, FieldPath, Program, Type, Value, Window};

/// The test; none where something of it cannot be written.
pub(crate) fn test(
    program: &Program,
    entity: EntityId,
    world: &World,
    name: &str,
    expected: &[String],
) -> Option<String> {
    let mut text = format!("test {} {{\n", quoted(name));
    let fields: Vec<(&FieldPath, &Value)> = world.fields.iter().collect();
    if !fields.is_empty() {
        let record = &program.entities.get(entity.index())?.table;
        let _ = writeln!(text, "  given {record} {{ {} }}", record_of(program, entity, &fields, &[])?);
    }
    let mut done: Vec<usize> = Vec::new();
    for (at, event) in world.events.iter().enumerate() {
        if done.contains(&at) {
            continue;
        }
        let alike: Vec<usize> =
            world.events.iter().enumerate().filter(|(_, other)| *other == event).map(|(at, _)| at).collect();
        let declared = program.events.get(event.event.index())?;
        let count = if alike.len() > 1 { format!("{} ", alike.len()) } else { String::new() };
        done.extend(alike);
        let mut facts = Vec::new();
        for (name, value) in &event.facts {
            let ty = declared.fields.iter().find(|field| field.name == *name).map(|field| &field.ty)?;
            facts.push(format!("{name}: {}", written(&program.client, ty, value)?));
        }
        let facts = if facts.is_empty() { String::new() } else { format!(" {{ {} }}", facts.join(", ")) };
        let _ = writeln!(text, "  given {count}{}{facts}{}", declared.name, ago(event.ago));
    }
    for said in &world.said {
        let _ = writeln!(text, "  given conversation {}{}", quoted(&said.text), ago(said.ago));
    }
    for silent in &world.silent {
        let _ = writeln!(text, "  given silent {}", program.events.get(silent.index())?.name);
    }
    if world.silent_conversations {
        text.push_str("  given silent conversation\n");
    }
    for expected in expected {
        let _ = writeln!(text, "  expect {expected}");
    }
    text.push('}');
    Some(text)
}

/// The fields of a record, and in braces those of the records that it belongs to.
fn record_of(
    program: &Program,
    entity: EntityId,
    fields: &[(&FieldPath, &Value)],
    above: &[FieldId],
) -> Option<String> {
    let mut parts = Vec::new();
    let mut walked: Vec<FieldId> = Vec::new();
    for (path, value) in fields {
        match path.relations.get(above.len()) {
            None => {
                let field = program.field(path)?;
                parts.push(format!("{}: {}", field.name, written(&program.client, &field.ty, value)?));
            }
            Some(relation) if !walked.contains(relation) => {
                walked.push(*relation);
                let field = program.entities.get(entity.index())?.fields.get(relation.index())?;
                let Type::Record(other) = field.ty else { return None };
                let mut below = above.to_vec();
                below.push(*relation);
                let those: Vec<_> =
                    fields.iter().filter(|(path, _)| path.relations.starts_with(&below)).copied().collect();
                parts.push(format!("{} {{ {} }}", field.name, record_of(program, other, &those, &below)?));
            }
            Some(_) => {}
        }
    }
    Some(parts.join(", "))
}

fn ago(ago: Option<Window>) -> String {
    ago.map_or_else(String::new, |ago| format!(", {ago} ago"))
}

/// `icp is 74`, `firmographic is 55`; a layer with its score where another score has one of that name.
pub(crate) fn is_so_much(model: &Model<'_>, layer: Option<usize>, value: i64) -> String {
    format!("{} is {}", named(model, layer), fixed(value))
}

/// The score or layer, as a test names it.
pub(crate) fn named(model: &Model<'_>, layer: Option<usize>) -> String {
    let score = &model.score.name;
    let Some(name) = layer.and_then(|layer| model.score.layers.get(layer)?.name.as_ref()) else {
        return score.to_string();
    };
    let same = |other: &crate::program::Score| {
        other.name == *name || other.layers.iter().any(|layer| layer.name.as_ref() == Some(name))
    };
    let alone = model.program.scores.iter().filter(|other| same(other)).count() == 1;
    if alone { name.to_string() } else { format!("{score}.{name}") }
}
