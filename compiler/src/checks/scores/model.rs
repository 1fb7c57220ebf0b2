//! A score as what it can be: its rules in groups, and the ranges that follow. In hundredths of a point.

use super::formula::Formula;
use super::groups::{self, Form, Giver, Group, Outcome};
use super::values::Values;
use super::variable::{Happening, Kind, Variables};
use crate::checks::interval::Interval;
use crate::program::{Condition, Fixed, Program, RuleForm, Score, ScoreId, ScoreRef};

/// A score made ready to be asked.
#[derive(Debug)]
pub(crate) struct Model<'p> {
    pub(crate) program: &'p Program,
    pub(crate) id: ScoreId,
    pub(crate) score: &'p Score,
    pub(crate) variables: Variables<'p>,
    /// In source order.
    pub(crate) rules: Vec<Giver>,
    pub(crate) groups: Vec<Group>,
    /// By rule: the group that it was tried in, and its place there; none where it was not.
    pub(crate) homes: Vec<Option<(usize, usize)>>,
    /// The conditions of the route's lines; `otherwise` is always true.
    pub(crate) lines: Vec<Formula>,
}

/// An end of a range, and how it comes about.
#[derive(Clone, Debug)]
pub(crate) struct Extreme {
    pub(crate) value: i64,
    /// By group.
    pub(crate) chosen: Vec<usize>,
    /// The layers that are left out (`once`), as bits.
    pub(crate) left_out: u32,
}

/// Layers that may be left out are tried with and without up to this number of them.
const LEFT_OUT: usize = 6;
/// Combinations of points in several layers that are followed.
const FOLLOWED: usize = 256;
/// A hundred points.
pub(crate) const HUNDRED: i64 = 10_000;
/// Millionths in a hundredth.
const CENT: i64 = 10_000;

impl<'p> Model<'p> {
    pub(crate) fn new(program: &'p Program, id: ScoreId, score: &'p Score) -> Self {
        let mut variables = Variables::new(program);
        let mut rules = Vec::new();
        for (layer, of) in score.layers.iter().enumerate() {
            for (place, rule) in of.rules.iter().enumerate() {
                let points = cents(rule.points);
                let faded = of.half_life.is_some();
                let (form, fades) = match &rule.form {
                    RuleForm::When(condition) => {
                        (Form::When(variables.formula(condition, false)), faded && is_dated(condition))
                    }
                    RuleForm::Each { query, up_to } => {
                        let variable = variables.variable(Kind::Times(Happening::Events(query)));
                        let cap = cents(*up_to).saturating_abs();
                        if let Some(variable) = variables.all.get_mut(variable) {
                            let steps = cap.checked_div(points.saturating_abs()).unwrap_or(0).saturating_add(1);
                            variable.steps.push(u32::try_from(steps).unwrap_or(u32::MAX).min(100_000));
                        }
                        (Form::Each { variable, cap: if rule.points < Fixed::ZERO { -cap } else { cap } }, faded)
                    }
                };
                rules.push(Giver { layer, place, points, form, fades });
            }
        }
        let lines: Vec<Formula> = score
            .routes
            .iter()
            .map(|line| match &line.condition {
                Some(condition) => variables.formula(condition, true),
                None => Formula::Constant(Some(true)),
            })
            .collect();
        variables.settle(&|of| {
            if of.score == id { Interval::ALL } else { plainly(program, of) }
        });
        let mut route = Vec::new();
        lines.iter().for_each(|line| line.variables(&mut route));
        route.sort_unstable();
        route.dedup();
        route.retain(|at| variables.all.get(*at).is_some_and(|variable| !is_own(id, &variable.kind)));
        let groups = groups::groups(&variables, &rules, &route);
        let mut homes = vec![None; rules.len()];
        for (at, group) in groups.iter().enumerate().filter(|(_, group)| !group.untried) {
            for (place, rule) in group.rules.iter().enumerate() {
                if let Some(slot) = homes.get_mut(*rule) {
                    *slot = Some((at, place));
                }
            }
        }
        Self { program, id, score, variables, rules, groups, homes, lines }
    }

