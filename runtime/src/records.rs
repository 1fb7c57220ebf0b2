//! The CRM's records shown to the scorer: the one place that knows both. It reads no more than the scorer asks for.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use compiler::program::{EntityId, Event, FieldPath, Program, Value};
use jiff::Timestamp;
use smol_str::SmolStr;

use crate::crm::{self, Cell, Conversation, Crm, CrmError, EventRow, RecordId, Visitor, facts_json};
use crate::facts::{EventFact, Facts, Said};
use crate::score::{FieldValue, Needs, RowBuilder, Scorer};

/// Shows every record of an entity, in the order of their ids: the builder holds what is known of it, to be finished as a row
/// or into a batch. With words, rows can be explained.
///
/// # Errors
/// Where the database cannot be read, or holds what cannot be understood.
pub fn visit(
    crm: &Crm,
    scorer: &Scorer,
    entity: EntityId,
    words: bool,
    each: impl FnMut(RecordId, &mut RowBuilder<'_>) -> ControlFlow<()>,
) -> Result<(), CrmError> {
    let Some(mut feeder) = Feeder::new(scorer, entity, words, each) else { return Ok(()) };
    crm.visit(scorer.program(), entity, &feeder.wanted.clone(), &mut feeder)
}

/// What is known of one record; none where there is none.
///
/// # Errors
/// As [`visit`].
pub fn facts(crm: &Crm, scorer: &Scorer, entity: EntityId, id: RecordId) -> Result<Option<Facts>, CrmError> {
    // Others than the scores may ask these facts, with windows of their own.
    let wanted = crm::Needs { after: BTreeMap::new(), ..wanted(&scorer.needs(entity), entity) };
    known(crm, scorer.program(), entity, &wanted, id)
}

/// What is known of one record of all that is needed, whatever a scorer asks for; none where there is none.
///
/// # Errors
/// As [`visit`].
pub fn known(
    crm: &Crm,
    program: &Program,
    entity: EntityId,
    needs: &crm::Needs,
    id: RecordId,
) -> Result<Option<Facts>, CrmError> {
    let mut found = None;
    let mut collector = Collector::new(program, needs, |_, facts| {
        found = Some(facts);
        ControlFlow::Break(())
    });
    crm.visit_one(program, entity, needs, id, &mut collector)?;
    Ok(found)
}

/// The same of every record of an entity, in the order of their ids.
///
/// # Errors
/// As [`visit`].
pub fn each(
    crm: &Crm,
    program: &Program,
    entity: EntityId,
    needs: &crm::Needs,
    each: impl FnMut(RecordId, Facts) -> ControlFlow<()>,
) -> Result<(), CrmError> {
    crm.visit(program, entity, needs, &mut Collector::new(program, needs, each))
}

/// The scorer's fields first; behind them the relations that it walks, asked for as fields: whether there is one.
fn wanted(needs: &Needs, entity: EntityId) -> crm::Needs {
    let relations = needs.relations.iter().filter_map(|relation| {
        let (field, relations) = relation.split_last()?;
        Some(FieldPath { entity, relations: relations.to_vec(), field: *field })
    });
    crm::Needs {
        fields: needs.fields.iter().map(|needed| needed.path.clone()).chain(relations).collect(),
        fresh: needs.fields.iter().filter(|needed| needed.observed).map(|needed| needed.path.clone()).collect(),
        events: needs.events.iter().map(|needed| needed.event).collect(),
        after: needs.events.iter().filter_map(|needed| Some((needed.event, needed.after?.as_microsecond()))).collect(),
        conversations: needs.conversations,
    }
}

/// Hands on to a [`RowBuilder`] what the CRM shows.
struct Feeder<'s, F> {
    program: &'s Program,
    needs: Needs,
    wanted: crm::Needs,
    builder: RowBuilder<'s>,
    id: RecordId,
    /// Of the event at hand.
    facts: Vec<(SmolStr, Value)>,
    each: F,
}

impl<'s, F> Feeder<'s, F> {
    fn new(scorer: &'s Scorer, entity: EntityId, words: bool, each: F) -> Option<Self> {
        let needs = scorer.needs(entity);
        let wanted = wanted(&needs, entity);
        let builder = scorer.builder(entity, words)?;
        Some(Self { program: scorer.program(), needs, wanted, builder, id: RecordId(0), facts: Vec::new(), each })
    }
}

