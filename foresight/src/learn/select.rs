//! Rules that a card does not have: words that come with good or bad outcomes, and thresholds, found one after the other in what the
//! rules so far leave unexplained.

use super::card::Test;
use crate::history::{Column, Kind};
use crate::statistics::count;

/// How many thresholds of a column are tried.
const CUTS: usize = 24;

/// No rule is made for fewer records, nor for all but fewer.
const LEAST: usize = 12;

/// No rule names more words: nobody would read it.
const WORDS: usize = 12;

/// What speaks for a rule has to exceed this, beside what looking costs: a chi-squared of one degree of freedom is larger one time in six
/// where there is nothing. Whether rules hold forward in time is asked of all of them together.
const PRICE: f64 = 2.0;

/// A column cut into pieces, for the examples of one fit.
pub(super) struct Pieces {
    pub(super) column: usize,
    kind: Kind,
    /// By example: the piece, from 1; 0 is missing.
    pub(super) codes: Vec<u16>,
    /// How many there are.
    pieces: usize,
    /// Of numbers: the lower ends of the second piece and those after it.
    cuts: Vec<f64>,
    /// Of words: the code of each piece in the column.
    words: Vec<u32>,
    /// Which way a number speaks, once a rule was made of it: more of it is better, or worse.
    pub(super) direction: Option<bool>,
}

impl Pieces {
    /// Cuts the columns that rules can be made of.
    pub(super) fn of(columns: &[Column], allowed: &[bool], records: &[u32]) -> Vec<Self> {
        let telling =
            columns.iter().zip(allowed).enumerate().filter(|(_, (column, allowed))| column.is_telling() && **allowed);
        telling.filter_map(|(place, (column, _))| Self::cut(place, column, records)).collect()
    }

    fn cut(place: usize, column: &Column, records: &[u32]) -> Option<Self> {
        let least = least(records.len());
        let mut pieces = Self {
            column: place,
            kind: column.kind,
            codes: Vec::with_capacity(records.len()),
            pieces: 0,
            cuts: Vec::new(),
            words: Vec::new(),
            direction: None,
        };
        if column.kind == Kind::Number {
            pieces.cuts = cuts(column, records);
            pieces.pieces = pieces.cuts.len() + 1;
            let piece = |value: f64| {
                let below = pieces.cuts.partition_point(|cut| *cut <= value);
                if value.is_nan() { 0 } else { u16::try_from(below + 1).unwrap_or(u16::MAX) }
            };
            let codes = records.iter().map(|record| piece(column.number(*record))).collect();
            pieces.codes = codes;
        } else {
            let mut counts = vec![0_usize; column.levels().len() + 1];
            for record in records {
                if let Some(count) = counts.get_mut(column.code(*record) as usize) {
                    *count += 1;
                }
            }
            let mut places = vec![0_u16; counts.len()];
            for (code, count) in (0_u32..).zip(&counts).skip(1) {
                if *count >= least && pieces.words.len() < usize::from(u16::MAX) - 1 {
                    pieces.words.push(code);
                    if let Some(place) = places.get_mut(code as usize) {
                        *place = u16::try_from(pieces.words.len()).unwrap_or(0);
                    }
                }
            }
            pieces.pieces = pieces.words.len();
            pieces.codes =
                records.iter().map(|record| places.get(column.code(*record) as usize).copied().unwrap_or(0)).collect();
        }
        (pieces.pieces > 0 && (column.kind != Kind::Number || pieces.pieces > 1)).then_some(pieces)
    }

    /// The values of a rule as a feature: 1 where it holds.
    pub(super) fn feature(&self, found: &Found) -> Vec<f32> {
        self.codes.iter().map(|code| if found.holds(*code) { 1.0 } else { 0.0 }).collect()
    }

    /// What a found rule asks of the column.
    pub(super) fn test(&self, found: &Found) -> Test {
        let cut = |piece: u16| self.cuts.get((piece as usize).saturating_sub(2)).copied().unwrap_or(f64::NAN);
        match &found.pieces {
            Which::From(piece) => Test::AtLeast(cut(*piece)),
            Which::Below(piece) => Test::Below(cut(*piece)),
            Which::Of(pieces) => {
                let code = |piece: &u16| self.words.get((*piece as usize).checked_sub(1)?).copied();
                let mut codes: Vec<u32> = pieces.iter().filter_map(code).collect();
                codes.sort_unstable();
                Test::OneOf(codes)
            }
        }
    }
}

/// No fewer records than this make a rule.
pub(super) fn least(records: usize) -> usize {
    LEAST.max(records / 400)
}

fn cuts(column: &Column, records: &[u32]) -> Vec<f64> {
    // An even sample is enough to place quantiles.
    let step = (records.len() / 4000).max(1);
    let mut values: Vec<f64> =
        records.iter().step_by(step).map(|record| column.number(*record)).filter(|value| !value.is_nan()).collect();
    values.sort_by(f64::total_cmp);
    let at = |part: usize| values.get(part * values.len() / (CUTS + 1)).copied();
    let mut cuts: Vec<f64> = (1..=CUTS).filter_map(at).collect();
    cuts.dedup();
    // Nothing lies below the least value.
    cuts.retain(|cut| values.first().is_some_and(|first| cut > first));
    cuts
}

