//! How far a score and an outcome go together.

use super::{Estimate, Interval, Undefined, Z, count, mean};

/// The point-biserial correlation (Pearson's, the outcome as 0 and 1), with the interval of R. A. Fisher, "On the 'Probable Error' of a
/// Coefficient of Correlation Deduced from a Small Sample", Metron 1 (1921). The interval needs more than three.
#[must_use]
pub fn correlation(scores: &[f64], good: &[bool]) -> Estimate {
    let Some(middle) = mean(scores) else { return Estimate::undefined(Undefined::Nothing) };
    let n = count(scores.len());
    let rate = count(good.iter().filter(|good| **good).count()) / n;
    if rate <= 0.0 || rate >= 1.0 {
        return Estimate::undefined(Undefined::OneClass);
    }
    let spread: f64 = scores.iter().map(|score| (score - middle) * (score - middle)).sum();
    let shared: f64 = scores.iter().zip(good).map(|(score, good)| (score - middle) * (f64::from(*good) - rate)).sum();
    if spread <= 0.0 {
        return Estimate::undefined(Undefined::OneValue);
    }
    let r = (shared / (spread * n * rate * (1.0 - rate)).sqrt()).clamp(-1.0, 1.0);
    let interval = (scores.len() > 3 && r.abs() < 1.0).then(|| {
        let half = Z / (n - 3.0).sqrt();
        Interval { low: (r.atanh() - half).tanh(), high: (r.atanh() + half).tanh() }
    });
    Estimate::new(r, interval)
}
