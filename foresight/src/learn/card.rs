//! A score card as learning sees it: layers, rules with points, and which rule fired for whom.

use compiler::program::{FieldPath, Fixed, Program, Rule, Score, ScoreId};
use smol_str::SmolStr;

use super::routing::Routing;
use crate::history::Column;

/// A card, and what it found in the records of a history.
#[derive(Clone, Debug, Default)]
pub struct Scored {
    /// The card.
    pub card: Card,
    /// By rule, over all layers in source order.
    pub rules: Vec<Activation>,
    /// How scores become routes.
    pub routing: Routing,
    /// Of which records nothing unknown could change the route.
    pub certain: Vec<bool>,
}

/// A card: what its points are, without what they are for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Card {
    /// Its layers are clamped and weighed; otherwise it is a plain sum.
    pub weighted: bool,
    /// In source order.
    pub layers: Vec<CardLayer>,
    /// Over all layers, in source order.
    pub rules: Vec<CardRule>,
}

/// A layer of a card.
#[derive(Clone, Debug, PartialEq)]
pub struct CardLayer {
    /// `behavioral`; empty for rules that stand directly in the score.
    pub name: SmolStr,
    /// In percent, as it counts: 0 while it is left out; 100 in a card without weights.
    pub weight: f64,
    /// The fields that its rules read.
    pub reads: Vec<FieldPath>,
}

/// A rule of a card.
#[derive(Clone, Debug, PartialEq)]
pub struct CardRule {
    /// `behavioral.3`
    pub id: SmolStr,
    /// Its layer's place.
    pub layer: usize,
    /// As the playbook has them.
    pub points: f64,
    /// The condition as written.
    pub words: SmolStr,
    /// The fields that it reads.
    pub reads: Vec<FieldPath>,
}

/// For which records a rule fired, and how much of its points it gave them.
#[derive(Clone, Debug, PartialEq)]
pub enum Activation {
    /// All of them, or none: a bit a record.
    Whole(Vec<u64>),
    /// A part, or a multiple: what fades, and what counts for each event.
    Part(Vec<f32>),
}

impl Activation {
    /// How much of its points it gives that record.
    #[must_use]
    pub fn of(&self, record: u32) -> f64 {
        match self {
            Self::Whole(words) => {
                let word = words.get(record as usize / 64).copied().unwrap_or_default();
                if word >> (record % 64) & 1 == 1 { 1.0 } else { 0.0 }
            }
            Self::Part(parts) => parts.get(record as usize).copied().map_or(0.0, f64::from),
        }
    }

    /// Bits where every part is all or nothing, so that a million records take little room.
    #[must_use]
    pub fn of_parts(parts: &[f32]) -> Self {
        if parts.iter().any(|part| *part != 0.0 && *part != 1.0) {
            return Self::Part(parts.to_vec());
        }
        let word =
            |chunk: &[f32]| chunk.iter().zip(0..64).fold(0, |word, (part, bit)| word | u64::from(*part != 0.0) << bit);
        Self::Whole(parts.chunks(64).map(word).collect())
    }
}

impl Card {
    /// The card of a score. `is_left_out` says of a layer's place whether it does not count yet; the others' weights are rescaled then.
    #[must_use]
    pub fn of(program: &Program, score: ScoreId, is_left_out: impl Fn(usize) -> bool) -> Self {
        let Some(score) = program.scores.get(score.index()) else { return Self::default() };
        let declared = |layer: &compiler::program::Layer| layer.weight.map_or(100.0, Fixed::to_f64);
        let counted = score.layers.iter().enumerate().filter(|(place, _)| !is_left_out(*place));
        let sum: f64 = counted.map(|(_, layer)| declared(layer)).sum();
        let layers = score.layers.iter().enumerate().map(|(place, layer)| CardLayer {
            name: layer.name.clone().unwrap_or_default(),
            weight: match (is_left_out(place), score.weighted) {
                (true, _) => 0.0,
                (false, false) => 100.0,
                (false, true) => declared(layer) * 100.0 / sum.max(1e-9),
            },
            reads: reads(layer),
        });
        Self {
            weighted: score.weighted,
            layers: layers.collect(),
            rules: rules(score)
                .map(|(layer, rule)| CardRule {
                    id: rule.id.clone(),
                    layer,
                    points: rule.points.to_f64(),
                    words: rule.words.clone(),
                    reads: read_by(rule),
                })
                .collect(),
        }
    }

    /// Its points and weights as they stand.
    #[must_use]
    pub fn points(&self) -> Points {
        Points {
            weights: self.layers.iter().map(|layer| layer.weight).collect(),
            points: self.rules.iter().map(|rule| rule.points).collect(),
            new: Vec::new(),
        }
    }

    /// How much a rule moves the score for each of its points.
    #[must_use]
    pub(crate) fn share(&self, layer: usize) -> f64 {
        self.layers.get(layer).map_or(0.0, |layer| layer.weight / 100.0)
    }
}

