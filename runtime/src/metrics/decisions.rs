//! How many decisions of a score are known: of the records that it was asked about, those of which it has turned out what they are.
//! It is what `trust after 50 decisions` counts.
//!
//! Whichever outcome comes first decides, after the score was asked for the first time. What is not reported is unknown: silence of
//! somebody whose answers nobody reports decides nothing.

use std::collections::BTreeSet;

use compiler::program::{Condition, EventId, Learn, Outcome, Period, Program, Score};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::journal::contact;
use super::observed::Observed;
use crate::calendar;
use crate::engine::RecordRef;

/// Decisions whose outcome is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decisions {
    /// Rightly called a fit.
    pub good: u64,
    /// Wrongly.
    pub bad: u64,
}

impl Decisions {
    /// All of them.
    #[must_use]
    pub const fn known(self) -> u64 {
        self.good + self.bad
    }
}

/// The decisions of a score that are known at an instant; none where it learns from nothing. `holds` says whether a condition holds of a
/// record now.
#[must_use]
pub fn decisions(
    program: &Program,
    score: &Score,
    zone: &TimeZone,
    now: Timestamp,
    observed: &Observed,
    mut holds: impl FnMut(&RecordRef, &Condition) -> Option<bool>,
) -> Option<Decisions> {
    let learn = score.learn.as_ref()?;
    let entity = program.entities.get(score.entity.index()).map(|entity| &entity.name);
    let (mut seen, mut known) = (BTreeSet::new(), Decisions::default());
    let history = History { program, zone, now, observed };
    for scored in observed.journal.scored.iter().filter(|scored| scored.score == score.name) {
        if !seen.insert(scored.whom(entity)) {
            continue;
        }
        match history.outcome(learn, &scored.case, scored.at, &mut holds) {
            Some(true) => known.good += 1,
            Some(false) => known.bad += 1,
            None => {}
        }
    }
    Some(known)
}

/// The events that decide the outcomes of a playbook's scores.
pub(super) fn events(program: &Program) -> impl Iterator<Item = EventId> + '_ {
    let outcomes = program.scores.iter().filter_map(|score| score.learn.as_ref());
    outcomes.flat_map(|learn| learn.good.iter().chain(&learn.bad)).flat_map(|outcome| match outcome {
        Outcome::Event(event) => [Some(*event), None].into_iter().flatten(),
        Outcome::Silence { event, since, .. } => [Some(*event), Some(*since)].into_iter().flatten(),
        Outcome::Holds(_) => [None, None].into_iter().flatten(),
    })
}

struct History<'a> {
    program: &'a Program,
    zone: &'a TimeZone,
    now: Timestamp,
    observed: &'a Observed,
}

impl History<'_> {
    fn outcome(
        &self,
        learn: &Learn,
        case: &RecordRef,
        scored: Timestamp,
        holds: &mut impl FnMut(&RecordRef, &Condition) -> Option<bool>,
    ) -> Option<bool> {
        let contact = contact(case);
        let mut when = |outcome: &Outcome| match outcome {
            Outcome::Event(event) => self.first(*event, contact?, scored),
            Outcome::Silence { event, after, since } => self.silent((*event, *after, *since), contact?, scored),
            // A field says what is, not since when: whatever happened on a day is told before it.
            Outcome::Holds(condition) => (holds(case, condition) == Some(true)).then_some(self.now),
        };
        let mut earliest = |outcomes: &[Outcome]| outcomes.iter().filter_map(&mut when).min();
        let (good, bad) = (earliest(&learn.good), earliest(&learn.bad));
        match (good, bad) {
            (None, None) => None,
            (Some(good), Some(bad)) => Some(good <= bad),
            (good, _) => Some(good.is_some()),
        }
    }

    fn first(&self, event: EventId, contact: i64, after: Timestamp) -> Option<Timestamp> {
        let times = self.observed.happened.get(&event)?.get(&contact)?;
        times.iter().copied().filter(|at| *at > after && *at <= self.now).min()
    }

    /// The first time that nothing came for so long.
    fn silent(&self, silence: (EventId, Period, EventId), contact: i64, scored: Timestamp) -> Option<Timestamp> {
        let (event, period, since) = silence;
        let times = self.observed.happened.get(&since)?.get(&contact)?;
        times.iter().copied().filter(|at| *at > scored).find_map(|began| {
            let over = calendar::after(&self.program.client, self.zone, began, period);
            let is_over = over <= self.now;
            let is_silent = is_over
                && !self.observed.has_happened(event, contact, began, over)
                && self.observed.knows(self.program, event, began, over);
            is_silent.then_some(over)
        })
    }
}
