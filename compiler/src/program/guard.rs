//! Conditions of workflows, resolved: over the facts of a record, and over what the engine itself knows of it.
//!
//! Kleene's logic throughout, as in [`super::Condition`]: a way out is taken only where its guard is true.

use serde::{Deserialize, Serialize};

use super::{Comparison, Condition, EntityId, Fixed, RubricId, ScoreId, Term, WorkflowId};

/// True, false or unknown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Guard {
    /// Unknown stays unknown.
    Not(Box<Guard>),
    /// Empty is true.
    All(Vec<Guard>),
    /// Empty is false.
    Any(Vec<Guard>),
    /// Over the facts of a record. Unknown where there is no such record.
    Facts {
        /// Whose facts.
        of: Subject,
        /// What has to hold of them.
        condition: Condition,
    },
    /// `complete`: everything that the stage requires is there. Never unknown.
    Complete,
    /// `icp is missing`, `icp is known`: whether the score was ever asked for of this record. Never unknown.
    Scored(ScoreId),
    /// `contact is in LeadQualification`, `contact is in LeadQualification.Invite`: a live run of it. Never unknown.
    In {
        /// Which workflow.
        workflow: WorkflowId,
        /// In which of its stages; any where absent.
        stage: Option<StageId>,
    },
    /// `message.spcl >= 60`: how a rubric rates the run's message as it stands. Unknown until it was rated.
    Message {
        /// By which rubric.
        rubric: RubricId,
        /// How.
        operator: Comparison,
        /// With what.
        value: Fixed,
    },
}

/// Whose facts a workflow asks about, seen from the record that it runs for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// The record itself, of that entity.
    Own(EntityId),
    /// The contact that a deal belongs to.
    Contact,
    /// The newest open deal of a contact, else its newest one.
    Deal,
}

/// `velocity rises above 3`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Crossing {
    /// Whose.
    pub of: Subject,
    /// What is watched. While it is unknown, nothing crosses.
    pub term: Term,
    /// `rises above`; otherwise `falls below`.
    pub rises: bool,
    /// The threshold; it is crossed by a value beyond it after one that was not.
    pub threshold: Fixed,
}

/// Into [`super::Workflow::stages`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StageId(pub u32);

impl StageId {
    /// As an index.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}
