//! How likely so few are.

use statrs::distribution::{Binomial, DiscreteCDF as _};

/// The probability that fewer than `limit` of `of` happen, where each does with probability `rate`, whatever the others do. None
/// where the rate is no probability.
#[must_use]
pub fn fewer_than(limit: u64, of: u64, rate: f64) -> Option<f64> {
    let binomial = Binomial::new(rate, of).ok()?;
    Some(limit.checked_sub(1).map_or(0.0, |most| binomial.cdf(most)))
}
