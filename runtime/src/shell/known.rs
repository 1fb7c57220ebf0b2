//! What is known of a record, field by field, as far as an agent may read it.

use compiler::program::{AgentId, EntityId, FieldId, FieldPath, Type, Value};
use smol_str::format_smolstr;

use crate::agents::{self, EvidenceId, Given, Heard};
use crate::runner::Book;

/// What an agent may know of a record.
#[derive(Debug, Default)]
pub struct Known {
    /// Each with what it rests on.
    pub facts: Vec<Given>,
    /// What was said, where the agent may hear it.
    pub said: Vec<Heard>,
    /// Fields that it may read and that are missing.
    pub missing: Vec<FieldPath>,
}

impl Known {
    /// What readable fields hold: a value for each that is known.
    #[must_use]
    pub fn of(book: &Book, fields: Vec<FieldPath>, mut value: impl FnMut(usize, &FieldPath) -> Option<Value>) -> Self {
        let mut known = Self::default();
        for (place, path) in fields.into_iter().enumerate() {
            let Some(value) = value(place, &path) else {
                known.missing.push(path);
                continue;
            };
            let ty = book.program.field(&path).map_or(Type::Text, |field| field.ty.clone());
            let name = agents::path(&book.program, &path);
            known.facts.push(Given {
                evidence: EvidenceId(format_smolstr!("crm:{name}")),
                words: agents::reads(&value, &ty, &book.program.client.currency, &book.zone),
                path: name,
                value,
                observed: None,
            });
        }
        known
    }
}

/// Whether an agent hears what was said; a person does.
#[must_use]
pub fn hears(book: &Book, reader: Option<AgentId>) -> bool {
    reader.is_none_or(|agent| {
        let activity = book.program.entity("Activity");
        activity.is_some_and(|activity| book.gate.reads(agent, activity, None).is_allowed())
    })
}

/// The fields of a record and of those it belongs to that somebody may read. Relations themselves are no facts.
#[must_use]
pub fn readable(book: &Book, entity: EntityId, reader: Option<AgentId>) -> Vec<FieldPath> {
    let mut fields = Vec::new();
    let mut of = |relations: Vec<FieldId>, at: EntityId| {
        let Some(declared) = book.program.entities.get(at.index()) else { return };
        for (number, field) in (0..).zip(&declared.fields) {
            let id = FieldId(number);
            let is_seen = reader.is_none_or(|agent| book.gate.reads(agent, at, Some(id)).is_allowed());
            if is_seen && !matches!(field.ty, Type::Record(_)) && field.name != "external_id" {
                fields.push(FieldPath { entity, relations: relations.clone(), field: id });
            }
        }
    };
    of(Vec::new(), entity);
    let relations =
        book.program.entities.get(entity.index()).map(|entity| entity.fields.as_slice()).unwrap_or_default();
    for (number, field) in (0..).zip(relations) {
        // Whose record it is is no business of a text.
        if let Type::Record(next) = field.ty
            && field.name != "owner"
        {
            of(vec![FieldId(number)], next);
        }
    }
    fields
}
