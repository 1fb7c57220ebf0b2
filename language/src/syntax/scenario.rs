//! Scenarios, as written: what if.

use super::{Count, DurationLiteral, Expression, Name, Per, Text};
use crate::{Fixed, Span};
use derive_visitor::DriveMut;

/// `scenario "first quarter" { … }`
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct Scenario {
    /// Its title.
    pub title: Text,
    /// In source order.
    pub clauses: Vec<ScenarioClause>,
}

/// A clause of a scenario.
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub enum ScenarioClause {
    /// `leads 20 per week from "sample/contacts.csv" for 8 weeks`
    Leads {
        /// How many.
        count: Count,
        /// How often.
        per: Per,
        /// The file.
        from: Text,
        /// How long.
        during: Option<DurationLiteral>,
        /// The clause.
        span: Span,
    },
    /// `seed 42`
    Seed {
        /// Of the random numbers.
        value: Count,
        /// The clause.
        span: Span,
    },
    /// `human approves 80% within 3 hours`
    Human {
        /// What they do.
        act: Name,
        /// How often, in percent as written.
        chance: (Fixed, Span),
        /// How soon.
        within: Option<DurationLiteral>,
        /// The clause.
        span: Span,
    },
    /// `buyer replies to outreach 14% within 5 days when icp >= 60, 3% otherwise`
    Buyer {
        /// What they do.
        act: Name,
        /// To what.
        object: Option<Name>,
        /// How often, in percent as written; where there is a condition, while it holds.
        chance: (Fixed, Span),
        /// How soon.
        within: Option<DurationLiteral>,
        /// While what holds, and how often they do otherwise.
        when: Option<(Expression, (Fixed, Span))>,
        /// The clause.
        span: Span,
    },
}
