//! What success is, resolved: goals, and the signal that something does not work.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::{Certainty, EventId, FieldPath, Fixed, LabelId, Maturity, Origin, Period, ScoreId, StageId, WorkflowId};

/// `goal F1 "scored prospects" at least 20 per week of LeadGeneration.Rating done`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Goal {
    /// `F1`
    pub name: Option<SmolStr>,
    /// In words.
    pub title: SmolStr,
    /// What is measured.
    pub measure: Measure,
    /// As written, from the limit on.
    pub words: SmolStr,
    /// Where it is declared.
    pub origin: Origin,
}

/// A limit on a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limit {
    /// How it is compared.
    pub kind: LimitKind,
    /// With what, in its unit.
    pub value: Fixed,
    /// `70%`: the value is a share, in percent.
    pub percent: bool,
}

/// `at least`, `at most`, `over`, `under`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "they are what they are called")]
pub enum LimitKind {
    AtLeast,
    AtMost,
    Over,
    Under,
}

impl LimitKind {
    /// As a playbook writes it.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::AtLeast => "at least",
            Self::AtMost => "at most",
            Self::Over => "over",
            Self::Under => "under",
        }
    }
}

/// What a goal measures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// `at least 5 per month of discovery.held`: how often something happened in a period.
    Count {
        /// How many.
        limit: Limit,
        /// In how long; since ever where absent. Weeks begin on monday; days, weeks and months are the client's.
        per: Option<Period>,
        /// Of what. An instance counts once a period.
        of: Counted,
    },
    /// `at least 70% of icp hot with meeting.accepted`
    Share {
        /// How many of a hundred.
        limit: Limit,
        /// In how long.
        per: Option<Period>,
        /// Of whom.
        of: Counted,
        /// Who also had this happen, afterwards.
        with: EventId,
    },
    /// `over NZD 50k per month of deal.value entering Funnel`
    Sum {
        /// How much.
        limit: Limit,
        /// In how long.
        per: Option<Period>,
        /// Of which field.
        field: FieldPath,
        /// Of the records that enter this workflow.
        entering: WorkflowId,
    },
    /// `under NZD 85 per month of spend per LeadQualification.Booked entered`
    SpendPer {
        /// How much.
        limit: Limit,
        /// In how long.
        per: Option<Period>,
        /// For each of these.
        each: Counted,
    },
    /// `every workflow at least approved`
    Maturity(Maturity),
    /// `share of reply.received in week 8 over week 1`
    Growth {
        /// What is counted, as a share of sends.
        of: EventId,
        /// Later.
        later: Period,
        /// Earlier.
        earlier: Period,
    },
}

/// What is counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counted {
    /// Each time.
    Event(EventId),
    /// `LeadQualification.Booked entered`
    Entered(WorkflowId, StageId),
    /// `LeadGeneration.Rating done`: left by a way out.
    Done(WorkflowId, StageId),
    /// `LeadQualification done`: ended.
    Ended(WorkflowId),
    /// `icp hot`: scored so for the first time.
    Routed(ScoreId, LabelId, Option<Certainty>),
}

/// `kill when 50 scored contacts bring fewer than 3 discovery.held within 60 days { pause LeadGeneration … }`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Kill {
    /// So many scored records, the first ones whose time is up.
    pub scored: u32,
    /// Bring fewer than so many.
    pub fewer_than: u32,
    /// Of these.
    pub event: EventId,
    /// Each within so long of its scoring.
    pub within: Period,
    /// What is paused then.
    pub pause: Vec<WorkflowId>,
    /// Who is asked then (a role, or anybody), and whether by layer.
    pub ask: Option<(Option<SmolStr>, bool)>,
    /// Where it stands.
    pub origin: Origin,
}
