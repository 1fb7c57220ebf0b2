//! Columns that say the outcome: written after it, or because of it. No single sign is proof, so several have to speak together, and
//! which ones did is told.

use std::collections::HashMap;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::history::{Cells, Column, History, Kind};
use crate::statistics::{Ranked, Share, auc, auc_within, count, logit};

/// A column that seems to say the outcome.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Leak {
    /// The column.
    pub column: SmolStr,
    /// How well it alone tells good from bad; a missing cell counts as a value of its own.
    pub auc: f64,
    /// What speaks for it, in words.
    pub evidence: Vec<String>,
}

/// What a column alone says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alone {
    /// The column.
    pub column: SmolStr,
    /// How well its values tell good from bad, each value's chance taken from other records; none where all came out the same.
    pub auc: Option<f64>,
    /// Of good ones, how many have a value.
    pub filled_good: Share,
    /// Of bad ones.
    pub filled_bad: Share,
}

/// How many records are looked at: an even sample of more.
const SAMPLE: usize = 60_000;

/// How many pieces numbers are cut into.
const PIECES: usize = 20;

/// Words in the names of columns that are written once the outcome is near: a person who reads the name would ask.
const NAMES: [&str; 28] = [
    "last",
    "tag",
    "tags",
    "status",
    "stage",
    "quality",
    "profile",
    "reason",
    "closed",
    "close",
    "won",
    "lost",
    "win",
    "outcome",
    "result",
    "disposition",
    "converted",
    "conversion",
    "churned",
    "cancelled",
    "canceled",
    "signed",
    "contract",
    "invoice",
    "paid",
    "notes",
    "remark",
    "final",
];

/// Pieces of a column as places from 0, the missing one first.
pub(super) fn pieces(column: &Column, records: &[u32]) -> (Vec<u32>, usize) {
    match &column.cells {
        Cells::Levels { levels, .. } if column.kind != Kind::Name => {
            (records.iter().map(|record| column.code(*record)).collect(), levels.len() + 1)
        }
        Cells::Numbers(_) if column.kind == Kind::Number => {
            let mut values: Vec<f64> =
                records.iter().map(|record| column.number(*record)).filter(|value| !value.is_nan()).collect();
            values.sort_unstable_by(f64::total_cmp);
            let mut cuts: Vec<f64> =
                (1..PIECES).filter_map(|part| values.get(part * values.len() / PIECES).copied()).collect();
            cuts.dedup();
            let piece = |value: f64| {
                let below = u32::try_from(cuts.partition_point(|cut| *cut <= value)).unwrap_or(0);
                if value.is_nan() { 0 } else { below + 1 }
            };
            (records.iter().map(|record| piece(column.number(*record))).collect(), cuts.len() + 2)
        }
        _ => (records.iter().map(|record| u32::from(column.is_known(*record))).collect(), 2),
    }
}

/// The chance of each record by its piece, from the other half of the records; shrunk to the mean.
fn chances(pieces: &[u32], size: usize, good: &[bool]) -> Vec<f64> {
    let mut counts = vec![[(0.0, 0.0); 2]; size];
    for (place, (piece, good)) in pieces.iter().zip(good).enumerate() {
        if let Some((hits, of)) = counts.get_mut(*piece as usize).and_then(|halves| halves.get_mut(place % 2)) {
            *hits += f64::from(*good);
            *of += 1.0;
        }
    }
    let mean = count(good.iter().filter(|good| **good).count()) / count(good.len().max(1));
    let chance = |(place, piece): (usize, &u32)| {
        let (hits, of) =
            counts.get(*piece as usize).and_then(|halves| halves.get(1 - place % 2)).copied().unwrap_or_default();
        (hits + 4.0 * mean) / (of + 4.0)
    };
    pieces.iter().enumerate().map(chance).collect()
}

/// Each half's chances come from the other, so that they can only be compared within one.
fn in_halves(chances: &[f64], good: &[bool]) -> Option<f64> {
    let half = |from: usize| {
        let chances: Vec<f64> = chances.iter().skip(from).step_by(2).copied().collect();
        let good: Vec<bool> = good.iter().skip(from).step_by(2).copied().collect();
        Ranked::new(&chances, &good)
    };
    auc_within(&[half(0), half(1)]).value
}

/// Every column by itself.
fn alone(column: &Column, records: &[u32], good: &[bool]) -> (Alone, Vec<f64>, Vec<u32>, usize) {
    let (pieces, size) = pieces(column, records);
    let chances = chances(&pieces, size, good);
    let filled = |kind: bool| {
        let of = records.iter().zip(good).filter(|(_, good)| **good == kind);
        let (hits, all) =
            of.fold((0, 0), |(hits, all), (record, _)| (hits + u64::from(column.is_known(*record)), all + 1));
        Share::new(hits, all)
    };
    let alone = Alone {
        column: column.name.clone(),
        auc: in_halves(&chances, good),
        filled_good: filled(true),
        filled_bad: filled(false),
    };
    (alone, chances, pieces, size)
}

