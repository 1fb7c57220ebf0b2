//! The statistics that metrics need: intervals, error rates, comparisons. Plain numbers in, plain numbers out.
//!
//! They know no playbook, no log and no time. Intervals have two sides and hold the true value 95 times in 100.

mod binomial;
mod compare;
mod count;
mod quantile;
mod share;

use serde::{Deserialize, Serialize};

pub use binomial::fewer_than;
pub use compare::{Comparison, compare};
pub use count::garwood;
pub use quantile::quantile;
pub use share::{Share, newcombe, wilson};

/// Half of what an interval leaves out lies on each side.
const TAIL: f64 = 0.025;

/// The quantile of the standard normal distribution that leaves `TAIL` above it.
pub const Z: f64 = 1.959_963_984_540_054;

/// A range that holds the true value 95 times in 100; both ends are in it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// At least.
    pub low: f64,
    /// At most.
    pub high: f64,
}

impl Interval {
    /// Both ends, each turned into something else by a function that keeps their order.
    #[must_use]
    pub fn map(self, turn: impl Fn(f64) -> f64) -> Self {
        Self { low: turn(self.low), high: turn(self.high) }
    }
}

/// As a float, for statistics, where fifteen digits are enough.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "nobody counts to nine quadrillion")]
pub fn float(count: u64) -> f64 {
    count as f64
}
