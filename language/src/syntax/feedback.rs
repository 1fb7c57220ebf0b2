//! Feedback between workflows, as written.

use super::{Ask, Count, Name};
use crate::Span;
use derive_visitor::DriveMut;

/// `feedback from LeadQualification to LeadGeneration { … }`
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct Feedback {
    /// The workflow that learns something.
    pub from: Name,
    /// The workflow that it is for.
    pub to: Name,
    /// In source order.
    pub lines: Vec<FeedbackLine>,
}

/// `when 3 disqualified in a row share a reason, ask founder to refine icp`
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct FeedbackLine {
    /// How many.
    pub count: Count,
    /// With which outcome.
    pub outcome: Name,
    /// `in a row`: with no other outcome between.
    pub in_a_row: bool,
    /// Who is asked for what.
    pub ask: Ask,
    /// The line.
    pub span: Span,
}
