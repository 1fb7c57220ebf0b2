//! What is known about one record at one instant: the pure input of the scorer.
//!
//! The CRM, a test and a generator all give the same [`Facts`]; nothing here knows where they come from.

use std::collections::BTreeMap;

use compiler::program::{EventId, FieldPath, Value};
use jiff::Timestamp;
use smol_str::SmolStr;

/// What is known about one record.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// Known fields, by path from the record; whatever is absent is missing, but a list without `?` is empty.
    pub fields: BTreeMap<FieldPath, Value>,
    /// When a field was last observed, where that is known; otherwise it counts as observed now.
    pub observed: BTreeMap<FieldPath, Timestamp>,
    /// What happened, in any order; later than now is not yet.
    pub events: Vec<EventFact>,
    /// What was said, in any order.
    pub conversations: Vec<Said>,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub struct EventFact {
    /// What.
    pub event: EventId,
    /// When.
    pub at: Timestamp,
    /// Its facts, by field name.
    pub fields: Vec<(SmolStr, Value)>,
}

/// Something somebody said to us.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// When.
    pub at: Timestamp,
    /// What.
    pub text: SmolStr,
}

/// Which events are reported, and since when: outside that their absence is unknown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Coverage {
    /// By event id; an event that is not here is never reported.
    pub events: BTreeMap<EventId, Reported>,
    /// Of conversations.
    pub conversations: Option<Reported>,
}

impl Coverage {
    /// Whatever is reported is so for all time: what is asked of it does not depend on when that is.
    #[must_use]
    pub fn is_steady(&self) -> bool {
        let is_steady = |of: &Reported| of.since == Timestamp::MIN && of.until.is_none();
        self.events.values().chain(&self.conversations).all(is_steady)
    }
}

/// A period in which all that happened is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reported {
    /// From then on.
    pub since: Timestamp,
    /// Up to then; still where absent.
    pub until: Option<Timestamp>,
}
