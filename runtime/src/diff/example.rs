//! A record by names, so that two playbooks can be shown the same one, and as a test that can be pasted into either.

use std::collections::{BTreeMap, BTreeSet};

use compiler::diff::words::{Words, quoted};
use compiler::program::{EntityId, Field, FieldId, FieldPath, Program, Type, Value, Window};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use smol_str::SmolStr;

use crate::facts::{Coverage, EventFact, Facts, Reported, Said};
use crate::score::window;

/// A record by names: what a test can give.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Example {
    /// Fields by the names walked, `["company", "industry"]`.
    pub fields: BTreeMap<Vec<SmolStr>, Value>,
    /// What happened.
    pub events: Vec<Happening>,
    /// What was said, and how long ago.
    pub said: Vec<(SmolStr, Window)>,
    /// Events that nobody reports; none stands for conversations.
    pub silent: BTreeSet<Option<SmolStr>>,
}

/// Something that happened, as often as it did.
#[derive(Clone, Debug, PartialEq)]
pub struct Happening {
    /// `email.clicked`
    pub event: SmolStr,
    /// How often.
    pub count: u32,
    /// How long ago.
    pub ago: Window,
    /// Its facts.
    pub facts: Vec<(SmolStr, Value)>,
}

impl Example {
    /// What a playbook sees of it. What the playbook does not know is not there for it.
    #[must_use]
    pub fn facts(&self, program: &Program, entity: EntityId, now: Timestamp, zone: &TimeZone) -> Facts {
        let mut facts = Facts::default();
        for (names, value) in &self.fields {
            let Some((path, field)) = resolve(program, entity, names) else { continue };
            if !fits(&field.ty, value) {
                continue;
            }
            if let Some((&last, relations)) = path.relations.split_last() {
                let relation = FieldPath { entity, relations: relations.to_vec(), field: last };
                facts.fields.entry(relation).or_insert_with(|| Value::Text("given".into()));
            }
            facts.fields.insert(path, value.clone());
        }
        let ago = |span: Window| window::ago(&program.client, zone, now, span);
        for happening in &self.events {
            let Some(id) = program.event(&happening.event) else { continue };
            let declared = program.events.get(id.index()).map(|event| event.fields.as_slice()).unwrap_or_default();
            let known = |(name, value): &&(SmolStr, Value)| {
                declared.iter().any(|field| field.name == *name && fits(&field.ty, value))
            };
            let fields = happening.facts.iter().filter(known).cloned().collect();
            let event = EventFact { event: id, at: ago(happening.ago), fields };
            facts.events.extend(std::iter::repeat_n(event, usize::try_from(happening.count).unwrap_or(0)));
        }
        facts.conversations.extend(self.said.iter().map(|(text, span)| Said { at: ago(*span), text: text.clone() }));
        facts
    }

    /// What is reported: everything, but what is silent.
    #[must_use]
    pub fn coverage(&self, program: &Program) -> Coverage {
        let ever = Reported { since: Timestamp::MIN, until: None };
        let events = (0..).zip(&program.events).filter(|(_, event)| !self.silent.contains(&Some(event.name.clone())));
        Coverage {
            events: events.map(|(id, _)| (compiler::program::EventId(id), ever)).collect(),
            conversations: (!self.silent.contains(&None)).then_some(ever),
        }
    }

