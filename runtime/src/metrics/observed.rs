//! What is measured: the journal, what happened, what records are worth, and which events are reported at all. Read once, for an
//! instant; whatever measures it reads nothing more.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use compiler::program::{Counted, EventId, FieldPath, Fixed, Measure, Program, raised_by};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::journal::Journal;
use crate::crm::log::LogError;
use crate::crm::{Cell, Conversation, Crm, EventRow, Needs, RecordId, Visitor};
use crate::facts::Coverage;

/// What is measured.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Observed {
    /// The log, folded.
    pub journal: Journal,
    /// When an event happened, by contact, the oldest first.
    pub happened: BTreeMap<EventId, BTreeMap<i64, Vec<Timestamp>>>,
    /// What a field says of each record, as it is now; records of which it is unknown are not there.
    pub values: BTreeMap<FieldPath, BTreeMap<i64, Fixed>>,
    /// Which events are reported, and since when.
    pub coverage: Coverage,
}

impl Observed {
    /// Reads what the goals, kill signals and scores of a playbook need, up to an instant.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn read(crm: &Crm, program: &Program, zone: &TimeZone, now: Timestamp) -> Result<Self, LogError> {
        let mut observed =
            Self { journal: Journal::read(crm, now, zone)?, coverage: crm.coverage(program)?, ..Self::default() };
        for id in events(program) {
            let Some(event) = program.events.get(id.index()) else { continue };
            let by_contact: &mut BTreeMap<i64, Vec<Timestamp>> = observed.happened.entry(id).or_default();
            for (contact, at) in crm.happened(&event.name, now)? {
                by_contact.entry(contact.0).or_default().push(at);
            }
        }
        for goal in &program.goals {
            let Measure::Sum { field, .. } = &goal.measure else { continue };
            let needs = Needs { fields: vec![field.clone()], ..Needs::default() };
            let mut values = Values::default();
            crm.visit(program, field.entity, &needs, &mut values)?;
            observed.values.insert(field.clone(), values.found);
        }
        Ok(observed)
    }

    /// Whether an event happened to a contact after one instant and no later than another.
    #[must_use]
    pub fn has_happened(&self, event: EventId, contact: i64, after: Timestamp, until: Timestamp) -> bool {
        let times = self.happened.get(&event).and_then(|by_contact| by_contact.get(&contact));
        times.is_some_and(|times| times.iter().any(|at| *at > after && *at <= until))
    }

    /// Whether whatever happened of an event between two instants is known: a source reports it, or the engine itself does it.
    #[must_use]
    pub fn knows(&self, program: &Program, event: EventId, from: Timestamp, until: Timestamp) -> bool {
        let name = program.events.get(event.index()).map(|event| event.name.as_str()).unwrap_or_default();
        let is_ours = program.actions.iter().any(|action| raised_by(&action.name).contains(&name));
        let reported = self.coverage.events.get(&event);
        is_ours
            || reported.is_some_and(|reported| reported.since <= from && reported.until.is_none_or(|end| end >= until))
    }
}

/// The events that goals, kill signals and outcomes are about.
fn events(program: &Program) -> BTreeSet<EventId> {
    let mut events: BTreeSet<EventId> =
        program.scores.iter().filter_map(|score| Some(score.kill.as_ref()?.event)).collect();
    events.extend(super::decisions::events(program));
    for goal in &program.goals {
        let counted = match &goal.measure {
            Measure::Count { of, .. } | Measure::SpendPer { each: of, .. } => Some(of),
            Measure::Share { of, with, .. } => {
                events.insert(*with);
                Some(of)
            }
            Measure::Growth { of, .. } => {
                events.insert(*of);
                None
            }
            Measure::Sum { .. } | Measure::Maturity(_) => None,
        };
        if let Some(Counted::Event(event)) = counted {
            events.insert(*event);
        }
    }
    events
}

/// Keeps one field of every record.
#[derive(Default)]
struct Values {
    record: i64,
    found: BTreeMap<i64, Fixed>,
}

impl Visitor for Values {
    fn record(&mut self, id: RecordId) {
        self.record = id.0;
    }

    fn field(&mut self, _: usize, value: Cell<'_>) {
        if let Cell::Number(value) = value {
            self.found.insert(self.record, value);
        }
    }

    fn observed(&mut self, _: usize, _: i64) {}

    fn event(&mut self, _: EventRow<'_>) {}

    fn conversation(&mut self, _: Conversation<'_>) {}

    fn end(&mut self) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}
