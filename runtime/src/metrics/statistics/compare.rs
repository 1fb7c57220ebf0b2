//! Whether a number tells two groups apart.

use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF as _, StudentsT};

use super::{Interval, TAIL, float};

/// A number among those with something and those without it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// How many have it.
    pub with: u64,
    /// How many do not.
    pub without: u64,
    /// The mean among those with it; none where there is nobody.
    pub mean_with: Option<f64>,
    /// The mean among those without it; none where there is nobody.
    pub mean_without: Option<f64>,
    /// The first mean less the second.
    pub difference: Option<f64>,
    /// Welch's interval of it; none where a group has fewer than two, or both have but one value each.
    pub interval: Option<Interval>,
    /// How likely one with it has more than one without it, a tie being half: 0.5 tells nothing, less is the wrong way round. None
    /// where a group is empty.
    pub auc: Option<f64>,
}

/// Compares the numbers of those with something with the numbers of those without it.
#[must_use]
pub fn compare(with: &[f64], without: &[f64]) -> Comparison {
    let (one, other) = (Moments::of(with), Moments::of(without));
    let difference = one.mean.zip(other.mean).map(|(one, other)| one - other);
    Comparison {
        with: one.count,
        without: other.count,
        mean_with: one.mean,
        mean_without: other.mean,
        difference,
        interval: difference.and_then(|difference| welch(difference, one, other)),
        auc: auc(with, without),
    }
}

#[derive(Clone, Copy)]
struct Moments {
    count: u64,
    mean: Option<f64>,
    /// Of the mean; none of fewer than two.
    variance: Option<f64>,
}

impl Moments {
    fn of(values: &[f64]) -> Self {
        let count = values.len() as u64;
        let n = float(count);
        let mean = (count > 0).then(|| values.iter().sum::<f64>() / n);
        let variance = mean.filter(|_| count > 1).map(|mean| {
            let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
            squares / (n - 1.0) / n
        });
        Self { count, mean, variance }
    }
}

/// B. L. Welch, "The Generalization of 'Student's' Problem when Several Different Population Variances are Involved", Biometrika
/// 34 (1947), with Satterthwaite's degrees of freedom.
fn welch(difference: f64, one: Moments, other: Moments) -> Option<Interval> {
    let (v, w) = (one.variance?, other.variance?);
    let both = v + w;
    if both <= 0.0 {
        return None;
    }
    let freedom = both * both / (v * v / (float(one.count) - 1.0) + w * w / (float(other.count) - 1.0));
    let half = StudentsT::new(0.0, 1.0, freedom).ok()?.inverse_cdf(1.0 - TAIL) * both.sqrt();
    Some(Interval { low: difference - half, high: difference + half })
}

/// The statistic of H. B. Mann and D. R. Whitney, "On a Test of Whether one of Two Random Variables is Stochastically Larger than
/// the Other", Annals of Mathematical Statistics 18 (1947), over the number of pairs.
fn auc(with: &[f64], without: &[f64]) -> Option<f64> {
    if with.is_empty() || without.is_empty() {
        return None;
    }
    let mut others = without.to_vec();
    others.sort_by(f64::total_cmp);
    let below = |value: f64| others.partition_point(|other| *other < value) as u64;
    let up_to = |value: f64| others.partition_point(|other| *other <= value) as u64;
    // Each pair that is won counts twice, each tie once.
    let twice: u64 = with.iter().map(|value| below(*value) + up_to(*value)).sum();
    Some(float(twice) / 2.0 / (float(with.len() as u64) * float(without.len() as u64)))
}
