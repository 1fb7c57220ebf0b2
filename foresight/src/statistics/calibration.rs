//! Whether what is foretold comes about as often as it is said.

use serde::{Deserialize, Serialize};

use super::line::{line, logit};
use super::{Estimate, Share, Undefined, count, mean};

/// How chances that were foretold and what came of them go together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// The mean squared distance of chance and outcome: G. W. Brier, "Verification of Forecasts Expressed in Terms of Probability", Monthly
    /// Weather Review 78 (1950).
    pub brier: Estimate,
    /// The mean distance of foretold and real shares over the bins (expected calibration error).
    pub error: Estimate,
    /// The slope of outcomes on the foretold log-odds; 1 is right, less is overconfident (Cox 1958).
    pub slope: Estimate,
    /// Chances by size, about as many in each; equal chances stand together.
    pub bins: Vec<Bin>,
}

/// Some whose chances are alike.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bin {
    /// The lowest chance.
    pub from: f64,
    /// The highest.
    pub to: f64,
    /// The mean of the chances.
    pub foretold: f64,
    /// What came of them.
    pub good: Share,
}

/// How many bins there are at most.
const BINS: usize = 10;

/// Calibration of chances against outcomes.
#[must_use]
pub fn calibration(chances: &[f64], good: &[bool]) -> Calibration {
    let n = count(chances.len());
    if chances.is_empty() {
        let none = Estimate::undefined(Undefined::Nothing);
        return Calibration { brier: none, error: none, slope: none, bins: Vec::new() };
    }
    let squares: Vec<f64> = chances.iter().zip(good).map(|(p, good)| (p - f64::from(*good)).powi(2)).collect();
    let bins = bins(chances, good);
    let far = |bin: &Bin| (bin.foretold - bin.good.share.unwrap_or_default()).abs() * super::float(bin.good.of) / n;
    let logits: Vec<f64> = chances.iter().map(|p| logit(*p)).collect();
    let slope = match line(&logits, good, None) {
        Some(line) => Estimate::new(line.slope, line.interval),
        None => Estimate::undefined(why(&logits, good)),
    };
    Calibration {
        brier: mean(&squares).map_or(Estimate::undefined(Undefined::Nothing), |value| Estimate::new(value, None)),
        error: Estimate::new(bins.iter().map(far).sum(), None),
        slope,
        bins,
    }
}

fn why(values: &[f64], good: &[bool]) -> Undefined {
    if good.iter().all(|one| Some(one) == good.first()) {
        Undefined::OneClass
    } else if values.iter().all(|one| Some(one) == values.first()) {
        Undefined::OneValue
    } else {
        Undefined::Separated
    }
}

fn bins(chances: &[f64], good: &[bool]) -> Vec<Bin> {
    let mut order: Vec<(f64, bool)> = chances.iter().copied().zip(good.iter().copied()).collect();
    order.sort_unstable_by(|one, other| one.0.total_cmp(&other.0));
    let size = order.len().div_ceil(BINS).max(1);
    let mut bins = Vec::new();
    let mut open: Vec<(f64, bool)> = Vec::new();
    for tie in order.chunk_by(|one, other| one.0.total_cmp(&other.0).is_eq()) {
        if !open.is_empty() && open.len() + tie.len() / 2 >= size {
            bins.extend(bin(&open));
            open.clear();
        }
        open.extend(tie);
    }
    bins.extend(bin(&open));
    bins
}

fn bin(of: &[(f64, bool)]) -> Option<Bin> {
    let (from, to) = (of.first()?.0, of.last()?.0);
    let foretold = of.iter().map(|(p, _)| p).sum::<f64>() / count(of.len());
    let hits = of.iter().filter(|(_, good)| *good).count() as u64;
    Some(Bin { from, to, foretold, good: Share::new(hits, of.len() as u64) })
}