    /// What the rules of some groups can add up to in a layer.
    pub(crate) fn sum(&self, layer: usize, with: &dyn Fn(usize) -> bool) -> Values {
        let groups = self.groups.iter().enumerate().filter(|(at, group)| with(*at) && group.layers.contains(&layer));
        groups.fold(Values::only(0), |sum, (_, group)| {
            let mut of_group: Option<Values> = None;
            for outcome in &group.outcomes {
                let (low, high) = group.sum(outcome, layer);
                let values = Values::between(low, high);
                of_group = Some(of_group.map_or_else(|| values.clone(), |before| before.or(&values)));
            }
            of_group.map_or(sum.clone(), |of_group| sum.plus(&of_group))
        })
    }

    pub(crate) fn clamped(&self, values: &Values) -> Values {
        if self.score.weighted { values.map(|value| value.clamp(0, HUNDRED)) } else { values.clone() }
    }

    /// The least and the most that a layer, or the score, can be.
    pub(crate) fn range(&self, layer: Option<usize>) -> (i64, i64) {
        (self.extreme(layer, false, None).value, self.extreme(layer, true, None).value)
    }

    /// The least or the most, with one group's outcome settled where that is said.
    pub(crate) fn extreme(&self, layer: Option<usize>, high: bool, settled: Option<(usize, usize)>) -> Extreme {
        let layers = self.score.layers.len();
        let mut sums = vec![0_i64; layers];
        let mut chosen = vec![0_usize; self.groups.len()];
        let mut entangled = Vec::new();
        for (at, group) in self.groups.iter().enumerate() {
            let options: Vec<usize> = match settled {
                Some((of, outcome)) if of == at => vec![outcome],
                _ => (0..group.outcomes.len()).collect(),
            };
            let asked: Vec<usize> =
                group.layers.iter().copied().filter(|one| layer.is_none_or(|layer| layer == *one)).collect();
            match asked.as_slice() {
                [only] => {
                    let side = |option: &usize| side(group, *option, *only, high);
                    let best = if high {
                        // The first of the best: it needs the fewest facts.
                        options.iter().rev().max_by_key(|option| side(option))
                    } else {
                        options.iter().min_by_key(|option| side(option))
                    };
                    if let (Some(best), Some(slot), Some(sum)) = (best, chosen.get_mut(at), sums.get_mut(*only)) {
                        *slot = *best;
                        *sum = sum.saturating_add(side(best));
                    }
                }
                [] => {
                    if let (Some(first), Some(slot)) = (options.first(), chosen.get_mut(at)) {
                        *slot = *first;
                    }
                }
                _ => entangled.push((at, options)),
            }
        }
        let mut followed = vec![(sums, chosen)];
        for (at, options) in entangled {
            followed = self.follow(followed, at, &options, high);
        }
        let mut best: Option<Extreme> = None;
        for (sums, chosen) in followed {
            for (value, left_out) in self.ends(layer, &sums, high) {
                if best.as_ref().is_none_or(|best| if high { value > best.value } else { value < best.value }) {
                    best = Some(Extreme { value, chosen: chosen.clone(), left_out });
                }
            }
        }
        best.unwrap_or(Extreme { value: 0, chosen: vec![0; self.groups.len()], left_out: 0 })
    }

