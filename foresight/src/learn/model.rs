//! What is learned from decided records: the playbook's own card, moved as far as outcomes pay for it, and rules that it does not have.
//!
//! Pure: records, columns and outcomes in, points out. How far the card may move is chosen by what would have held forward in time.

use serde::{Deserialize, Serialize};

use super::card::{Card, NewRule, Points, Scored};
use super::fit::{Fitted, Hold, Problem};
use super::select::{Pieces, Rest, best};
use crate::history::Column;
use crate::statistics::{Line, count, line, logit, softplus};

/// How learning goes about.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Of which columns rules may be made; by column.
    pub allowed: Vec<bool>,
    /// No weight is proposed below or above these, in percent.
    pub keep: Option<(f64, f64)>,
    /// No more new rules than this.
    pub most: usize,
    /// Learned from an even sample of so many examples where there are more.
    pub sample: usize,
}

/// How many rules a card gets at most: as many as a person still reads.
pub const MOST_RULES: usize = 15;

/// How many examples are learned from at most.
pub const SAMPLE: usize = 15_000;

/// Ten points double the odds of a card that has none of its own.
const POINT: f64 = std::f64::consts::LN_2 / 10.0;

/// How strongly weights are held to the card's, the weakest first: inverse variances in log-odds, of standard deviations 1, 0.5 and so on.
const STRENGTHS: [f64; 4] = [1.0, 4.0, 16.0, 64.0];

/// From fewer examples nothing is learned: three parts of them would have to judge what the others taught.
pub const LEAST: usize = 30;

/// Nor from fewer of the rarer outcome.
pub const LEAST_RARER: usize = 10;

/// How much larger or smaller a learned card's points may be for as many to go the best way; the card's own scale is tried first.
const SCALES: [f64; 13] = [1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 1.1, 1.25, 1.4, 1.6, 1.8, 2.0];

/// Better than the card by so many standard errors of the difference, forward in time: nine times in ten it is so.
const SURE: f64 = 1.282;

/// Forward-in-time validation: learned from the first part, judged on the part behind it.
const FOLDS: [(f64, f64); 3] = [(0.4, 0.6), (0.6, 0.8), (0.8, 1.0)];

/// What was learned.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Learned {
    /// Weights, points and new rules; those of the card where nothing pays for a change.
    pub points: Points,
    /// Its scores turned into chances; none where there were not both kinds.
    pub line: Option<Line>,
    /// How it came about.
    pub choice: Choice,
}

/// How far from the card it went, and what spoke for that.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    /// The card was left as it is, because outcomes do not pay for a change.
    pub kept: bool,
    /// How strongly weights were held to the card's.
    pub strength: Option<f64>,
    /// By how much the log-loss of a decision fell, forward in time.
    pub gain: f64,
    /// The standard error of that.
    pub error: f64,
    /// From how many examples it was learned.
    pub examples: u64,
    /// How many of them were good.
    pub good: u64,
}

impl Settings {
    /// For all columns.
    #[must_use]
    pub fn of(columns: &[Column]) -> Self {
        Self { allowed: vec![true; columns.len()], keep: None, most: MOST_RULES, sample: SAMPLE }
    }
}

/// Where a rule that reads a column belongs.
pub(super) type Home<'a> = &'a (dyn Fn(usize) -> usize + Sync);

/// Learns from some records of a history, in the order in which they were decided on.
#[must_use]
pub fn learn(
    scored: &Scored,
    columns: &[Column],
    records: &[u32],
    is_good: impl Fn(u32) -> bool,
    settings: &Settings,
) -> Learned {
    let step = records.len().div_ceil(settings.sample.max(1)).max(1);
    // Counted from the newest, which is never left out.
    let mut sample: Vec<u32> = records.iter().rev().step_by(step).copied().collect();
    sample.reverse();
    let good: Vec<bool> = sample.iter().map(|record| is_good(*record)).collect();
    let home = |column: usize| super::home::layer(&scored.card, columns.get(column));
    let examples = Examples { scored, columns, records: &sample, good: &good, settings, home: &home };
    examples.learn()
}

struct Examples<'a> {
    scored: &'a Scored,
    columns: &'a [Column],
    records: &'a [u32],
    good: &'a [bool],
    settings: &'a Settings,
    home: Home<'a>,
}

