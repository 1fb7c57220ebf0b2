//! Forward in time: each block of decisions is judged by what was learned from outcomes that were known before it began.

use rayon::prelude::*;

use crate::history::History;
use crate::learn::{Learned, Settings, Values, learn};

/// How many blocks there are.
const BLOCKS: usize = 10;

/// A block of decisions, one after the other.
#[derive(Clone, Debug)]
pub struct Block {
    /// The decided records in it.
    pub records: Vec<u32>,
    /// Decided ones known before it.
    pub known: usize,
    /// What was learned from them.
    pub learned: Learned,
}

/// The decided records whose outcome was known before an instant, and that were decided on before it; in their order.
#[must_use]
pub fn known_before(history: &History, decided: &[u32], instant: i64) -> Vec<u32> {
    let before = |record: &&u32| {
        let record = history.records.get(**record as usize);
        record
            .is_some_and(|record| record.at < instant && record.outcome.is_some_and(|outcome| outcome.known < instant))
    };
    decided.iter().filter(before).copied().collect()
}

/// Cuts the decided records from a place on into blocks and learns for each of them. Each learns anew, so they can be done at once.
#[must_use]
pub fn forward(history: &History, decided: &[u32], from: usize, settings: &Settings) -> Vec<Block> {
    let judged = decided.get(from..).unwrap_or_default();
    let size = judged.len().div_ceil(BLOCKS).max(1);
    let blocks: Vec<&[u32]> = judged.chunks(size).collect();
    blocks
        .into_par_iter()
        .map(|block| {
            let first = block.first().and_then(|record| history.records.get(*record as usize));
            let known = first.map(|first| known_before(history, decided, first.at)).unwrap_or_default();
            Block { records: block.to_vec(), known: known.len(), learned: learn_from(history, &known, settings) }
        })
        .collect()
}

/// Learns from some records.
#[must_use]
pub fn learn_from(history: &History, records: &[u32], settings: &Settings) -> Learned {
    let nothing = Default::default();
    let scored = history.scored.as_ref().unwrap_or(&nothing);
    learn(scored, &history.columns, records, |record| history.is_good(record), settings)
}

/// Scores records with some points.
#[must_use]
pub fn values(history: &History, points: &crate::learn::Points, records: &[u32]) -> Values {
    let nothing = Default::default();
    let scored = history.scored.as_ref().unwrap_or(&nothing);
    points.values(&scored.card, &scored.rules, &history.columns, records, None)
}
