//! Schedules: which slot is due, and whether a record is looked at in vain.

use compiler::program::{Client, Condition, Guard, Schedule};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::calendar;

/// Whoever looked for facts in vain is looked at again after so long even where nothing is new: notes are not in the CRM.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The slots of a schedule around an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slots {
    /// The one that is due: of those that were missed, the last one alone.
    pub due: Timestamp,
    /// The one after it.
    pub following: Option<Timestamp>,
}

/// Which slot is due, from the one that was waited for on; none before that.
#[must_use]
pub fn slots(schedule: &Schedule, client: &Client, zone: &TimeZone, slot: Timestamp, now: Timestamp) -> Option<Slots> {
    if slot > now {
        return None;
    }
    let next = |after: Timestamp| calendar::next(schedule, client, zone, after, after);
    let mut slots = Slots { due: slot, following: next(slot) };
    while let Some(later) = slots.following.filter(|later| *later <= now) {
        slots = Slots { due: later, following: next(later) };
    }
    Some(slots)
}

/// Until when whoever has looked for what is missing and ended would find the same, as long as nothing new is known.
#[must_use]
pub fn is_exhausted_until(ended: Timestamp) -> Timestamp {
    ended.checked_add(LOOK_AGAIN).unwrap_or(Timestamp::MAX)
}

/// Whether a schedule is for records of which something is missing: a score that was never asked for, a field.
#[must_use]
pub fn seeks_what_is_missing(guard: &Guard) -> bool {
    match guard {
        Guard::Not(inner) => matches!(**inner, Guard::Scored(_)) || is_known(inner),
        Guard::All(parts) | Guard::Any(parts) => parts.iter().any(seeks_what_is_missing),
        Guard::Facts { condition, .. } => is_about_missing(condition),
        Guard::Complete | Guard::Scored(_) | Guard::In { .. } | Guard::Message { .. } => false,
    }
}

fn is_known(guard: &Guard) -> bool {
    matches!(guard, Guard::Facts { condition: Condition::Known(_), .. })
}

fn is_about_missing(condition: &Condition) -> bool {
    match condition {
        Condition::Not(inner) => matches!(**inner, Condition::Known(_)),
        Condition::All(parts) | Condition::Any(parts) => parts.iter().any(is_about_missing),
        _ => false,
    }
}
