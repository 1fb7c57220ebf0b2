//! Rows to events: which, whose, when, and with which facts.

use std::collections::HashMap;

use compiler::program::{EntityId, Event, EventId, FieldId, Fixed, MappingTarget, Value};
use jiff::Timestamp;
use smol_str::SmolStr;

use super::ImportError;
use super::convert::{Problem, folded};
use super::plan::Plan;
use super::relation::{Relation, Resolved, text};
use super::report::Related;
use super::row::{Outcome, RowReader};
use super::rows::Row;
use crate::crm::{EventWrite, RecordId, Refused, Writer, Written, facts_json};

/// A day, in microseconds: clocks and time zones differ by less.
const DAY: i64 = 86_400_000_000;

/// What a column of the file is for.
enum Slot {
    Name,
    Contact,
    At,
    ExternalId,
    Fact(SmolStr),
}

/// Writes the rows of one file as events.
pub(super) struct Events {
    slots: Vec<Slot>,
    event: Option<EventId>,
    keyed: bool,
    contact: Relation,
    /// By name, folded.
    names: HashMap<String, EventId>,
    /// Of the row at hand.
    facts: Vec<(SmolStr, Value)>,
    pub(super) created: u64,
    pub(super) repeated: u64,
    /// Later than this is in the future, in microseconds.
    latest: i64,
    pub(super) future: u64,
}

/// The row's parts beside its facts.
#[derive(Default)]
struct Parts {
    keys: Vec<Value>,
    contact: usize,
    at: Option<i64>,
    external_id: Option<SmolStr>,
}

impl Events {
    pub(super) fn new(
        plan: &Plan<'_>,
        writer: &mut Writer<'_>,
        event: Option<EventId>,
        keyed: bool,
        now: Timestamp,
    ) -> Result<Self, ImportError> {
        let program = plan.program;
        let contact: EntityId = program.entity("Contact").ok_or_else(|| plan.broken("there are no contacts"))?;
        let mut slots = Vec::new();
        let mut by: Option<(FieldId, bool)> = None;
        for bound in &plan.bound {
            slots.push(match &bound.mapping.target {
                MappingTarget::EventName => Slot::Name,
                MappingTarget::EventContact { by: field, create } => {
                    by = Some((*field, *create));
                    Slot::Contact
                }
                MappingTarget::EventAt => Slot::At,
                MappingTarget::EventExternalId => Slot::ExternalId,
                MappingTarget::EventField(name) => Slot::Fact(name.clone()),
                _ => return Err(plan.broken("an event has no fields of a record")),
            });
        }
        let (field, create) = by.ok_or_else(|| plan.broken("nothing says whose events they are"))?;
        let declared = plan.field(contact, field)?;
        let names = program.events.iter().zip(0..).map(|(event, index)| (folded(&event.name), EventId(index)));
        Ok(Self {
            slots,
            event,
            keyed,
            contact: Relation::new(program, writer, contact, (field, declared), create, &[])?,
            names: names.collect(),
            facts: Vec::new(),
            created: 0,
            repeated: 0,
            latest: now.as_microsecond().saturating_add(DAY),
            future: 0,
        })
    }

    /// Writes one row.
    pub(super) fn row(
        &mut self,
        reader: &mut RowReader<'_>,
        writer: &mut Writer<'_>,
        row: &Row,
    ) -> Result<Outcome, ImportError> {
        let (parts, event) = match self.read(reader, row) {
            Ok(read) => read,
            Err(outcome) => return Ok(outcome),
        };
        let Some(at) = parts.at.filter(|_| reader.problems.is_empty()) else { return Ok(Outcome::Rejected) };
        let program = reader.plan.program;
        let Some(declared) = program.events.get(event.index()) else { return Ok(Outcome::Rejected) };
        if self.lacks(reader, declared) {
            return Ok(Outcome::Rejected);
        }
        if self.contact.is_forgotten(writer, &parts.keys)? {
            return Ok(Outcome::Erased);
        }
        let Some(contact) = self.contact_of(reader, writer, row, &parts)? else { return Ok(Outcome::Rejected) };
        let facts = facts_json::write(declared, &self.facts);
        let external_id = parts.external_id.as_deref().filter(|_| self.keyed);
        let write = EventWrite { contact, event, at, facts: facts.as_deref(), external_id };
        match writer.event(program, write)? {
            Written::Created(_) => self.created += 1,
            _ => self.repeated += u64::from(writer.last_was_made_here()),
        }
        self.future += u64::from(at > self.latest);
        Ok(Outcome::Taken)
    }

