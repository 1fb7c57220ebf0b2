//! Goals, as written: what success is.

use super::{Count, Literal, Maturity, Name, Path, Per, Text};
use crate::Span;
use derive_visitor::DriveMut;

/// `goal F1 "scored prospects" at least 20 per week of LeadGeneration.Rating done`
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct Goal {
    /// What reports call it.
    pub name: Option<Name>,
    /// What it is about.
    pub title: Text,
    /// What is measured, and what it has to be.
    pub measure: Measure,
}

/// What a goal measures.
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub enum Measure {
    /// `at least 20 per week of …`
    Limit {
        /// Which side of the amount is reached.
        bound: Bound,
        /// A number, percentage, duration or amount of money.
        amount: Literal,
        /// `per week`
        per: Option<Per>,
        /// Of what.
        of: Measured,
    },
    /// `every workflow at least approved`
    Maturity {
        /// Every what.
        every: Name,
        /// The least.
        at_least: Maturity,
    },
    /// `share of reply.received in week 8 over week 1`
    Share {
        /// The event.
        event: Path,
        /// The later period and its number, which has to be above the earlier.
        later: (Name, Count),
        /// The earlier one.
        earlier: (Name, Count),
    },
}

/// Which side of a limit is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, DriveMut)]
#[expect(missing_docs, reason = "they are what they are called")]
pub enum Bound {
    AtLeast,
    AtMost,
    Over,
    Under,
}

/// `icp hot with meeting.accepted`, `deal.value entering Funnel`, `spend per LeadQualification.Booked entered`
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct Measured {
    /// A stage, event, field, score or `spend`.
    pub path: Path,
    /// What has become of it: `done`, `hot`.
    pub state: Option<Name>,
    /// What it is set against.
    pub relation: Option<MeasuredRelation>,
    /// Where it stands.
    pub span: Span,
}

/// `with meeting.accepted`, `entering Funnel`, `per LeadQualification.Booked entered`
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct MeasuredRelation {
    /// How.
    pub kind: RelationKind,
    /// A stage, workflow or event.
    pub path: Path,
    /// What has become of it: `entered`.
    pub state: Option<Name>,
}

/// How what is measured is set against something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, DriveMut)]
#[expect(missing_docs, reason = "they are what they are called")]
pub enum RelationKind {
    With,
    Entering,
    Per,
}
