//! What is published and when, resolved: the content of a signed receipt.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::{EventId, FieldPath, Origin, ScoreId, WorkflowId};

/// `publish qualification_proof on end of LeadQualification { icp by layer, reasons, outcome }`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Publication {
    /// `qualification_proof`
    pub name: SmolStr,
    /// When.
    pub on: PublishedOn,
    /// What, in source order.
    pub items: Vec<Published>,
    /// Where it is declared.
    pub origin: Origin,
}

/// When something is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PublishedOn {
    /// `end of LeadQualification`: each run of it that ends.
    EndOf(WorkflowId),
    /// Each time that it happens.
    Event(EventId),
}

/// One thing that is published.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Published {
    /// A score as it stood, and layer by layer.
    Score {
        /// Which.
        score: ScoreId,
        /// `by layer`
        by_layer: bool,
    },
    /// `reasons`: the words of the lines that gave points.
    Reasons,
    /// `outcome`: how the run ended.
    Outcome,
    /// `approvals`: who said yes to what, by the hash of the text.
    Approvals,
    /// A field of the record.
    Field(FieldPath),
    /// A fact of the event: its place among the event's fields.
    EventFact(u32),
}
