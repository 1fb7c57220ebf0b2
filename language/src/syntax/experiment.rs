//! Experiments, as written: what is tried, and what counts as success.

use super::{DurationLiteral, Name, Path};
use crate::Span;
use derive_visitor::DriveMut;

/// `experiment channel_mix { … }`
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct Experiment {
    /// Its name.
    pub name: Name,
    /// In source order.
    pub clauses: Vec<ExperimentClause>,
}

/// A clause of an experiment.
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub enum ExperimentClause {
    /// `try email, linkedin, phone`
    Try {
        /// One or more.
        variants: Vec<Name>,
        /// The clause.
        span: Span,
    },
    /// `success reply.received within 10 days`
    Success {
        /// The event.
        event: Path,
        /// How soon it has to happen.
        within: Option<DurationLiteral>,
        /// The clause.
        span: Span,
    },
}
