//! What an arm's share may be, and which arm is likely the best one.

use rand_chacha::ChaCha8Rng;
use rand_distr::Distribution as _;
use statrs::distribution::{Beta as Density, Continuous as _, ContinuousCDF as _};

/// A Beta distribution over shares.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Beta {
    /// Above nought.
    pub(super) good: f64,
    /// Above nought.
    pub(super) bad: f64,
}

impl Beta {
    pub(super) fn mean(self) -> f64 {
        self.good / (self.good + self.bad)
    }

    /// One share, as likely as it is.
    pub(super) fn draw(self, random: &mut ChaCha8Rng) -> f64 {
        // Both are at least one: the mean never stands in.
        rand_distr::Beta::new(self.good, self.bad).map_or_else(|_| self.mean(), |beta| beta.sample(random))
    }

    /// The share that is not exceeded with that probability.
    pub(super) fn quantile(self, p: f64) -> f64 {
        Density::new(self.good, self.bad).map_or_else(|_| self.mean(), |density| density.inverse_cdf(p))
    }
}

/// Halves of the unit interval's pieces, on which Simpson's rule adds up.
const PIECES: u32 = 512;

/// How likely each is the greatest: the integral of its density times the others' distributions, by Simpson's rule, brought to a sum of
/// one. Thompson, "On the Likelihood that One Unknown Probability Exceeds Another in View of the Evidence of Two Samples", Biometrika 25
/// (1933), for any number.
pub(super) fn probabilities_of_best(arms: &[Beta]) -> Vec<f64> {
    let densities: Option<Vec<Density>> = arms.iter().map(|arm| Density::new(arm.good, arm.bad).ok()).collect();
    let Some(densities) = densities else { return vec![0.0; arms.len()] };
    // Nearly all of every density lies here; pieces are not wasted on where there is none.
    let low = densities.iter().map(|density| density.inverse_cdf(1e-9)).fold(1.0, f64::min);
    let high = densities.iter().map(|density| density.inverse_cdf(1.0 - 1e-9)).fold(0.0, f64::max);
    let step = (high - low) / f64::from(PIECES);
    let mut sums = vec![0.0; arms.len()];
    for piece in 0..=PIECES {
        let share = step.mul_add(f64::from(piece), low);
        let weight = match piece {
            0 | PIECES => 1.0,
            odd if odd % 2 == 1 => 4.0,
            _ => 2.0,
        };
        let below: Vec<f64> = densities.iter().map(|density| density.cdf(share)).collect();
        for (place, (sum, density)) in sums.iter_mut().zip(&densities).enumerate() {
            let others: f64 =
                below.iter().enumerate().filter(|(other, _)| *other != place).map(|(_, below)| below).product();
            *sum += weight * density.pdf(share) * others;
        }
    }
    let total: f64 = sums.iter().sum();
    if total > 0.0 { sums.iter().map(|sum| sum / total).collect() } else { sums }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_alike_each_is_as_likely_the_best_and_more_successes_make_it_likelier() {
        let alike = probabilities_of_best(&[Beta { good: 3.0, bad: 9.0 }, Beta { good: 3.0, bad: 9.0 }]);
        assert!((alike[0] - 0.5).abs() < 1e-9);
        // Exact for whole numbers: the sum of E. Miller, "Formulas for Bayesian A/B Testing" (2013), worked out in fractions.
        // P(Beta(2, 1) > Beta(1, 2)) = 5/6.
        let apart = probabilities_of_best(&[Beta { good: 2.0, bad: 1.0 }, Beta { good: 1.0, bad: 2.0 }]);
        assert!((apart[0] - 5.0 / 6.0).abs() < 1e-6, "{apart:?}");
    }
}
