//! A figure over seeds: what it is on the average, how sure that is, and how far it goes from seed to seed.

use serde::{Deserialize, Serialize};

/// The 97.5% quantile of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// A figure over seeds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    /// The mean.
    pub mean: f64,
    /// Where the mean is 95 times in 100: the mean and twice its standard error, seeds being the units.
    pub from: f64,
    /// The same.
    pub to: f64,
    /// Five seeds in a hundred have less.
    pub low: f64,
    /// Five seeds in a hundred have more.
    pub high: f64,
    /// Of so many seeds; those in which it is undefined are left out.
    pub seeds: u64,
}

impl Spread {
    /// Of these values; none of none.
    #[must_use]
    pub fn of(values: impl IntoIterator<Item = f64>) -> Option<Self> {
        let mut values: Vec<f64> = values.into_iter().filter(|value| value.is_finite()).collect();
        values.sort_by(f64::total_cmp);
        let count = values.len() as f64;
        let (low, high) = (at(&values, 0.05)?, at(&values, 0.95)?);
        let mean = values.iter().sum::<f64>() / count;
        let squares = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>();
        let error = if values.len() > 1 { Z * (squares / (count - 1.0) / count).sqrt() } else { f64::INFINITY };
        let (from, to) = if error.is_finite() { (mean - error, mean + error) } else { (mean, mean) };
        Some(Self { mean, from, to, low, high, seeds: values.len() as u64 })
    }
}

/// The quantile of sorted values, between two of them by their distance.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place among values in memory")]
fn at(sorted: &[f64], p: f64) -> Option<f64> {
    let place = p * sorted.len().checked_sub(1)? as f64;
    let (below, above) = (sorted.get(place.floor() as usize)?, sorted.get(place.ceil() as usize)?);
    Some(below + (above - below) * place.fract())
}

/// How numbers and yes/no go together: the point-biserial correlation; none where one of them is the same for all.
#[must_use]
pub fn correlation(pairs: &[(f64, bool)]) -> Option<f64> {
    let count = pairs.len() as f64;
    let mean = pairs.iter().map(|(value, _)| value).sum::<f64>() / count;
    let rate = pairs.iter().filter(|(_, good)| *good).count() as f64 / count;
    let (mut together, mut of_values) = (0.0, 0.0);
    for (value, good) in pairs {
        let by = value - mean;
        together += by * (f64::from(u8::from(*good)) - rate);
        of_values += by * by;
    }
    let of_outcomes = rate * (1.0 - rate) * count;
    (of_values > 0.0 && of_outcomes > 0.0).then(|| together / (of_values * of_outcomes).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spreads_are_means_with_their_errors_and_quantiles() {
        let spread = Spread::of((1..=101).map(f64::from)).unwrap();
        assert_eq!((spread.mean, spread.low, spread.high, spread.seeds), (51.0, 6.0, 96.0, 101));
        // The variance of 1..=n is n(n+1)/12.
        let error = Z * (101.0_f64 * 102.0 / 12.0 / 101.0).sqrt();
        assert!((spread.to - 51.0 - error).abs() < 1e-9);
        assert_eq!(Spread::of([]), None);
        let one = Spread::of([3.0]).unwrap();
        assert_eq!((one.from, one.to), (3.0, 3.0));
    }

    #[test]
    fn a_correlation_is_as_worked_out_by_hand() {
        // Means 2 and 1/2; together 1 + 0 + 0 + 1 = 2... over values (-1, 0, 0, 1) and outcomes (-½, -½, ½, ½): 1; squares 2 and 1.
        let r = correlation(&[(1.0, false), (2.0, false), (2.0, true), (3.0, true)]).unwrap();
        assert!((r - 1.0 / 2.0_f64.sqrt()).abs() < 1e-12, "{r}");
        assert_eq!(correlation(&[(1.0, true), (2.0, true)]), None);
        assert_eq!(correlation(&[(1.0, true), (1.0, false)]), None);
    }
}
