//! Who goes first, as written.

use super::{Expression, Name, Path, Text};
use crate::Span;
use derive_visitor::DriveMut;

/// `priority { … }`
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct Priority {
    /// The first that holds counts.
    pub lines: Vec<PriorityLine>,
}

/// `Lifecycle over everyone while contact is customer because "…"`
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct PriorityLine {
    /// Who goes first.
    pub agent: Name,
    /// Before whom: agents, or `everyone`.
    pub over: Vec<Name>,
    /// While what holds; always where absent.
    pub situation: Option<Situation>,
    /// What becomes of the others' work.
    pub others: Others,
    /// The words for a denial.
    pub because: Option<Text>,
    /// The line.
    pub span: Span,
}

/// What becomes of the work of who comes second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, DriveMut)]
pub enum Others {
    /// `, others wait`, and where nothing is said.
    #[default]
    Wait,
    /// `, others stop`
    Stop,
}

/// While what a line of priority holds.
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub enum Situation {
    /// `contact is in Funnel.Invite`
    IsIn {
        /// The record.
        record: Path,
        /// A workflow, or a stage of one.
        place: Path,
        /// From the record on.
        span: Span,
    },
    /// Any condition.
    Holds(Expression),
}