    /// Adds what a group gives to several layers; only what nothing else beats in all of them.
    fn follow(&self, before: Vec<Followed>, at: usize, options: &[usize], high: bool) -> Vec<Followed> {
        let Some(group) = self.groups.get(at) else { return before };
        let vector = |option: usize| -> Vec<i64> {
            group.layers.iter().map(|layer| side(group, option, *layer, high)).collect()
        };
        let options = front(options.iter().map(|option| (vector(*option), *option)).collect(), high);
        let added = |(sums, chosen): &Followed, (gives, option): &(Vec<i64>, usize)| {
            let (mut sums, mut chosen) = (sums.clone(), chosen.clone());
            for (layer, gives) in group.layers.iter().zip(gives) {
                if let Some(sum) = sums.get_mut(*layer) {
                    *sum = sum.saturating_add(*gives);
                }
            }
            if let Some(slot) = chosen.get_mut(at) {
                *slot = *option;
            }
            (sums, chosen)
        };
        if before.len() * options.len() > FOLLOWED * 16 {
            // Each layer's best by itself: more than can be had at once.
            let best = |place: usize| {
                let of_place = options.iter().filter_map(|(gives, _)| gives.get(place).copied());
                if high { of_place.max() } else { of_place.min() }
            };
            let gives: Vec<i64> = (0..group.layers.len()).map(|place| best(place).unwrap_or(0)).collect();
            let option = options.first().map_or(0, |option| option.1);
            return before.iter().map(|one| added(one, &(gives.clone(), option))).collect();
        }
        let all: Vec<Followed> =
            before.iter().flat_map(|one| options.iter().map(|option| added(one, option))).collect();
        let mut kept = front(all, high);
        if kept.len() > FOLLOWED {
            let layers = self.score.layers.len();
            let best = |layer: usize| {
                let of_layer = kept.iter().filter_map(|(sums, _)| sums.get(layer).copied());
                if high { of_layer.max() } else { of_layer.min() }
            };
            let sums = (0..layers).map(|layer| best(layer).unwrap_or(0)).collect();
            kept = vec![(sums, kept.first().map(|one| one.1.clone()).unwrap_or_default())];
        }
        kept
    }

    /// The ends that a layer or the score can have where the layers add up to this, with what is left out.
    fn ends(&self, layer: Option<usize>, sums: &[i64], high: bool) -> Vec<(i64, u32)> {
        let clamp = |sum: i64| if self.score.weighted { sum.clamp(0, HUNDRED) } else { sum };
        if let Some(layer) = layer {
            return vec![(clamp(sums.get(layer).copied().unwrap_or(0)), 0)];
        }
        let layers: Vec<i64> = sums.iter().copied().map(clamp).collect();
        match self.left_out() {
            Some(masks) => masks.into_iter().map(|mask| (self.composite(&layers, mask), mask)).collect(),
            None if self.score.weighted => vec![(if high { HUNDRED } else { 0 }, 0)],
            None => {
                let side = |value: &i64| if high { (*value).max(0) } else { (*value).min(0) };
                vec![(layers.iter().map(side).fold(0, i64::saturating_add), 0)]
            }
        }
    }

    /// Which layers may be left out together, as bits; none where too many may.
    pub(crate) fn left_out(&self) -> Option<Vec<u32>> {
        let optional: Vec<u32> =
            (0..).zip(&self.score.layers).filter(|(_, layer)| layer.once.is_some()).map(|(at, _)| at).collect();
        let bit = |at: u32| 1_u32.checked_shl(at).unwrap_or(0);
        (optional.len() <= LEFT_OUT && optional.iter().all(|at| *at < 32)).then(|| {
            let chosen = 0..1_u32 << optional.len();
            chosen
                .map(|chosen| {
                    (0..).zip(&optional).filter(|(place, _)| chosen & bit(*place) != 0).map(|(_, at)| bit(*at)).sum()
                })
                .collect()
        })
    }

    /// The score where its layers are so much, and some are left out.
    pub(crate) fn composite(&self, layers: &[i64], left_out: u32) -> i64 {
        let counted = (0..).zip(self.score.layers.iter().zip(layers)).filter(|(at, _)| !is_out(left_out, *at));
        if !self.score.weighted {
            return counted.map(|(_, (_, value))| *value).fold(0, i64::saturating_add);
        }
        let weighed =
            counted.map(|(_, (layer, value))| (i128::from(layer.weight.unwrap_or(Fixed::ZERO).0), i128::from(*value)));
        if left_out == 0 {
            return weighed.map(|(weight, value)| half_even(weight * value, 100_000_000)).sum();
        }
        let (weights, sum) = weighed.fold((0, 0), |sums, (weight, value)| (sums.0 + weight, sums.1 + weight * value));
        if weights == 0 { 0 } else { half_even(sum, weights) }
    }

