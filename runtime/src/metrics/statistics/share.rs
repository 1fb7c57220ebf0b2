//! Shares: so many of so many.

use serde::{Deserialize, Serialize};

use super::{Interval, Z, float};

/// So many of so many, with its interval.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// So many.
    pub hits: u64,
    /// Of so many.
    pub of: u64,
    /// From 0 to 1; none of none.
    pub share: Option<f64>,
    /// Wilson's; none of none.
    pub interval: Option<Interval>,
}

impl Share {
    /// So many of so many.
    #[must_use]
    pub fn new(hits: u64, of: u64) -> Self {
        let share = (of > 0).then(|| float(hits) / float(of));
        Self { hits, of, share, interval: wilson(hits, of) }
    }
}

/// The score interval of a share: E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference",
/// Journal of the American Statistical Association 22 (1927). None of none, and where there are more hits than tries.
#[must_use]
pub fn wilson(hits: u64, of: u64) -> Option<Interval> {
    if of == 0 || hits > of {
        return None;
    }
    let (n, p) = (float(of), float(hits) / float(of));
    let z2 = Z * Z;
    let middle = p + z2 / (2.0 * n);
    let half = Z * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
    let scale = 1.0 + z2 / n;
    // At the ends the roots are 0 and 1 exactly; rounding must not leave a hair's breadth.
    let low = if hits == 0 { 0.0 } else { (middle - half) / scale };
    let high = if hits == of { 1.0 } else { (middle + half) / scale };
    Some(Interval { low: low.max(0.0), high: high.min(1.0) })
}

/// The interval of the first share less the second, independent of it: method 10 of R. G. Newcombe, "Interval Estimation for the
/// Difference Between Independent Proportions", Statistics in Medicine 17 (1998). None where either is of none.
#[must_use]
pub fn newcombe(first: (u64, u64), second: (u64, u64)) -> Option<Interval> {
    let (one, other) = (Share::new(first.0, first.1), Share::new(second.0, second.1));
    let (p, q) = (one.share?, other.share?);
    let (one, other) = (one.interval?, other.interval?);
    let below = (p - one.low).hypot(other.high - q);
    let above = (one.high - p).hypot(q - other.low);
    Some(Interval { low: p - q - below, high: p - q + above })
}
