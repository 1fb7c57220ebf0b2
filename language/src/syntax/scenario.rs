//! Scenarios, as written: what if.

use super::{Bound, Count, DurationLiteral, Expression, Name, Path, Per, Text};
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
    /// `human approves 80% within 3 hours`, `founder accepts 90% within 1 day, at most 10 per day`
    Person {
        /// Who; anybody where absent.
        whom: Option<Name>,
        /// What they do.
        act: Name,
        /// How often, in percent as written.
        chance: (Fixed, Span),
        /// How soon.
        within: Option<DurationLiteral>,
        /// `at most 10 per day`
        at_most: Option<(Count, Per)>,
        /// The clause.
        span: Span,
    },
    /// `buyer replies to outreach 14% within 5 days when icp >= 60, 3% otherwise`,
    /// `buyer quote.requested after page.viewed 5% within 2 days, else page.left`
    Buyer {
        /// What they do: a verb, or an event.
        act: Path,
        /// To what.
        object: Option<Path>,
        /// After which event.
        after: Option<Path>,
        /// How often, in percent as written; where there is a condition, while it holds.
        chance: (Fixed, Span),
        /// How soon.
        within: Option<DurationLiteral>,
        /// While what holds, and how often they do otherwise.
        when: Option<(Expression, (Fixed, Span))>,
        /// What happens instead where they do not: `, else meeting.missed`.
        instead: Option<Path>,
        /// The clause.
        span: Span,
    },
    /// `expect O1 in at least 80% of seeds`
    Expect {
        /// The goal.
        goal: Name,
        /// Which side of the share is reached.
        bound: Bound,
        /// Of how many seeds, in percent as written.
        share: (Fixed, Span),
        /// The clause.
        span: Span,
    },
}
