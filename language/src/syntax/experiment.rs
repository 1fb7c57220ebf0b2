//! Experiments, as written: what is tried, and what counts as success.

use super::{Count, DurationLiteral, Name, Path};
use crate::{Fixed, Span};
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
    /// `choose by thompson`, `choose evenly`
    Choose {
        /// By which algorithm.
        how: Name,
        /// `by` stands before it.
        by: bool,
        /// The clause.
        span: Span,
    },
    /// `at least 10% each`
    AtLeast {
        /// In percent, as written.
        share: (Fixed, Span),
        /// The clause.
        span: Span,
    },
    /// `hold out 10%`
    HoldOut {
        /// In percent, as written.
        share: (Fixed, Span),
        /// The clause.
        span: Span,
    },
    /// `forget by half every 60 days`
    Forget {
        /// How long.
        every: DurationLiteral,
        /// The clause.
        span: Span,
    },
    /// `stop when one is best with 95% after 50 each`
    Stop {
        /// How probable it has to be, in percent as written.
        probability: (Fixed, Span),
        /// How often each was tried.
        after: Count,
        /// The clause.
        span: Span,
    },
}

impl ExperimentClause {
    /// Its first words.
    #[must_use]
    pub const fn what(&self) -> &'static str {
        match self {
            Self::Try { .. } => "try",
            Self::Success { .. } => "success",
            Self::Choose { .. } => "choose",
            Self::AtLeast { .. } => "at least",
            Self::HoldOut { .. } => "hold out",
            Self::Forget { .. } => "forget",
            Self::Stop { .. } => "stop",
        }
    }

    /// The clause.
    #[must_use]
    pub const fn span(&self) -> Span {
        match self {
            Self::Try { span, .. }
            | Self::Success { span, .. }
            | Self::Choose { span, .. }
            | Self::AtLeast { span, .. }
            | Self::HoldOut { span, .. }
            | Self::Forget { span, .. }
            | Self::Stop { span, .. } => *span,
        }
    }
}
