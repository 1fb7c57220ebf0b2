//! The statistics of scores and outcomes. Plain numbers in, plain numbers out; never a number where there is none to be had.
//!
//! They know no playbook and no time. Intervals have two sides and hold the true value 95 times in 100. Shares and counts are those of
//! [`runtime::metrics::statistics`].

mod auc;
mod calibration;
mod correlation;
mod line;
mod random;
mod routes;

use serde::{Deserialize, Serialize};

pub use auc::{Ranked, auc, auc_within, difference_within};
pub use calibration::{Bin, Calibration, calibration};
pub use correlation::correlation;
pub(crate) use line::softplus;
pub use line::{Line, line, logistic, logit};
pub use random::Random;
pub use routes::{Accuracy, accuracy, lift};
pub use runtime::metrics::statistics::{Interval, Share, Z, float, newcombe, wilson};

/// A figure, or why there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// What it is; none where it is undefined.
    pub value: Option<f64>,
    /// Where it is 95 times in 100; none where it is undefined.
    pub interval: Option<Interval>,
    /// Why there is no figure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undefined: Option<Undefined>,
}

/// Why a figure is undefined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Undefined {
    /// Nothing is decided.
    Nothing,
    /// Something is decided, and nothing of it late enough to be judged.
    NoneJudged,
    /// Something is decided, and all of it is what the card was learned from.
    LearnedFrom,
    /// All of them came out the same.
    OneClass,
    /// All of them have the same score.
    OneValue,
    /// There are too few for an answer.
    TooFew,
    /// The two are told apart without an error, so that no curve fits.
    Separated,
}

impl Undefined {
    /// In words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Nothing => "nothing is decided",
            Self::NoneJudged => "no decision lies late enough to be judged",
            Self::LearnedFrom => "nothing was decided since the card was learned",
            Self::OneClass => "all came out the same",
            Self::OneValue => "all have the same score",
            Self::TooFew => "too few",
            Self::Separated => "told apart without an error",
        }
    }
}

impl Estimate {
    /// A figure with its interval.
    #[must_use]
    pub const fn new(value: f64, interval: Option<Interval>) -> Self {
        Self { value: Some(value), interval, undefined: None }
    }

    /// None, and why.
    #[must_use]
    pub const fn undefined(why: Undefined) -> Self {
        Self { value: None, interval: None, undefined: Some(why) }
    }
}

impl From<Share> for Estimate {
    fn from(share: Share) -> Self {
        match share.share {
            Some(value) => Self::new(value, share.interval),
            None => Self::undefined(Undefined::Nothing),
        }
    }
}

/// So many, as a float.
pub(crate) fn count(of: usize) -> f64 {
    float(of as u64)
}

/// The mean; none of nothing.
#[must_use]
pub fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / count(values.len()))
}