impl<F: FnMut(RecordId, &mut RowBuilder<'_>) -> ControlFlow<()>> Visitor for Feeder<'_, F> {
    fn record(&mut self, id: RecordId) {
        self.id = id;
    }

    fn field(&mut self, slot: usize, value: Cell<'_>) {
        if let Some(relation) = slot.checked_sub(self.needs.fields.len()) {
            self.builder.related(relation);
            return;
        }
        match value {
            Cell::Number(number) => self.builder.field(slot, FieldValue::Number(number)),
            Cell::Text(text) => self.builder.field(slot, FieldValue::Text(text)),
            Cell::YesNo(yes) => self.builder.field(slot, FieldValue::YesNo(yes)),
            Cell::List(_) => {
                if let Some(Value::List(items)) = value.to_value() {
                    self.builder.field(slot, FieldValue::List(&items));
                }
            }
        }
    }

    fn observed(&mut self, slot: usize, at: i64) {
        if let Ok(at) = Timestamp::from_microsecond(at) {
            self.builder.observed(slot, at);
        }
    }

    fn event(&mut self, row: EventRow<'_>) {
        let Some(needed) = self.needs.events.iter().find(|needed| needed.event == row.event) else { return };
        self.facts.clear();
        if let (Some(json), Some(event)) = (row.facts, self.program.events.get(row.event.index()))
            && !needed.fields.is_empty()
        {
            read_facts(event, &needed.fields, json, &mut self.facts);
        }
        self.builder.event(row.event, row.at, &self.facts);
    }

    fn conversation(&mut self, said: Conversation<'_>) {
        self.builder.said(said.at, said.text);
    }

    fn end(&mut self) -> ControlFlow<()> {
        (self.each)(self.id, &mut self.builder)
    }
}

/// Hands on each record's facts, collected.
struct Collector<'s, F> {
    program: &'s Program,
    fields: &'s [FieldPath],
    id: RecordId,
    facts: Facts,
    each: F,
}

impl<'s, F> Collector<'s, F> {
    fn new(program: &'s Program, needs: &'s crm::Needs, each: F) -> Self {
        Self { program, fields: &needs.fields, id: RecordId(0), facts: Facts::default(), each }
    }
}

impl<F: FnMut(RecordId, Facts) -> ControlFlow<()>> Visitor for Collector<'_, F> {
    fn record(&mut self, id: RecordId) {
        self.id = id;
    }

    fn field(&mut self, slot: usize, value: Cell<'_>) {
        if let (Some(path), Some(value)) = (self.fields.get(slot), value.to_value()) {
            self.facts.fields.insert(path.clone(), value);
        }
    }

    fn observed(&mut self, slot: usize, at: i64) {
        if let (Some(path), Ok(at)) = (self.fields.get(slot), Timestamp::from_microsecond(at)) {
            self.facts.observed.insert(path.clone(), at);
        }
    }

    fn event(&mut self, row: EventRow<'_>) {
        let declared = self.program.events.get(row.event.index());
        let fields = row.facts.zip(declared).map(|(json, event)| facts_json::read(event, json)).unwrap_or_default();
        if let Ok(at) = Timestamp::from_microsecond(row.at) {
            self.facts.events.push(EventFact { event: row.event, at, fields });
        }
    }

    fn conversation(&mut self, said: Conversation<'_>) {
        if let Ok(at) = Timestamp::from_microsecond(said.at) {
            self.facts.conversations.push(Said { at, text: said.text.into() });
        }
    }

    fn end(&mut self) -> ControlFlow<()> {
        (self.each)(self.id, std::mem::take(&mut self.facts))
    }
}

fn read_facts(event: &Event, wanted: &[SmolStr], json: &str, facts: &mut Vec<(SmolStr, Value)>) {
    facts_json::scan(json, |name, raw| {
        if wanted.iter().any(|wanted| wanted == name)
            && let Some(field) = event.fields.iter().find(|field| field.name == name)
            && let Some(value) = raw.value(&field.ty)
        {
            facts.push((field.name.clone(), value));
        }
    });
}
