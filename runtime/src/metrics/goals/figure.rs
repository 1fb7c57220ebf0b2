//! Counts, shares, sums and maturity, as figures with what is odd about them.

use std::collections::BTreeMap;

use compiler::program::{Counted, EventId, FieldPath, Fixed, Maturity, WorkflowId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::counted::instances;
use super::{Measuring, Reading, Verdict};
use crate::metrics::period::Span;
use crate::metrics::statistics::{Interval, garwood, wilson};

/// What was measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// What it counts.
    pub unit: Unit,
    /// How much; none where there is nothing to measure.
    pub value: Option<Fixed>,
    /// In the same unit; of a period that is not over, of the whole period at the rate so far. None where none can be justified.
    pub interval: Option<Interval>,
    /// Of so many: whom a share is of, for how many money was spent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<u64>,
    /// It can only grow: the period is not over, or not all is known.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub at_least_so_much: bool,
    /// It stands for what the workflow does as a rule, and is nothing without an interval.
    #[serde(skip)]
    pub is_estimate: bool,
    /// What is missing, odd, or why there is nothing to measure.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// What a figure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "they are what they are called")]
pub enum Unit {
    Times,
    Percent,
    Money,
    Workflows,
    /// Percent of one period less percent of another.
    Points,
}

impl Figure {
    pub(super) const fn of(unit: Unit) -> Self {
        Self {
            unit,
            value: None,
            interval: None,
            of: None,
            at_least_so_much: false,
            is_estimate: false,
            notes: Vec::new(),
        }
    }

    pub(super) fn undefined(unit: Unit, why: impl Into<String>) -> Self {
        Self { notes: vec![why.into()], ..Self::of(unit) }
    }
}

/// A number of things.
pub(super) fn fixed(count: u64) -> Fixed {
    Fixed::from_integer(i64::try_from(count).unwrap_or(i64::MAX))
}

/// What of a period is so far: up to now where it is not over.
fn so_far(measuring: Measuring<'_>, span: Span) -> (Timestamp, bool) {
    (span.until.min(measuring.now), span.until <= measuring.now)
}

/// Notes that an event is not reported over a period, if it is not.
pub(super) fn unreported(
    measuring: Measuring<'_>,
    event: EventId,
    from: Timestamp,
    until: Timestamp,
) -> Option<String> {
    if measuring.observed.knows(measuring.program, event, from, until) {
        return None;
    }
    let name = measuring.program.events.get(event.index()).map(|event| event.name.as_str()).unwrap_or_default();
    Some(format!("no source reports `{name}` over all of this time, so there may be more"))
}

pub(super) fn count(measuring: Measuring<'_>, of: &Counted, span: Span) -> Figure {
    let found = instances(measuring, of, span).len() as u64;
    let (until, _) = so_far(measuring, span);
    let missing = match of {
        Counted::Event(event) => unreported(measuring, *event, span.from, until),
        _ => None,
    };
    if found == 0
        && let Some(why) = missing
    {
        return Figure::undefined(Unit::Times, why);
    }
    let elapsed = span.elapsed(measuring.now);
    // Before it began the playbook did nothing: as a rule that may be as much as since then, or as little as in all of the time.
    let before = match of {
        Counted::Event(_) => 0.0,
        _ => measuring.observed.journal.began.map_or(0.0, |began| span.elapsed(began)),
    };
    let since = elapsed - before;
    // Of no time at all there is no rate.
    let interval = garwood(found).filter(|_| since > 0.0);
    let interval = interval.map(|ends| Interval { low: ends.low / elapsed, high: ends.high / since });
    Figure {
        value: Some(fixed(found)),
        interval,
        is_estimate: true,
        at_least_so_much: missing.is_some(),
        notes: missing.into_iter().collect(),
        ..Figure::of(Unit::Times)
    }
}

/// Of each contact the first instance counts: what follows it follows the others too, and they are not independent.
pub(super) fn share(measuring: Measuring<'_>, of: &Counted, with: EventId, span: Span) -> Figure {
    let found = instances(measuring, of, span);
    let mut notes = Vec::new();
    let nobodys = found.iter().filter(|instance| instance.contact.is_none()).count();
    if nobodys > 0 {
        notes.push(format!("{nobodys} belong to no contact and are left out: events are a contact's"));
    }
    let mut first: BTreeMap<i64, Timestamp> = BTreeMap::new();
    for instance in found {
        let Some(contact) = instance.contact else { continue };
        let at = first.entry(contact).or_insert(instance.at);
        *at = instance.at.min(*at);
    }
    let all = first.len() as u64;
    let Some(begin) = first.values().min().copied() else {
        notes.insert(0, "there is nobody yet that the share could be of".into());
        return Figure { notes, ..Figure::of(Unit::Percent) };
    };
    let now = measuring.now;
    let has = |(contact, at): (&i64, &Timestamp)| measuring.observed.has_happened(with, *contact, *at, now);
    let hits = first.iter().filter(|of| has(*of)).count() as u64;
    let missing = unreported(measuring, with, begin, now).filter(|_| hits < all);
    let at_least_so_much = missing.is_some();
    notes.extend(missing);
    if hits == 0 && at_least_so_much {
        return Figure { notes, of: Some(all), ..Figure::of(Unit::Percent) };
    }
    Figure {
        value: fixed(hits.saturating_mul(100)).over(fixed(all)),
        interval: wilson(hits, all).map(|interval| interval.map(|end| end * 100.0)),
        of: Some(all),
        at_least_so_much,
        is_estimate: true,
        notes,
        ..Figure::of(Unit::Percent)
    }
}

/// Each record counts once a period, with what its field says now. A sum of amounts that differ widely has no interval that a few
/// of them could justify.
pub(super) fn sum(measuring: Measuring<'_>, field: &FieldPath, entering: WorkflowId, span: Span) -> Figure {
    let Measuring { program, observed, now, .. } = measuring;
    let Some(workflow) = program.workflows.get(entering.index()) else {
        return Figure::undefined(Unit::Money, "the workflow is not there");
    };
    if workflow.entity != field.entity {
        let path = program.path_name(field);
        let why = format!("`{}` does not run for records that have `{path}`", workflow.name);
        return Figure::undefined(Unit::Money, why);
    }
    let values = observed.values.get(field);
    let mut seen = BTreeMap::new();
    for run in observed.journal.runs.values() {
        if run.workflow == workflow.name && span.contains(run.started) && run.started <= now {
            seen.insert(run.record.id, values.and_then(|values| values.get(&run.record.id)).copied());
        }
    }
    let unknown = seen.values().filter(|value| value.is_none()).count();
    let total = seen.values().flatten().fold(Fixed::ZERO, |sum, value| sum.plus(*value));
    let (_, is_over) = so_far(measuring, span);
    let mut notes = Vec::new();
    if unknown > 0 {
        notes.push(format!("of {unknown} of {} records `{}` is unknown", seen.len(), program.path_name(field)));
    }
    // Amounts below nought are nobody's; where there are any, nothing can be said before the end.
    let is_estimate = !is_over && seen.values().flatten().any(|value| *value < Fixed::ZERO);
    Figure {
        value: Some(total),
        of: Some(seen.len() as u64),
        at_least_so_much: !is_over || unknown > 0,
        is_estimate,
        notes,
        ..Figure::of(Unit::Money)
    }
}

/// How many workflows are as mature as wanted; the goal wants all of them.
pub(super) fn maturity(measuring: Measuring<'_>, wanted: Maturity) -> Reading {
    let all = measuring.maturity.len() as u64;
    let short: Vec<_> = measuring.maturity.iter().filter(|matured| matured.derived < wanted).collect();
    let mut figure = Figure::of(Unit::Workflows);
    let verdict = if measuring.maturity.is_empty() {
        figure.notes.push("there is no workflow".into());
        Verdict::Undefined
    } else {
        figure.value = Some(fixed(all - short.len() as u64));
        figure.of = Some(all);
        // What each of them lacks is said with its own maturity.
        for step in [Maturity::Draft, Maturity::Documented, Maturity::Measured] {
            let names: Vec<&str> = short
                .iter()
                .filter(|matured| matured.derived == step)
                .map(|matured| matured.workflow.as_str())
                .collect();
            if let [.., last] = names.as_slice() {
                let word = super::super::maturity::word(step);
                figure.notes.push(match names.len() {
                    1 => format!("{last} is {word}"),
                    count => format!("{count} are {word}"),
                });
            }
        }
        if short.is_empty() { Verdict::Met } else { Verdict::Missed }
    };
    let holds = figure.value.map(|_| short.is_empty());
    Reading { span: None, elapsed: 1.0, figure, holds, verdict }
}

/// An interval in percent.
pub(super) fn percent(interval: Interval) -> Interval {
    interval.map(|end| end * 100.0)
}
