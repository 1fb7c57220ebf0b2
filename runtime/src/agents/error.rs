//! Why a port did not do it, and whether asking again can help. The words name no address: they go into the log.

use jiff::SignedDuration;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Why a port did not do it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{detail}")]
pub struct PortError {
    /// What kind of failure.
    pub kind: PortErrorKind,
    /// What, why, and what to do; without secrets and without personal data.
    pub detail: String,
    /// What was paid all the same, in the client's currency.
    #[serde(default)]
    pub spent: Decimal,
}

/// The kinds of failures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PortErrorKind {
    /// Nobody answers there. Nothing was done.
    Unreachable,
    /// It took too long. Nothing was done, or the other side knows by the key that it was.
    TimedOut,
    /// The other side, or the assignment itself, says no; asking again gives the same.
    Refused,
    /// The other side says later.
    Busy {
        /// It named so long.
        retry_after: Option<SignedDuration>,
    },
    /// The answer is not one, or not one that may be used.
    Broken,
    /// It may have been done, and nobody can tell. Never tried again without a person or a carrier that knows its keys.
    Uncertain,
    /// It would cost more than is allowed.
    OverBudget,
}

impl PortError {
    /// Such a failure, in these words.
    pub fn new(kind: PortErrorKind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), spent: Decimal::ZERO }
    }

    pub(super) fn refused(detail: impl Into<String>) -> Self {
        Self::new(PortErrorKind::Refused, detail)
    }

    /// The same, with what was paid for it.
    #[must_use]
    pub fn having_spent(self, spent: Decimal) -> Self {
        Self { spent, ..self }
    }

    /// Asking again later can help and can do no harm.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        match self.kind {
            PortErrorKind::Unreachable
            | PortErrorKind::TimedOut
            | PortErrorKind::Busy { .. }
            | PortErrorKind::Broken => true,
            PortErrorKind::Refused | PortErrorKind::Uncertain | PortErrorKind::OverBudget => false,
        }
    }
}