    /// What the score can be where each layer is one of these.
    pub(crate) fn whole(&self, layers: &[Values]) -> Values {
        let Some(masks) = self.left_out() else {
            let (low, high) = self.range(None);
            return Values::between(low, high);
        };
        let mut all: Option<Values> = None;
        for mask in masks {
            let values = if !self.score.weighted || mask == 0 {
                let counted = (0..).zip(layers.iter().zip(&self.score.layers)).filter(|(at, _)| !is_out(mask, *at));
                counted.fold(Values::only(0), |sum, (_, (values, layer))| {
                    let share = values.map(|value| match layer.weight.filter(|_| self.score.weighted) {
                        Some(weight) => half_even(i128::from(weight.0) * i128::from(value), 100_000_000),
                        None => value,
                    });
                    sum.plus(&share)
                })
            } else {
                let ends = |end: fn(&Values) -> i64| layers.iter().map(end).collect::<Vec<i64>>();
                Values::between(self.composite(&ends(Values::low), mask), self.composite(&ends(Values::high), mask))
            };
            all = Some(all.map_or_else(|| values.clone(), |before| before.or(&values)));
        }
        all.unwrap_or_else(|| Values::only(0))
    }
}

/// Sums by layer, and the outcome of each group.
type Followed = (Vec<i64>, Vec<usize>);

fn side(group: &Group, option: usize, layer: usize, high: bool) -> i64 {
    let ends = group.outcomes.get(option).map_or((0, 0), |outcome: &Outcome| group.sum(outcome, layer));
    if high { ends.1 } else { ends.0 }
}

/// Those that no other one beats everywhere.
fn front<T: Clone>(mut all: Vec<(Vec<i64>, T)>, high: bool) -> Vec<(Vec<i64>, T)> {
    let total = |one: &(Vec<i64>, T)| one.0.iter().fold(0_i64, |sum, value| sum.saturating_add(*value));
    all.sort_by_key(|one| if high { -total(one) } else { total(one) });
    let mut kept: Vec<(Vec<i64>, T)> = Vec::new();
    for one in all {
        let beaten = kept
            .iter()
            .any(|other| other.0.iter().zip(&one.0).all(|(other, one)| if high { other >= one } else { other <= one }));
        if !beaten {
            kept.push(one);
        }
    }
    kept
}

fn is_out(left_out: u32, layer: u32) -> bool {
    1_u32.checked_shl(layer).is_some_and(|bit| left_out & bit != 0)
}

/// Whether it is the score itself, or a layer of it.
pub(crate) fn is_own(id: ScoreId, kind: &Kind<'_>) -> bool {
    matches!(kind, Kind::Score { of, .. } if of.score == id)
}

/// Whether points for it have an age.
fn is_dated(condition: &Condition) -> bool {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().any(is_dated),
        Condition::Fresh { condition, .. } => is_dated(condition),
        Condition::Happened { at_least, .. } => *at_least > 0,
        Condition::Mentions { .. } => true,
        _ => false,
    }
}

/// How far another score can go at most, as its points say: what it is of is not looked into.
fn plainly(program: &Program, of: ScoreRef) -> Interval {
    let Some(score) = program.scores.get(of.score.index()) else { return Interval::ALL };
    if score.weighted {
        return Interval { low: 0, high: HUNDRED * CENT };
    }
    let layers = (0..).zip(&score.layers).filter(|(at, _)| of.layer.is_none_or(|layer| layer == *at));
    let mut interval = Interval { low: 0, high: 0 };
    for rule in layers.flat_map(|(_, layer)| &layer.rules) {
        let most = match &rule.form {
            RuleForm::When(_) => cents(rule.points),
            RuleForm::Each { up_to, .. } if rule.points < Fixed::ZERO => -cents(*up_to).saturating_abs(),
            RuleForm::Each { up_to, .. } => cents(*up_to).saturating_abs(),
        };
        let most = most.saturating_mul(CENT);
        if most < 0 {
            interval.low = interval.low.saturating_add(most);
        } else {
            interval.high = interval.high.saturating_add(most);
        }
    }
    interval
}

/// Points in hundredths, rounded half to even as a ledger's line is.
pub(crate) fn cents(points: Fixed) -> i64 {
    half_even(i128::from(points.0), i128::from(CENT))
}

/// Hundredths as a number.
pub(crate) const fn fixed(cents: i64) -> Fixed {
    Fixed(cents.saturating_mul(CENT))
}

fn half_even(numerator: i128, denominator: i128) -> i64 {
    i64::try_from(language::divide_half_even(numerator, denominator)).unwrap_or(if numerator < 0 {
        i64::MIN
    } else {
        i64::MAX
    })
}