    /// As a test that a playbook can take in. `expects` are its last lines, each with what stands behind it.
    #[must_use]
    pub fn test(&self, program: &Program, entity: EntityId, name: &str, expects: &[(String, String)]) -> String {
        let words = Words::new(program);
        let mut text = format!("test {} {{\n", quoted(name));
        let of = program.entities.get(entity.index()).map_or("contact", |entity| entity.table.as_str());
        let known: Vec<(Vec<SmolStr>, String)> = self
            .fields
            .iter()
            .filter_map(|(names, value)| {
                let (_, field) = resolve(program, entity, names)?;
                fits(&field.ty, value).then(|| (names.clone(), words.value(value, &field.ty)))
            })
            .collect();
        if !known.is_empty() {
            text.push_str(&format!("  given {of} {{ {} }}\n", given(&known, 0)));
        }
        for Happening { event, count, ago, facts } in &self.events {
            let Some(id) = program.event(event) else { continue };
            let fields = program.events.get(id.index()).map(|event| event.fields.as_slice()).unwrap_or_default();
            let facts: Vec<String> = facts
                .iter()
                .filter_map(|(name, value)| {
                    let field = fields.iter().find(|field| field.name == *name)?;
                    Some(format!("{name}: {}", words.value(value, &field.ty)))
                })
                .collect();
            let facts = if facts.is_empty() { String::new() } else { format!(" {{ {} }}", facts.join(", ")) };
            let count = if *count == 1 { String::new() } else { format!("{count} ") };
            text.push_str(&format!("  given {count}{event}{facts}, {ago} ago\n"));
        }
        for (said, ago) in &self.said {
            text.push_str(&format!("  given conversation {}, {ago} ago\n", quoted(said)));
        }
        let silent: Vec<String> = self
            .silent
            .iter()
            .filter(|event| event.as_ref().is_none_or(|event| program.event(event).is_some()))
            .map(|event| event.as_ref().map_or_else(|| "conversation".to_owned(), ToString::to_string))
            .collect();
        if !silent.is_empty() {
            text.push_str(&format!("  given silent {}\n", silent.join(", ")));
        }
        for (expects, behind) in expects {
            text.push_str(&format!("  expect {expects}"));
            if !behind.is_empty() {
                text.push_str(&format!("  // {behind}"));
            }
            text.push('\n');
        }
        text.push_str("}\n");
        language::format(&text).text
    }

    /// How much it gives.
    pub(super) fn size(&self) -> usize {
        self.fields.len()
            + self.events.iter().map(|event| event.count as usize + event.facts.len()).sum::<usize>()
            + self.said.len()
            + self.silent.len()
    }
}

/// Fields in nested blocks: `company { industry: construction }, country: "NZ"`.
fn given(known: &[(Vec<SmolStr>, String)], depth: usize) -> String {
    let mut parts = Vec::new();
    let mut done: Vec<&SmolStr> = Vec::new();
    for (names, value) in known {
        let Some(first) = names.get(depth) else { continue };
        if names.len() == depth + 1 {
            parts.push(format!("{first}: {value}"));
        } else if !done.contains(&first) {
            done.push(first);
            let within: Vec<(Vec<SmolStr>, String)> = known
                .iter()
                .filter(|(other, _)| other.len() > depth + 1 && other.get(depth) == Some(first))
                .cloned()
                .collect();
            parts.push(format!("{first} {{ {} }}", given(&within, depth + 1)));
        }
    }
    parts.join(", ")
}

/// The path of names in a Program; none where it has no such field.
pub(super) fn resolve<'p>(program: &'p Program, entity: EntityId, names: &[SmolStr]) -> Option<(FieldPath, &'p Field)> {
    let (last, relations) = names.split_last()?;
    let mut path = FieldPath { entity, relations: Vec::new(), field: FieldId(0) };
    let mut of = program.entities.get(entity.index())?;
    let find = |of: &'p compiler::program::Entity, name: &SmolStr| {
        (0..).zip(&of.fields).find(|(_, field)| field.name == *name).map(|(id, field)| (FieldId(id), field))
    };
    for name in relations {
        let (id, field) = find(of, name)?;
        let Type::Record(next) = field.ty else { return None };
        path.relations.push(id);
        of = program.entities.get(next.index())?;
    }
    let (id, field) = find(of, last)?;
    path.field = id;
    Some((path, field))
}

/// The names of a path.
pub(super) fn names(program: &Program, path: &FieldPath) -> Option<Vec<SmolStr>> {
    let mut of = program.entities.get(path.entity.index())?;
    let mut names = Vec::new();
    for step in &path.relations {
        let field = of.fields.get(step.index())?;
        names.push(field.name.clone());
        let Type::Record(next) = field.ty else { return None };
        of = program.entities.get(next.index())?;
    }
    names.push(of.fields.get(path.field.index())?.name.clone());
    Some(names)
}

/// Whether a value is one of a type: a word that a field no longer lists is missing for who reads it.
pub(super) fn fits(ty: &Type, value: &Value) -> bool {
    match (ty, value) {
        (Type::Text, Value::Text(_)) | (Type::YesNo, Value::YesNo(_)) => true,
        (Type::OneOf(words), Value::Text(text)) => words.contains(text),
        (Type::List(of), Value::List(list)) => match of.as_ref() {
            Type::OneOf(words) => list.iter().all(|text| words.contains(text)),
            _ => true,
        },
        (Type::Number | Type::Percent | Type::Money | Type::Duration | Type::Date | Type::Score, Value::Number(_)) => {
            true
        }
        _ => false,
    }
}