/// What can be chosen: how strongly weights are held, and whether there are new rules.
#[derive(Clone, Copy, Debug)]
struct Manner {
    strength: f64,
    new: bool,
}

/// What a card's own scores and rules say of the examples, and the rules found beside them.
struct Ground {
    base: Option<Line>,
    /// By layer: how much log-odds one point of it is worth.
    scales: Vec<f64>,
    found: Vec<NewRule>,
}

impl Examples<'_> {
    fn card(&self) -> &Card {
        &self.scored.card
    }

    fn learn(&self) -> Learned {
        let goods = self.good.iter().filter(|good| **good).count() as u64;
        let mut choice = Choice { kept: true, examples: self.good.len() as u64, good: goods, ..Choice::default() };
        let own = self.card().points();
        let scores = own.values(self.card(), &self.scored.rules, self.columns, self.records, None).scores;
        let prior = (!self.card().rules.is_empty()).then_some(POINT / 2.0);
        let base = line(&scores, self.good, prior);
        let kept = |choice| Learned { points: own.clone(), line: base, choice };
        if self.good.len() < LEAST || self.rarer() < LEAST_RARER {
            return kept(choice);
        }
        let Some((best, gain, error)) = self.choose() else { return kept(choice) };
        (choice.gain, choice.error, choice.strength) = (gain, error, Some(best.strength));
        if gain <= SURE * error || gain <= 0.0 {
            return kept(choice);
        }
        let ground = self.ground(best.new);
        let (problem, fitted) = self.fit(&ground, best);
        let points = self.points(&ground, &problem, &fitted);
        choice.kept = points == own;
        let scores = points.values(self.card(), &self.scored.rules, self.columns, self.records, None).scores;
        let learned = line(&scores, self.good, Some(POINT));
        Learned { points, line: learned, choice }
    }

    /// What would have done best forward in time, by how much better than the card a decision, and the standard error of that.
    fn choose(&self) -> Option<(Manner, f64, f64)> {
        let options: Vec<Manner> = STRENGTHS
            .iter()
            .flat_map(|strength| [false, true].map(|new| Manner { strength: *strength, new }))
            .filter(|option| option.new || !self.card().rules.is_empty())
            .collect();
        let mut gains: Vec<Vec<f64>> = vec![Vec::new(); options.len()];
        let n = count(self.records.len());
        for (until, to) in FOLDS {
            let (until, to) = (place(until * n), place(to * n));
            let part = |from: usize, to: usize| Examples {
                records: self.records.get(from..to).unwrap_or_default(),
                good: self.good.get(from..to).unwrap_or_default(),
                ..*self
            };
            let (early, late) = (part(0, until), part(until, to));
            let rarer = early.rarer();
            if rarer < 5 || late.good.is_empty() {
                continue;
            }
            early.judge(&late, &options, &mut gains);
        }
        let judged = options.iter().zip(&gains).filter(|(_, gains)| gains.len() > 1).map(|(option, gains)| {
            let n = count(gains.len());
            let mean = gains.iter().sum::<f64>() / n;
            let variance = gains.iter().map(|gain| (gain - mean).powi(2)).sum::<f64>() / (n - 1.0);
            (*option, mean, (variance / n).sqrt())
        });
        judged.max_by(|one, other| one.1.total_cmp(&other.1))
    }

    fn rarer(&self) -> usize {
        let goods = self.good.iter().filter(|good| **good).count();
        goods.min(self.good.len() - goods)
    }

    /// Learns by each option and appends what each gains on later examples, over the card as it is.
    fn judge(&self, late: &Self, options: &[Manner], gains: &mut [Vec<f64>]) {
        let own = self.card().points();
        let score = |of: &Self| own.values(of.card(), &of.scored.rules, of.columns, of.records, None).scores;
        let (scores, later) = (score(self), score(late));
        let prior = (!self.card().rules.is_empty()).then_some(POINT / 2.0);
        let rate = (count(self.good.iter().filter(|good| **good).count()) + 0.5) / (count(self.good.len()) + 1.0);
        let base = line(&scores, self.good, prior).filter(|line| line.slope > 0.0).unwrap_or(Line {
            intercept: logit(rate),
            slope: 0.0,
            interval: None,
        });
        let loss = |x: f64, good: bool| softplus(if good { -x } else { x });
        let before: Vec<f64> =
            later.iter().zip(late.good).map(|(score, good)| loss(base.intercept + base.slope * score, *good)).collect();
        let (plain, found) = (self.ground(false), self.ground(true));
        for (option, gains) in options.iter().zip(gains) {
            let ground = if option.new { &found } else { &plain };
            let (problem, fitted) = self.fit(ground, *option);
            let foretold =
                late.problem(ground, option.strength).foretell(fitted.intercept, &fitted.weights, late.good.len());
            debug_assert_eq!(problem.features.len(), fitted.weights.len());
            let after = foretold.iter().zip(late.good).map(|(x, good)| loss(*x, *good));
            gains.extend(before.iter().zip(after).map(|(before, after)| before - after));
        }
    }

    /// What each layer's points are worth, and rules beside the card's.
    fn ground(&self, new: bool) -> Ground {
        let own = self.card().points();
        let values = own.values(self.card(), &self.scored.rules, self.columns, self.records, None);
        let prior = (!self.card().rules.is_empty()).then_some(POINT / 2.0);
        let base = line(&values.scores, self.good, prior);
        let slope = base.map_or(0.0, |line| line.slope.max(0.0));
        let mut ground = Ground { base, scales: vec![slope; self.card().layers.len()], found: Vec::new() };
        if self.card().layers.len() > 1 && !self.card().rules.is_empty() {
            ground.scales = self.scales(&values.layers, slope);
        }
        if new {
            ground.found = self.find(&ground);
        }
        ground
    }

    /// Log-odds a point by layer: one scale for the whole card, moved apart where outcomes say so, never below nought.
    fn scales(&self, layers: &[Vec<f64>], slope: f64) -> Vec<f64> {
        let mut problem = Problem::default();
        let mut sizes = Vec::new();
        for (place, values) in layers.iter().enumerate() {
            let share = self.card().share(place);
            let size = (spread(values) * share).max(1e-6);
            sizes.push(size);
            let feature = values.iter().map(|value| narrow(value * share / size)).collect();
            problem.add(feature, Hold { prior: slope * size, strength: 8.0, low: 0.0, high: 20.0 });
        }
        let fitted = problem.fit(self.good, None, 8);
        fitted.weights.iter().zip(&sizes).map(|(weight, size)| weight / size).collect()
    }

    fn find(&self, ground: &Ground) -> Vec<NewRule> {
        let mut pieces = Pieces::of(self.columns, &self.settings.allowed, self.records);
        let mut problem = self.problem(ground, STRENGTHS[1]);
        let mut fitted = problem.fit(self.good, None, 8);
        let mut rules: Vec<NewRule> = Vec::new();
        while rules.len() < self.settings.most {
            let rest = Rest::of(self.good, &fitted.chances);
            let Some(found) = best(&pieces, &rest, STRENGTHS[0]) else { break };
            let Some(of) = pieces.get_mut(found.place) else { break };
            let test = of.test(&found);
            if !matches!(test, super::card::Test::OneOf(_)) {
                let from = matches!(test, super::card::Test::AtLeast(_));
                of.direction = Some(found.gives == from);
            }
            let (column, layer) = (of.column, (self.home)(of.column));
            problem.add(of.feature(&found), held(found.gives, STRENGTHS[0]));
            fitted.weights.push(0.0);
            fitted = problem.fit(self.good, Some(&fitted), 2);
            rules.push(NewRule { column, test, layer, points: if found.gives { 1.0 } else { -1.0 } });
        }
        rules
    }

    /// The card's rules and the new ones as features, each held to what the card says of it.
    fn problem(&self, ground: &Ground, strength: f64) -> Problem {
        let mut problem = Problem::default();
        for (rule, activation) in self.card().rules.iter().zip(&self.scored.rules) {
            let scale = ground.scales.get(rule.layer).copied().unwrap_or(0.0);
            let prior = scale * self.card().share(rule.layer) * rule.points;
            let feature = self.records.iter().map(|record| narrow(activation.of(*record))).collect();
            let (low, high) = if rule.points >= 0.0 { (0.0, f64::INFINITY) } else { (f64::NEG_INFINITY, 0.0) };
            // What gives no points was switched off by a person.
            let (low, high) = if rule.points == 0.0 { (0.0, 0.0) } else { (low, high) };
            problem.add(feature, Hold { prior, strength, low, high });
        }
        for rule in &ground.found {
            let holds = |record: &u32| rule.holds(self.columns, *record);
            let feature = self.records.iter().map(|record| if holds(record) { 1.0 } else { 0.0 }).collect();
            problem.add(feature, held(rule.points > 0.0, strength));
        }
        problem
    }

    fn fit(&self, ground: &Ground, option: Manner) -> (Problem, Fitted) {
        let problem = self.problem(ground, option.strength);
        let fitted = problem.fit(self.good, None, 12);
        (problem, fitted)
    }

    /// Log-odds to points on the scale at which as many records go the best way as before: nobody's desk overflows because a card was
    /// learned. The routes' limits are a person's, and stay.
    fn points(&self, ground: &Ground, problem: &Problem, fitted: &Fitted) -> Points {
        let routing = &self.scored.routing;
        let best = |points: &Points| {
            let values = points.values(self.card(), &self.scored.rules, self.columns, self.records, None);
            let routes = routing.routes(&values, self.records);
            count(routes.iter().filter(|route| **route == Some(0)).count())
        };
        if routing.labels.len() < 2 || self.card().rules.is_empty() {
            return self.scaled(ground, problem, fitted, 1.0);
        }
        let before = best(&self.card().points());
        let tried = SCALES.iter().map(|scale| {
            let points = self.scaled(ground, problem, fitted, *scale);
            ((best(&points) - before).abs(), points)
        });
        let nearest = tried.min_by(|one, other| one.0.total_cmp(&other.0));
        nearest.map(|(_, points)| points).unwrap_or_default()
    }

    fn scaled(&self, ground: &Ground, problem: &Problem, fitted: &Fitted, factor: f64) -> Points {
        let card = self.card();
        let own = card.points();
        let rules = card.rules.len();
        // The log-odds that a point of the score is worth: as in the card, where it is worth something.
        let weighed: f64 = ground.scales.iter().zip(&card.layers).map(|(scale, layer)| scale * layer.weight).sum();
        let all: f64 = card.layers.iter().map(|layer| layer.weight).sum();
        let scale = if all > 0.0 { weighed / all } else { 0.0 };
        let has_scale = rules > 0 && ground.base.is_some() && scale > POINT / 3.0;
        let point = if has_scale { scale } else { POINT } / factor;
        let weights = if card.weighted && has_scale {
            super::weights::proposed(&own.weights, &ground.scales, self.settings.keep)
        } else {
            own.weights.clone()
        };
        let share = |layer: usize| {
            if card.weighted { weights.get(layer).copied().unwrap_or(0.0) / 100.0 } else { 1.0 }
        };
        let to_points = |weight: f64, layer: usize| {
            let share = share(layer);
            if share <= 0.0 { 0.0 } else { (weight / point / share).round().clamp(-100.0, 100.0) }
        };
        let points = card.rules.iter().zip(&fitted.weights).map(|(rule, weight)| {
            // A layer that does not count is not learned of, and no rule is learned away: that is a person's to say.
            let learned = to_points(*weight, rule.layer);
            if share(rule.layer) <= 0.0 || rule.points == 0.0 {
                rule.points
            } else if learned == 0.0 {
                rule.points.signum()
            } else {
                learned
            }
        });
        let points = points.collect();
        let new = ground.found.iter().zip(fitted.weights.iter().skip(rules));
        let new = new.map(|(rule, weight)| NewRule { points: to_points(*weight, rule.layer), ..rule.clone() });
        let new = new.filter(|rule| rule.points != 0.0).collect();
        debug_assert_eq!(problem.features.len(), fitted.weights.len());
        Points { weights, points, new }
    }
}

fn held(gives: bool, strength: f64) -> Hold {
    let (low, high) = if gives { (0.0, f64::INFINITY) } else { (f64::NEG_INFINITY, 0.0) };
    Hold { prior: 0.0, strength, low, high }
}

fn spread(values: &[f64]) -> f64 {
    let n = count(values.len().max(1));
    let mean = values.iter().sum::<f64>() / n;
    (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / n).sqrt()
}

#[expect(clippy::cast_possible_truncation, reason = "seven digits are enough for a feature")]
fn narrow(value: f64) -> f32 {
    value as f32
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place among examples in memory")]
fn place(of: f64) -> usize {
    of.round().max(0.0) as usize
}
