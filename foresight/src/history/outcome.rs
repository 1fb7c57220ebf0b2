//! What came of a record: the first of a score's outcomes that happened decides.

use compiler::program::{EventId, Learn, Outcome as Declared, Program};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use runtime::calendar;
use runtime::facts::{Coverage, EventFact};

/// What a score learns from, asked of one record's events.
#[derive(Clone, Copy)]
pub(super) struct Outcomes<'a> {
    pub(super) program: &'a Program,
    pub(super) learn: &'a Learn,
    pub(super) coverage: &'a Coverage,
    pub(super) zone: &'a TimeZone,
    pub(super) now: Timestamp,
}

/// What the events say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// What decided, and when.
    pub(super) decided: Option<(bool, Timestamp)>,
    /// A silence may still decide: until its time is up nothing is, or those who were quick would stand for all.
    pub(super) waits: bool,
    /// Nothing happened that would decide, but nobody reported all of the time in which it would have.
    pub(super) unreported: bool,
}

impl Outcomes<'_> {
    /// The events that decide, or from which time is counted.
    pub(super) fn events(&self) -> Vec<EventId> {
        let mut events = Vec::new();
        for outcome in self.learn.good.iter().chain(&self.learn.bad) {
            match outcome {
                Declared::Event(event) => events.push(*event),
                Declared::Silence { event, since, .. } => events.extend([*event, *since]),
                Declared::Holds(_) => {}
            }
        }
        events
    }

    /// The events from which silence is counted: where they happen, somebody was decided on.
    pub(super) fn begins(&self) -> impl Iterator<Item = EventId> + '_ {
        self.learn.good.iter().chain(&self.learn.bad).filter_map(|outcome| match outcome {
            Declared::Silence { since, .. } => Some(*since),
            _ => None,
        })
    }

    /// The first outcome that happened; of two at the same instant the good one.
    pub(super) fn of(&self, events: &[EventFact]) -> Found {
        let mut found = Found::default();
        for (good, outcomes) in [(true, &self.learn.good), (false, &self.learn.bad)] {
            for outcome in outcomes {
                let at = match outcome {
                    Declared::Event(event) => first(events, *event),
                    Declared::Silence { event, after, since } => {
                        let Some(from) = first(events, *since) else { continue };
                        let due = calendar::after(&self.program.client, self.zone, from, *after);
                        let answered =
                            events.iter().any(|seen| seen.event == *event && seen.at >= from && seen.at <= due);
                        found.waits |= due > self.now;
                        if answered || due > self.now {
                            continue;
                        }
                        if !self.knows(*event, from, due) {
                            found.unreported = true;
                            continue;
                        }
                        Some(due)
                    }
                    Declared::Holds(_) => None,
                };
                if let Some(at) = at.filter(|at| *at <= self.now)
                    && found.decided.is_none_or(|(_, earlier)| at < earlier)
                {
                    found.decided = Some((good, at));
                }
            }
        }
        if found.waits {
            found.decided = None;
        }
        found
    }

    fn knows(&self, event: EventId, from: Timestamp, until: Timestamp) -> bool {
        let name = self.program.events.get(event.index()).map(|event| event.name.as_str()).unwrap_or_default();
        let is_ours =
            self.program.actions.iter().any(|action| compiler::program::raised_by(&action.name).contains(&name));
        let reported = self.coverage.events.get(&event);
        is_ours
            || reported.is_some_and(|reported| reported.since <= from && reported.until.is_none_or(|end| end >= until))
    }
}

fn first(events: &[EventFact], wanted: EventId) -> Option<Timestamp> {
    events.iter().filter(|event| event.event == wanted).map(|event| event.at).min()
}