/// A rule that was found, and what speaks for it.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// The place among the pieces.
    pub(super) place: usize,
    pieces: Which,
    /// It gives points; otherwise it takes some.
    pub(super) gives: bool,
    /// The score statistic less what looking at so much costs.
    pub(super) worth: f64,
}

#[derive(Clone, Debug)]
enum Which {
    From(u16),
    Below(u16),
    Of(Vec<u16>),
}

impl Found {
    fn holds(&self, code: u16) -> bool {
        match &self.pieces {
            Which::From(piece) => code >= *piece,
            Which::Below(piece) => code > 0 && code < *piece,
            Which::Of(pieces) => pieces.contains(&code),
        }
    }
}

/// What is unexplained in a piece.
#[derive(Clone, Copy, Debug, Default)]
struct Heap {
    /// Outcomes less chances.
    residual: f64,
    /// Their variance.
    variance: f64,
    records: usize,
}

impl Heap {
    fn add(&mut self, other: Self) {
        self.residual += other.residual;
        self.variance += other.variance;
        self.records += other.records;
    }

    /// Rao's score statistic (C. R. Rao, Proceedings of the Cambridge Philosophical Society 44 (1948)): about chi-squared with one degree
    /// of freedom where nothing is unexplained.
    fn statistic(&self, strength: f64) -> f64 {
        self.residual * self.residual / (self.variance + strength)
    }
}

/// The rule that explains most of what the chances leave unexplained, if any explains more than it costs.
pub(super) fn best(pieces: &[Pieces], rest: &Rest, strength: f64) -> Option<Found> {
    let all = pieces.iter().enumerate().filter_map(|(place, of)| of.best(place, rest, strength));
    all.max_by(|one, other| one.worth.total_cmp(&other.worth)).filter(|found| found.worth > 0.0)
}

/// What chances leave unexplained, by example.
pub(super) struct Rest {
    residuals: Vec<f32>,
    variances: Vec<f32>,
}

impl Rest {
    pub(super) fn of(good: &[bool], chances: &[f64]) -> Self {
        Self {
            residuals: good.iter().zip(chances).map(|(good, p)| narrow(f64::from(*good) - p)).collect(),
            variances: chances.iter().map(|p| narrow(p * (1.0 - p))).collect(),
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "seven digits of a residual are enough to sum some thousands of them"
)]
fn narrow(value: f64) -> f32 {
    value as f32
}

impl Pieces {
    fn best(&self, place: usize, rest: &Rest, strength: f64) -> Option<Found> {
        let mut heaps = vec![Heap::default(); self.pieces + 1];
        let mut add = |code: u16, residual: f32, variance: f32| {
            if let Some(heap) = heaps.get_mut(usize::from(code)) {
                heap.residual += f64::from(residual);
                heap.variance += f64::from(variance);
                heap.records += 1;
            }
        };
        let examples = self.codes.iter().zip(&rest.residuals).zip(&rest.variances);
        examples.for_each(|((code, residual), variance)| add(*code, *residual, *variance));
        let records = rest.residuals.len();
        let fits = |heap: &Heap| heap.records >= least(records) && records - heap.records >= least(records);
        let mut best: Option<Found> = None;
        let mut offer = |pieces: Which, heap: Heap, extra: f64| {
            let worth = heap.statistic(strength) - PRICE - extra;
            if fits(&heap) && best.as_ref().is_none_or(|best| worth > best.worth) {
                best = Some(Found { place, pieces, gives: heap.residual > 0.0, worth });
            }
        };
        if self.kind == Kind::Number {
            let mut below = Heap::default();
            let mut above = Heap::default();
            heaps.iter().skip(1).for_each(|heap| above.add(*heap));
            for (piece, heap) in (1_u16..).zip(heaps.iter().skip(1).take(self.pieces.saturating_sub(1))) {
                below.add(*heap);
                above.residual -= heap.residual;
                above.variance -= heap.variance;
                above.records -= heap.records;
                // More being better means that what lies above gives, or what lies below takes.
                let rising = |gives: bool, from: bool| gives == from;
                let allowed = |heap: &Heap, from: bool| {
                    self.direction.is_none_or(|better| rising(heap.residual > 0.0, from) == better)
                };
                if allowed(&above, true) {
                    offer(Which::From(piece + 1), above, 0.0);
                }
                if allowed(&below, false) {
                    offer(Which::Below(piece + 1), below, 0.0);
                }
            }
            return best;
        }
        for gives in [true, false] {
            // Words that lean the same way by two standard errors, the strongest first: each further one has its price.
            let mut leaning: Vec<(u16, Heap)> = (1_u16..)
                .zip(heaps.iter().skip(1).copied())
                .filter(|(_, heap)| (heap.residual > 0.0) == gives && heap.statistic(strength) > 4.0)
                .collect();
            let strongest = |heap: &Heap| heap.residual.abs() / (heap.variance + strength);
            leaning.sort_by(|one, other| strongest(&other.1).total_cmp(&strongest(&one.1)));
            let (mut together, mut pieces) = (Heap::default(), Vec::new());
            for (piece, heap) in leaning.into_iter().take(WORDS) {
                together.add(heap);
                pieces.push(piece);
                offer(Which::Of(pieces.clone()), together, 2.0 * count(pieces.len() - 1));
            }
        }
        best
    }
}
