//! What the CRM knows of a record, field by field, as far as an agent may read it.

use std::ops::ControlFlow;

use compiler::program::{AgentId, EntityId, FieldPath, Value};
use jiff::Timestamp;
use smol_str::{SmolStr, format_smolstr};

use super::{Book, RunError};
use crate::agents::{Direction, EvidenceId, Heard};
use crate::crm::{Cell, Conversation, Crm, EventRow, Needs, RecordId, Visitor};
use crate::shell::{Known, hears, readable};

/// Reads a record and those it belongs to, one step away; `reader` none is a person, who may read everything.
pub(super) fn known(
    crm: &Crm,
    book: &Book,
    entity: EntityId,
    id: RecordId,
    reader: Option<AgentId>,
) -> Result<Known, RunError> {
    let fields = readable(book, entity, reader);
    let needs = Needs { fields: fields.clone(), conversations: hears(book, reader), ..Needs::default() };
    let mut collector = Collector { fields: &fields, values: Vec::new(), said: Vec::new() };
    crm.visit_one(&book.program, entity, &needs, id, &mut collector)?;
    let Collector { values, said, .. } = collector;
    let value = |place: usize| values.iter().find(|(slot, _)| *slot == place).map(|(_, value)| value.clone());
    let mut known = Known::of(book, fields.clone(), |place, _| value(place));
    known.said = said;
    Ok(known)
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
