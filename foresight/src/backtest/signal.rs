//! Whether the data say anything about the outcome at all.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::leaks::pieces;
use crate::history::History;
use crate::statistics::{Random, count};

/// How often data without any signal are said to have one: in one of twenty sets.
pub const FALSE_ALARMS: f64 = 0.05;

/// How many shuffles the outcomes are compared with.
const SHUFFLES: u64 = 199;

/// How many records are looked at: an even sample of more.
const SAMPLE: usize = 10_000;

/// Outcomes are shuffled within so many stretches of time, so that a good year is no signal.
const STRETCHES: usize = 5;

/// Whether some column goes with the outcome by more than chance.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Signal {
    /// How often shuffled outcomes look as telling as these in their most telling column (P. H. Westfall and S. S. Young, "Resampling-Based
    /// Multiple Testing", 1993); none where there is too little to shuffle.
    pub p: Option<f64>,
    /// It is so by chance no more than one time in twenty.
    pub found: bool,
    /// The most telling column.
    pub column: Option<SmolStr>,
}

/// Compares what the columns say of the outcomes with what they say of shuffled ones. `allowed` says which columns are asked.
#[must_use]
pub fn signal(history: &History, decided: &[u32], allowed: &[bool]) -> Signal {
    let step = decided.len().div_ceil(SAMPLE).max(1);
    let records: Vec<u32> = decided.iter().step_by(step).copied().collect();
    let stretch = records.len().div_ceil(STRETCHES).max(1);
    // Outcomes less the mean of their stretch.
    let mut residuals: Vec<f64> = Vec::with_capacity(records.len());
    for records in records.chunks(stretch) {
        let good: Vec<f64> = records.iter().map(|record| f64::from(history.is_good(*record))).collect();
        let mean = good.iter().sum::<f64>() / count(good.len());
        residuals.extend(good.iter().map(|good| good - mean));
    }
    let variance = residuals.iter().map(|residual| residual * residual).sum::<f64>() / count(residuals.len().max(1));
    if records.len() < 20 || variance <= 0.0 {
        return Signal::default();
    }
    let columns: Vec<(usize, Vec<u32>, Vec<f64>)> = history
        .columns
        .iter()
        .zip(allowed)
        .enumerate()
        .filter(|(_, (column, allowed))| **allowed && column.is_telling())
        .filter_map(|(place, (column, _))| {
            let (codes, size) = pieces(column, &records);
            let mut counts = vec![0.0; size];
            for code in &codes {
                if let Some(count) = counts.get_mut(*code as usize) {
                    *count += 1.0;
                }
            }
            (counts.iter().filter(|count| **count > 0.0).count() > 1).then_some((place, codes, counts))
        })
        .collect();
    if columns.is_empty() {
        return Signal::default();
    }
    let largest = |residuals: &[f64]| -> (f64, usize) {
        let of = columns.iter().map(|(place, codes, counts)| (statistic(codes, counts, residuals, variance), *place));
        of.max_by(|one, other| one.0.total_cmp(&other.0)).unwrap_or((0.0, 0))
    };
    let (seen, place) = largest(&residuals);
    let as_large: u64 = (0..SHUFFLES)
        .into_par_iter()
        .map(|seed| {
            let mut random = Random::new(seed);
            let mut shuffled = residuals.clone();
            shuffled.chunks_mut(stretch).for_each(|part| random.shuffle(part));
            u64::from(largest(&shuffled).0 >= seen - 1e-9)
        })
        .sum();
    let p = crate::statistics::float(1 + as_large) / crate::statistics::float(1 + SHUFFLES);
    let column = history.columns.get(place).map(|column| column.name.clone());
    Signal { p: Some(p), found: p <= FALSE_ALARMS, column }
}

/// Pearson's chi-squared of the pieces, less its mean and over its standard deviation, so that columns of few and of many pieces compare.
fn statistic(codes: &[u32], counts: &[f64], residuals: &[f64], variance: f64) -> f64 {
    let mut sums = vec![0.0; counts.len()];
    for (code, residual) in codes.iter().zip(residuals) {
        if let Some(sum) = sums.get_mut(*code as usize) {
            *sum += residual;
        }
    }
    // Pieces of one or two records say nothing of their own.
    let full = sums.iter().zip(counts).filter(|(_, count)| **count >= 3.0);
    let (chi, freedom) =
        full.fold((0.0, -1.0), |(chi, freedom), (sum, count)| (chi + sum * sum / count / variance, freedom + 1.0));
    if freedom < 1.0 { 0.0 } else { (chi - freedom) / (2.0 * freedom).sqrt() }
}
