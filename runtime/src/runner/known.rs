//! What is known of a record, field by field, as far as an agent may read it.

use std::ops::ControlFlow;

use compiler::program::{AgentId, EntityId, FieldId, FieldPath, Type, Value};
use jiff::Timestamp;
use smol_str::{SmolStr, format_smolstr};

use super::{Book, RunError};
use crate::agents::{self, Direction, EvidenceId, Given, Heard};
use crate::crm::{Cell, Conversation, Crm, EventRow, Needs, RecordId, Visitor};

/// What an agent may know of a record.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub(super) facts: Vec<Given>,
    pub(super) said: Vec<Heard>,
    /// Fields that it may read and that are missing.
    pub(super) missing: Vec<FieldPath>,
}

/// Reads a record and those it belongs to, one step away; `reader` none is a person, who may read everything.
pub(super) fn known(
    crm: &Crm,
    book: &Book,
    entity: EntityId,
    id: RecordId,
    reader: Option<AgentId>,
) -> Result<Known, RunError> {
    let fields = readable(book, entity, reader);
    let hears = reader.is_none_or(|agent| {
        let activity = book.program.entity("Activity");
        activity.is_some_and(|activity| book.gate.reads(agent, activity, None).is_allowed())
    });
    let needs = Needs { fields: fields.clone(), conversations: hears, ..Needs::default() };
    let mut collector = Collector { fields: &fields, values: Vec::new(), said: Vec::new() };
    crm.visit_one(&book.program, entity, &needs, id, &mut collector)?;
    let Collector { values, said, .. } = collector;
    let mut known = Known { said, ..Known::default() };
    for (place, path) in fields.iter().enumerate() {
        let found = values.iter().find(|(slot, _)| *slot == place);
        let Some((_, value)) = found else {
            known.missing.push(path.clone());
            continue;
        };
        let ty = book.program.field(path).map_or(Type::Text, |field| field.ty.clone());
        let name = agents::path(&book.program, path);
        known.facts.push(Given {
            evidence: EvidenceId(format_smolstr!("crm:{name}")),
            words: agents::reads(value, &ty, &book.program.client.currency, &book.zone),
            path: name,
            value: value.clone(),
            observed: None,
        });
    }
    Ok(known)
}

/// The fields of a record and of those it belongs to that somebody may read. Relations themselves are no facts.
fn readable(book: &Book, entity: EntityId, reader: Option<AgentId>) -> Vec<FieldPath> {
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

struct Collector<'f> {
    fields: &'f [FieldPath],
    values: Vec<(usize, Value)>,
    said: Vec<Heard>,
}

impl Visitor for Collector<'_> {
    fn record(&mut self, _: RecordId) {}

    fn field(&mut self, slot: usize, value: Cell<'_>) {
        if slot < self.fields.len()
            && let Some(value) = value.to_value()
        {
            self.values.push((slot, value));
        }
    }

    fn observed(&mut self, _: usize, _: i64) {}

    fn event(&mut self, _: EventRow<'_>) {}

    fn conversation(&mut self, said: Conversation<'_>) {
        let number = self.said.len() + 1;
        self.said.push(Heard {
            id: EvidenceId(format_smolstr!("said:{number}")),
            at: Timestamp::from_microsecond(said.at).unwrap_or_default(),
            direction: Direction::Inbound,
            subject: None,
            text: SmolStr::from(said.text),
        });
    }

    fn end(&mut self) -> ControlFlow<()> {
        ControlFlow::Break(())
    }
}
