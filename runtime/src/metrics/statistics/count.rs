//! Counts: how often something happens in a period in which it was seen so many times.

use statrs::distribution::{ContinuousCDF as _, Gamma};

use super::{Interval, TAIL, float};

/// The exact interval of a Poisson mean of which so many were seen: F. Garwood, "Fiducial Limits for the Poisson Distribution",
/// Biometrika 28 (1936). None where the library has no quantile.
#[must_use]
pub fn garwood(count: u64) -> Option<Interval> {
    let quantile = |shape: u64, p: f64| Some(Gamma::new(float(shape), 1.0).ok()?.inverse_cdf(p));
    let low = if count == 0 { 0.0 } else { quantile(count, TAIL)? };
    Some(Interval { low, high: quantile(count + 1, 1.0 - TAIL)? })
}
