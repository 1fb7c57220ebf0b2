//! What the data themselves have to be asked before any figure is believed: copies, gaps that have a reason, and times that change.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::history::{History, Kind};
use crate::statistics::{Share, count, newcombe};

/// A column whose gaps go with the outcome, or with the time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Gap {
    /// The column.
    pub column: SmolStr,
    /// Of good ones, how many have it.
    pub filled_good: Share,
    /// Of bad ones.
    pub filled_bad: Share,
    /// It is filled more often for one outcome than for the other, by ten points of a hundred or more and beyond chance.
    pub by_outcome: bool,
    /// The least and the largest share filled in a tenth of the time, where it was as good as switched off in some.
    pub switched_off: Option<(f64, f64)>,
}

/// Something that is otherwise at the end than at the beginning.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shift {
    /// The column; none for the outcome itself.
    pub column: Option<SmolStr>,
    /// In words.
    pub words: String,
}

/// How many tenths there are.
const TENTHS: usize = 10;

/// Columns with gaps that have a reason.
#[must_use]
pub fn gaps(history: &History, decided: &[u32]) -> Vec<Gap> {
    let tenth = decided.len().div_ceil(TENTHS).max(1);
    let of = history.columns.iter().filter_map(|column| {
        let filled = |good: bool| {
            let kind = decided.iter().filter(|record| history.is_good(**record) == good);
            let (hits, all) =
                kind.fold((0, 0), |(hits, all), record| (hits + u64::from(column.is_known(*record)), all + 1));
            Share::new(hits, all)
        };
        let (filled_good, filled_bad) = (filled(true), filled(false));
        let difference = filled_good.share? - filled_bad.share?;
        let interval = newcombe((filled_good.hits, filled_good.of), (filled_bad.hits, filled_bad.of))?;
        let by_outcome = difference.abs() >= 0.1 && (interval.low > 0.0 || interval.high < 0.0);
        let shares: Vec<f64> = decided
            .chunks(tenth)
            .map(|part| count(part.iter().filter(|record| column.is_known(**record)).count()) / count(part.len()))
            .collect();
        let least = shares.iter().copied().fold(f64::INFINITY, f64::min);
        let most = shares.iter().copied().fold(0.0, f64::max);
        let switched_off = (tenth >= 20 && most >= 0.25 && least <= most / 4.0).then_some((least, most));
        (by_outcome || switched_off.is_some()).then(|| Gap {
            column: column.name.clone(),
            filled_good,
            filled_bad,
            by_outcome,
            switched_off,
        })
    });
    of.collect()
}

/// How many records say the same as an earlier one in all, and how many in all but names and ids.
#[must_use]
pub fn copies(history: &History) -> (u64, u64) {
    let same = |with_names: bool| {
        let columns: Vec<_> = history.columns.iter().filter(|column| with_names || column.kind != Kind::Name).collect();
        if columns.is_empty() {
            return 0;
        }
        let mut seen: HashMap<u64, u32> = HashMap::with_capacity(history.records.len());
        let mut copies = 0;
        for (place, record) in (0_u32..).zip(&history.records) {
            let start = record.outcome.map_or(7, |outcome| u64::from(outcome.good));
            let hash = columns.iter().fold(start, |hash, column| mixed(hash, column.fingerprint(place)));
            copies += u64::from(seen.insert(hash, place).is_some());
        }
        copies
    };
    // With few columns of few words, records say the same without being copies: it takes ids, or many columns.
    let names = history.columns.iter().filter(|column| column.kind == Kind::Name).count();
    let others = history.columns.len() - names;
    let all = if names > 0 || others >= 8 { same(true) } else { 0 };
    (all, if names > 0 && others >= 8 { same(false) } else { 0 })
}

/// S. Vigna's finaliser of a 64-bit hash, over both numbers: two records are taken for copies by chance once in billions.
const fn mixed(hash: u64, value: u64) -> u64 {
    let mixed = (hash ^ value.rotate_left(31)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ (mixed >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
    mixed ^ (mixed >> 29)
}

/// What is otherwise in the newer half than in the older one: the share of good ones, and words that come or go.
#[must_use]
pub fn shifts(history: &History, decided: &[u32]) -> Vec<Shift> {
    let (older, newer) = decided.split_at(decided.len() / 2);
    let mut shifts = Vec::new();
    let good = |of: &[u32]| of.iter().filter(|record| history.is_good(**record)).count() as u64;
    let (before, after) = ((good(older), older.len() as u64), (good(newer), newer.len() as u64));
    if let Some(interval) = newcombe(after, before) {
        let (was, is) = (Share::new(before.0, before.1).share, Share::new(after.0, after.1).share);
        if let (Some(was), Some(is)) = (was, is)
            && (interval.low > 0.03 || interval.high < -0.03)
        {
            let words = format!("the share of good ones went from {:.0}% to {:.0}%", was * 100.0, is * 100.0);
            shifts.push(Shift { column: None, words });
        }
    }
    for column in history.columns.iter().filter(|column| column.kind == Kind::Words) {
        let counts = |records: &[u32]| {
            let mut counts = vec![0_usize; column.levels().len() + 1];
            for record in records {
                if let Some(count) = counts.get_mut(column.code(*record) as usize) {
                    *count += 1;
                }
            }
            counts
        };
        for ((before, after), level) in counts(older).into_iter().zip(counts(newer)).skip(1).zip(column.levels()) {
            let least = 20.max(older.len() / 50);
            let came = before == 0 && after >= least;
            if came || after == 0 && before >= least {
                let (what, n) = if came {
                    ("appears only in the newer half", after)
                } else {
                    ("is gone in the newer half", before)
                };
                shifts.push(Shift {
                    column: Some(column.name.clone()),
                    words: format!("`{level}` {what} ({n} records)"),
                });
            }
        }
    }
    shifts
}