    pub(super) fn related(&self) -> Vec<Related> {
        let created = self.contact.created;
        if created == 0 { Vec::new() } else { vec![Related { what: "contact".into(), created, updated: 0 }] }
    }

    fn read(&mut self, reader: &mut RowReader<'_>, row: &Row) -> Result<(Parts, EventId), Outcome> {
        let mut parts = Parts::default();
        self.facts.clear();
        let mut event = self.event;
        for (index, slot) in self.slots.iter().enumerate() {
            match slot {
                Slot::Name => {
                    match reader.fact(index, row).map(|name| text(&name)) {
                        Some(name) => match self.names.get(&folded(&name)) {
                            Some(found) => event = Some(*found),
                            None => {
                                let reason = format!(
                                    "`{name}` is no event of the playbook: say `\"{name}\" means …`, or `others mean missing` to leave such rows out"
                                );
                                reader.problem(Some(index), Problem::new("event", reason));
                            }
                        },
                        None if reader.cell(index, row).trim().is_empty() => {
                            reader.problem(
                                Some(index),
                                Problem::new("event", "the cell is empty, so nobody knows what happened".into()),
                            );
                        }
                        // The source says that such a cell means missing: such rows are none of ours.
                        None => return Err(Outcome::Skipped),
                    }
                }
                Slot::Contact => {
                    parts.contact = index;
                    parts.keys = reader.keys(index, row);
                    if parts.keys.is_empty() && reader.problems.is_empty() {
                        reader.problem(
                            Some(index),
                            Problem::new("contact", "the cell is empty, and an event is somebody's".into()),
                        );
                    }
                }
                Slot::At => match reader.value(index, row) {
                    Some(Value::Number(Fixed(micros))) => parts.at = Some(micros),
                    _ if reader.problems.is_empty() => {
                        reader.problem(
                            Some(index),
                            Problem::new("at", "the cell is empty, and an event has a time".into()),
                        );
                    }
                    _ => {}
                },
                Slot::ExternalId => {
                    parts.external_id = reader.value(index, row).map(|id| text(&id));
                    if self.keyed && parts.external_id.is_none() && reader.problems.is_empty() {
                        reader.problem(
                            Some(index),
                            Problem::new("key", "the cell is empty, and rows are known again by it".into()),
                        );
                    }
                }
                Slot::Fact(name) => {
                    if let Some(value) = reader.fact(index, row) {
                        self.facts.push((name.clone(), value));
                    }
                }
            }
        }
        event.map(|event| (parts, event)).ok_or(Outcome::Rejected)
    }

    /// Whether a fact that this event never lacks is missing.
    fn lacks(&self, reader: &mut RowReader<'_>, event: &Event) -> bool {
        let missing = event.fields.iter().find(|field| {
            !field.optional
                && !super::records::may_be_empty(&field.ty)
                && !self.facts.iter().any(|(name, _)| *name == field.name)
        });
        if let Some(field) = missing {
            let reason = format!("`{}` has no `{}`, and such an event is never without it", event.name, field.name);
            reader.problem(None, Problem::new("fact", reason));
        }
        missing.is_some()
    }

    fn contact_of(
        &mut self,
        reader: &mut RowReader<'_>,
        writer: &mut Writer<'_>,
        row: &Row,
        parts: &Parts,
    ) -> Result<Option<RecordId>, ImportError> {
        let index = parts.contact;
        let cell = reader.cell(index, row);
        let by = self.contact.by.clone();
        match self.contact.resolve(writer, &parts.keys)? {
            Resolved::Known(id) => return Ok(Some(id)),
            Resolved::ToMake(key) => match self.contact.make(writer, key.clone(), &[])? {
                Ok(id) => {
                    self.contact.made(&key, id);
                    return Ok(Some(id));
                }
                Err(Refused(reason)) => reader.problem(Some(index), Problem::new("refused", reason)),
            },
            Resolved::Dangling | Resolved::Nothing => {
                let reason = format!("no contact has the {by} `{}`, so the event is nobody's", cell.trim());
                reader.dangling(Some(index), cell);
                reader.problem(Some(index), Problem::new("nobody", reason));
            }
            Resolved::Ambiguous => {
                let reason =
                    format!("several contacts have the {by} `{}`: whose event it is nobody can tell", cell.trim());
                reader.ambiguous(index, cell);
                reader.problem(Some(index), Problem::new("nobody", reason));
            }
        }
        Ok(None)
    }
}
