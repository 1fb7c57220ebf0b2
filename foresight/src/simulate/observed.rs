//! What the log of a world shows: read as the log of a CRM is, by the same figures.

use std::collections::BTreeMap;

use compiler::program::{EventId, Measure, Value};
use jiff::{SignedDuration, Timestamp};
use runtime::crm::log::Logged;
use runtime::metrics::Observed;
use runtime::metrics::journal::Journal;

use super::setting::Setting;
use super::store::Store;

/// The number of the week that an instant is in, from 0.
pub(super) fn week_of(setting: &Setting, at: Timestamp) -> usize {
    let week = SignedDuration::from_hours(24 * 7).as_secs();
    usize::try_from(at.duration_since(setting.from).as_secs() / week).unwrap_or(0)
}

/// What goals and kill signals are measured by.
pub(super) fn observed(setting: &Setting, store: &Store<'_>, log: &[Logged], now: Timestamp) -> Observed {
    let program = &setting.book.program;
    let mut happened: BTreeMap<EventId, BTreeMap<i64, Vec<Timestamp>>> = BTreeMap::new();
    // What a buyer brings along from before is no work of the scenario's, however near it lies.
    for event in store.events.iter().filter(|event| event.at <= now && !event.is_history) {
        happened.entry(event.event).or_default().entry(event.contact).or_default().push(event.at);
    }
    for times in happened.values_mut().flat_map(BTreeMap::values_mut) {
        times.sort_unstable();
    }
    let mut values = BTreeMap::new();
    for goal in &program.goals {
        let Measure::Sum { field, .. } = &goal.measure else { continue };
        if Some(field.entity) != setting.book.deal || !field.relations.is_empty() {
            continue;
        }
        let of = |(number, deal): (i64, &super::store::Deal)| {
            let value = deal.fields.iter().find(|(known, _)| *known == field.field);
            value.and_then(|(_, value)| match value {
                Value::Number(value) => Some((number, *value)),
                _ => None,
            })
        };
        values.insert(field.clone(), (1..).zip(&store.deals).filter_map(of).collect());
    }
    Observed {
        journal: Journal::of(log, now, &setting.book.zone),
        happened,
        values,
        coverage: setting.coverage.clone(),
    }
}
