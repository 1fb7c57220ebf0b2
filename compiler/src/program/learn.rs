//! What a score learns from, resolved: outcomes, and the bounds that a proposal keeps.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::{Condition, EventId, Fixed, Origin, Period};

/// `learn { good on deal.won   bad on deal.lost   keep each weight from 10% to 40%   adopt on approved by founder }`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Learn {
    /// A record that sees one of these first was rightly called a fit.
    pub good: Vec<Outcome>,
    /// A record that sees one of these first was wrongly called a fit. What sees neither is open.
    pub bad: Vec<Outcome>,
    /// No weight is proposed below or above these, in percent.
    pub keep: Option<(Fixed, Fixed)>,
    /// Whose yes adopts a proposal: a role.
    pub adopt: Option<SmolStr>,
    /// What points and weights were learned from already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub learned: Option<LearnedFrom>,
    /// Where it stands.
    pub origin: Origin,
}

/// `learned from 840 decisions until 2026-11-20`: what a card was learned from can neither judge it nor teach it once more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LearnedFrom {
    /// From how many, over all times that it was.
    pub decisions: u32,
    /// From outcomes that were known by the end of this day, which is the client's.
    pub until: jiff::civil::Date,
    /// Where it stands.
    pub origin: Origin,
}

/// What decides that a record was good or bad.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It happened.
    Event(EventId),
    /// `good when converted is yes`: what a field says, for data that have outcomes but no events. It is as old as the record.
    Holds(Condition),
    /// `no reply.received 21 days after outreach.sent`: it had not happened by then; dated to that instant.
    Silence {
        /// What did not happen.
        event: EventId,
        /// For how long.
        after: Period,
        /// Counted from the first of these.
        since: EventId,
    },
}
