//! Whether routes are right, and what they are worth.

use serde::{Deserialize, Serialize};

use super::{Estimate, Interval, Share, Undefined, Z, float};

/// How often a route that says something is right, and what that is worth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Accuracy {
    /// Of those that were told good or bad, how many were so.
    pub right: Share,
    /// Of all decided ones, how many were told either.
    pub told: Share,
    /// Of those that were told either: what calling all of them the commoner kind would have given.
    pub majority: Share,
}

/// Accuracy of what was told: good, bad, or nothing.
#[must_use]
pub fn accuracy(told: &[Option<bool>], good: &[bool]) -> Accuracy {
    let (mut right, mut said, mut goods) = (0, 0, 0);
    for (told, good) in told.iter().zip(good) {
        if let Some(told) = told {
            said += 1;
            right += u64::from(told == good);
            goods += u64::from(*good);
        }
    }
    Accuracy {
        right: Share::new(right, said),
        told: Share::new(said, good.len() as u64),
        majority: Share::new(goods.max(said - goods), said),
    }
}

/// The share of good ones among some, over that among all of which they are a part. The interval is that of the ratio to the others (D.
/// Katz, J. Baptista, S. P. Azen, M. C. Pike, "Obtaining Confidence Intervals for the Risk Ratio in Cohort Studies", Biometrics 34
/// (1978)), half a decision added to each cell, turned into the ratio to all.
#[must_use]
pub fn lift(some: Share, all: Share) -> Estimate {
    if some.of == 0 || all.of == 0 {
        return Estimate::undefined(Undefined::Nothing);
    }
    if all.hits == 0 {
        return Estimate::undefined(Undefined::OneClass);
    }
    let (hits, of) = (float(some.hits), float(some.of));
    let (all_hits, all_of) = (float(all.hits), float(all.of));
    let value = hits / of / (all_hits / all_of);
    if some.of == all.of {
        return Estimate::new(value, Some(Interval { low: 1.0, high: 1.0 }));
    }
    let (one, one_of) = (hits + 0.5, of + 0.5);
    let (other, other_of) = (all_hits - hits + 0.5, all_of - of + 0.5);
    let ratio = (one / one_of / (other / other_of)).ln();
    let half = Z * (1.0 / one - 1.0 / one_of + 1.0 / other - 1.0 / other_of).max(0.0).sqrt();
    let part = of / all_of;
    let to_all = |ratio: f64| ratio / (part * ratio + 1.0 - part);
    let interval = Interval { low: to_all((ratio - half).exp()), high: to_all((ratio + half).exp()) };
    Estimate::new(value, Some(Interval { low: interval.low.min(value), high: interval.high.max(value) }))
}