/// Columns that seem to say the outcome, and what each column alone says.
#[must_use]
pub fn leaks(history: &History, decided: &[u32]) -> (Vec<Leak>, Vec<Alone>) {
    let step = decided.len().div_ceil(SAMPLE).max(1);
    let records: Vec<u32> = decided.iter().step_by(step).copied().collect();
    let good: Vec<bool> = records.iter().map(|record| history.is_good(*record)).collect();
    let goods = good.iter().filter(|good| **good).count();
    let looked: Vec<_> = history.columns.par_iter().map(|column| alone(column, &records, &good)).collect();
    // Fewer tell a leak from luck no better than a coin does.
    if goods.min(good.len() - goods) < 10 {
        return (Vec::new(), looked.into_iter().map(|(alone, ..)| alone).collect());
    }
    let logits: Vec<Vec<f64>> =
        looked.iter().map(|(_, chances, ..)| chances.iter().map(|p| logit(*p)).collect()).collect();
    let base = logit(count(goods) / count(good.len()));
    let mut sum = vec![0.0; good.len()];
    for column in &logits {
        sum.iter_mut().zip(column).for_each(|(sum, logit)| *sum += logit - base);
    }
    let all = auc(&sum, &good).value.unwrap_or(0.5);
    let judge = |place: usize| {
        let (alone, _, pieces, size) = looked.get(place)?;
        let column = history.columns.get(place)?;
        let others: Vec<f64> = sum.iter().zip(logits.get(place)?).map(|(sum, own)| sum - (own - base)).collect();
        let gain = all - auc(&others, &good).value.unwrap_or(0.5);
        judge(column, alone, gain, pieces, *size, &good)
    };
    let leaks = (0..looked.len()).into_par_iter().filter_map(judge).collect();
    (leaks, looked.into_iter().map(|(alone, ..)| alone).collect())
}

fn judge(column: &Column, alone: &Alone, gain: f64, pieces: &[u32], size: usize, good: &[bool]) -> Option<Leak> {
    let area = alone.auc?;
    let mut evidence = Vec::new();
    let mut weight = 0.0;
    if area >= 0.9 {
        weight += 2.0;
        evidence.push(format!("alone it has an AUC of {area:.2}"));
    } else if area >= 0.62 {
        weight += if area >= 0.8 { 1.25 } else { 0.75 };
        evidence.push(format!("alone it has an AUC of {area:.2}"));
    }
    if let Some(words) = after_only(alone) {
        weight += 1.5;
        evidence.push(words);
    }
    let pure = pure(pieces, size, good);
    if pure >= 0.3 && column.kind != Kind::Number {
        weight += 0.75;
        evidence.push(format!(
            "for {:.0}% of the records its value is nearly always followed by the same outcome",
            pure * 100.0
        ));
    }
    if gain >= 0.02 {
        weight += 0.5;
        evidence.push(format!("it adds {gain:.2} to the AUC of all the other columns"));
    }
    if weight > 0.0
        && let Some(word) = telling(&column.name)
    {
        weight += 1.25;
        evidence.push(format!("its name says `{word}`"));
    }
    (weight >= 1.99).then(|| Leak { column: column.name.clone(), auc: area, evidence })
}

/// Filled for one outcome only, or nearly so: somebody filled it in once the outcome was known.
fn after_only(alone: &Alone) -> Option<String> {
    let (good, bad) = (alone.filled_good.share?, alone.filled_bad.share?);
    let said = |filled: f64, other: f64, which: &str| {
        format!("it is filled for {:.0}% of the {which} ones and {:.0}% of the others", filled * 100.0, other * 100.0)
    };
    // Both the interval and the size have to say so.
    let apart = |more: Share, less: Share| {
        let (more_low, less_high) = (more.interval.map_or(0.0, |of| of.low), less.interval.map_or(1.0, |of| of.high));
        more_low > 0.3 && less_high < 0.12 || more_low > 0.02 && less.hits == 0 && more.hits >= 20
    };
    if apart(alone.filled_good, alone.filled_bad) {
        Some(said(good, bad, "good"))
    } else if apart(alone.filled_bad, alone.filled_good) {
        Some(said(bad, good, "bad"))
    } else {
        None
    }
}

/// The share of records in pieces that come out one way 95 times in 100, where chance would not have made them so.
fn pure(pieces: &[u32], size: usize, good: &[bool]) -> f64 {
    let mut counts: HashMap<u32, (u64, u64)> = HashMap::with_capacity(size.min(1024));
    for (piece, good) in pieces.iter().zip(good) {
        let (hits, of) = counts.entry(*piece).or_default();
        *hits += u64::from(*good);
        *of += 1;
    }
    let goods = good.iter().filter(|good| **good).count() as u64;
    let mean = Share::new(goods, good.len() as u64).share.unwrap_or(0.5);
    let pure = counts.iter().filter(|(piece, (hits, of))| {
        let share = Share::new(*hits, *of);
        let (rate, interval) = (share.share.unwrap_or(mean), share.interval);
        let apart = interval.is_some_and(|interval| interval.low > mean + 0.1 || interval.high < mean - 0.1);
        **piece != 0 && apart && (rate >= 0.95 || rate <= 0.05)
    });
    let records: u64 = pure.map(|(_, (_, of))| *of).sum();
    crate::statistics::float(records) / count(good.len().max(1))
}

fn telling(name: &str) -> Option<String> {
    let lower = name.to_lowercase();
    let mut words = lower.split(|letter: char| !letter.is_alphanumeric());
    words.find(|word| NAMES.contains(word)).map(str::to_owned)
}
