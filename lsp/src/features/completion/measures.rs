//! What a goal measures, and what has become of it.

use tower_lsp::ls_types::CompletionItemKind as Kind;

use super::offer::Offer;
use super::proposal::Proposal;
use super::world::table;

/// A workflow or its stage, an event, a score, a field of a record, what was spent.
pub(super) fn measured(offer: &mut Offer<'_>) {
    let world = offer.world;
    match offer.qualifier {
        [] => {
            offer.workflows();
            offer.scores(None);
            for entity in world.entities() {
                let declared = (entity.file, entity.what.span);
                offer.label(table(&entity.what.text), declared, Kind::STRUCT, "record".to_owned());
            }
            offer.push(Proposal { detail: "what actions cost".to_owned(), ..Proposal::word("spend") });
        }
        [first, rest @ ..] if world.workflow(first).is_some() => {
            if rest.is_empty() {
                offer.stages(first);
            }
            return;
        }
        [first, rest @ ..] => {
            if let Some(entity) = world.entity(first) {
                let whole = std::mem::replace(&mut offer.qualifier, rest);
                for field in world.fields(entity) {
                    let detail = world.type_text(field.file, &field.what.ty);
                    let declared = (field.file, field.what.name.span);
                    offer.label(field.what.name.dotted().to_string(), declared, Kind::FIELD, detail);
                }
                offer.qualifier = whole;
            }
        }
    }
    offer.events();
}

/// `done`, `hot`
pub(super) fn state(offer: &mut Offer<'_>, path: &[&str]) {
    let world = offer.world;
    match path {
        [score] if world.score(score).is_some() => {
            let route = world.score(score).and_then(|score| score.what.body.route.as_ref());
            let file = world.score(score).map(|score| score.file).unwrap_or_default();
            for line in route.iter().flat_map(|route| &route.lines) {
                offer.name(&line.label, file, Kind::ENUM_MEMBER, format!("route of {score}"));
            }
        }
        [workflow, ..] if world.workflow(workflow).is_some() => {
            for word in ["done", "entered"] {
                offer.push(Proposal::word(word));
            }
        }
        _ => {}
    }
}