/// All rules of a score with the places of their layers, in source order.
pub(crate) fn rules(score: &Score) -> impl Iterator<Item = (usize, &Rule)> {
    score.layers.iter().enumerate().flat_map(|(place, layer)| layer.rules.iter().map(move |rule| (place, rule)))
}

fn reads(layer: &compiler::program::Layer) -> Vec<FieldPath> {
    let mut paths: Vec<FieldPath> = layer.rules.iter().flat_map(read_by).collect();
    paths.sort();
    paths.dedup();
    paths
}

fn read_by(rule: &Rule) -> Vec<FieldPath> {
    let mut paths = Vec::new();
    if let compiler::program::RuleForm::When(condition) = &rule.form {
        super::reads::fields(condition, &mut paths);
    }
    paths
}

/// What a card gives for what: weights, points, and rules that it does not have yet.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Points {
    /// By layer, in percent.
    pub weights: Vec<f64>,
    /// By rule.
    pub points: Vec<f64>,
    /// New ones.
    pub new: Vec<NewRule>,
}

/// A rule that was found in a history.
#[derive(Clone, Debug, PartialEq)]
pub struct NewRule {
    /// Which column it reads.
    pub column: usize,
    /// What has to hold of it. A missing cell never does.
    pub test: Test,
    /// The layer that it belongs to.
    pub layer: usize,
    /// Whole points.
    pub points: f64,
}

/// What has to hold of a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// A number is at least that.
    AtLeast(f64),
    /// A number is below that.
    Below(f64),
    /// A word is one of these: places in the column's levels, from 1, in rising order.
    OneOf(Vec<u32>),
}

impl NewRule {
    /// Whether it holds of a record.
    #[must_use]
    pub fn holds(&self, columns: &[Column], record: u32) -> bool {
        columns.get(self.column).is_some_and(|column| self.test.holds(column, record))
    }
}

impl Test {
    /// Whether it holds of a record's cell; it does not where that is missing.
    #[must_use]
    pub fn holds(&self, column: &Column, record: u32) -> bool {
        match self {
            Self::AtLeast(least) => column.number(record) >= *least,
            Self::Below(limit) => column.number(record) < *limit,
            Self::OneOf(codes) => codes.binary_search(&column.code(record)).is_ok(),
        }
    }
}

/// Scores of some records, and what each layer gives them.
#[derive(Clone, Debug, Default)]
pub struct Values {
    /// The scores.
    pub scores: Vec<f64>,
    /// By layer, its value before it is weighed.
    pub layers: Vec<Vec<f64>>,
}

impl Points {
    /// Scores records. `leave` leaves one of the layers or rules out.
    #[must_use]
    pub fn values(
        &self,
        card: &Card,
        rules: &[Activation],
        columns: &[Column],
        records: &[u32],
        leave: Option<Part>,
    ) -> Values {
        let mut layers = vec![vec![0.0; records.len()]; card.layers.len().max(1)];
        for (place, ((rule, activation), points)) in card.rules.iter().zip(rules).zip(&self.points).enumerate() {
            let is_left = leave == Some(Part::Rule(place)) || leave == Some(Part::Layer(rule.layer));
            if is_left || *points == 0.0 {
                continue;
            }
            if let Some(sums) = layers.get_mut(rule.layer) {
                for (sum, record) in sums.iter_mut().zip(records) {
                    *sum += points * activation.of(*record);
                }
            }
        }
        for (place, rule) in self.new.iter().enumerate() {
            let is_left = leave == Some(Part::New(place)) || leave == Some(Part::Layer(rule.layer));
            if let (Some(sums), false) = (layers.get_mut(rule.layer), is_left) {
                for (sum, record) in sums.iter_mut().zip(records) {
                    *sum += if rule.holds(columns, *record) { rule.points } else { 0.0 };
                }
            }
        }
        let mut scores = vec![0.0; records.len()];
        for (place, sums) in layers.iter_mut().enumerate() {
            let weight = if card.weighted { self.weights.get(place).copied().unwrap_or(0.0) } else { 100.0 };
            let counts = card.layers.get(place).is_none_or(|layer| layer.weight > 0.0);
            for (sum, score) in sums.iter_mut().zip(&mut scores) {
                if card.weighted {
                    *sum = sum.clamp(0.0, 100.0);
                }
                if counts {
                    *score += hundredths(*sum * weight / 100.0);
                }
            }
        }
        scores.iter_mut().for_each(|score| *score = hundredths(*score));
        Values { scores, layers }
    }
}

/// A part of a card that may be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A layer by its place.
    Layer(usize),
    /// A rule by its place over all layers.
    Rule(usize),
    /// A new rule by its place.
    New(usize),
}

/// To two decimals, as scores are.
fn hundredths(value: f64) -> f64 {
    (value * 100.0).round_ties_even() / 100.0
}
