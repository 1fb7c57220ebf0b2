//! Rules to layers, layers to scores, scores to routes.
#![expect(
    clippy::indexing_slicing,
    reason = "all places in a plan were handed out by the linker, for records of its shape"
)]

use super::{NOWHERE, Points, Routing, State, live};
use crate::score::block::Cells;
use crate::score::plan::{Completeness, DatedRule, Evidence, LayerPlan, Plan, RuleKind, RulePlan, ScorePlan};
use crate::score::points::{HIGHEST, faded, rescaled, share};
use crate::score::truth::Truth;

/// For each byte of lanes, all ones where a lane is set.
static SPREAD: [[i32; 8]; 256] = spread();

const fn spread() -> [[i32; 8]; 256] {
    let mut table = [[0; 8]; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut lane = 0;
        while lane < 8 {
            if byte >> lane & 1 == 1 {
                table[byte][lane] = -1;
            }
            lane += 1;
        }
        byte += 1;
    }
    table
}

/// Adds points in the lanes of a word.
#[inline]
fn add<const L: usize>(sums: &mut [i32; L], lanes: u64, points: i32) {
    if L == 64 {
        for (eight, byte) in sums.as_chunks_mut::<8>().0.iter_mut().zip(lanes.to_le_bytes()) {
            for (sum, mask) in eight.iter_mut().zip(&SPREAD[usize::from(byte)]) {
                *sum += points & mask;
            }
        }
        return;
    }
    for (lane, sum) in sums.iter_mut().enumerate() {
        *sum += if lanes >> lane & 1 == 1 { points } else { 0 };
    }
}

/// What a layer gives, and what unknown facts may still take from it or add to it.
struct Sum<const L: usize> {
    value: [i32; L],
    below: [i32; L],
    above: [i32; L],
    open: u64,
}

pub(super) fn layer<const L: usize>(
    plan: &Plan,
    layer: &LayerPlan,
    place: usize,
    cells: &impl Cells<L>,
    state: &mut State<L>,
) {
    let score = &plan.scores[layer.score];
    let mut sum = Sum { value: [0; L], below: [0; L], above: [0; L], open: 0 };
    for (number, rule) in layer.simple.iter().enumerate() {
        let truth = state.truth(rule.when);
        let (fired, open) = (truth.yes & live::<L>(), truth.unknown() & live::<L>());
        add(&mut sum.value, fired, rule.points);
        if open != 0 {
            add(if rule.points < 0 { &mut sum.below } else { &mut sum.above }, open, rule.points);
            sum.open |= open;
        }
        state.note(score, layer.first_rule + number, fired, open);
    }
    // Where all rules are simple there are no others; otherwise this goes through those that are not.
    for DatedRule { number, rule } in layer.dated() {
        let (fired, open) = dated_rule(plan, rule, cells, state, &mut sum);
        sum.open |= open;
        state.note(score, layer.first_rule + number, fired, open);
    }
    let points = &mut state.layers[place];
    state.sums[place] = sum.value;
    let clamp = |points: i32| if layer.weighted { points.clamp(0, HIGHEST) } else { points };
    points.value = sum.value.map(clamp);
    points.decided = sum.open == 0;
    if points.decided {
        points.low = points.value;
        points.high = points.value;
        return;
    }
    for lane in 0..L {
        points.low[lane] = clamp(sum.value[lane] + sum.below[lane]);
        points.high[lane] = clamp(sum.value[lane] + sum.above[lane]);
    }
}

/// A rule whose points depend on when something happened, or how often.
fn dated_rule<const L: usize>(
    plan: &Plan,
    rule: &RulePlan,
    cells: &impl Cells<L>,
    state: &State<L>,
    sum: &mut Sum<L>,
) -> (u64, u64) {
    match &rule.kind {
        RuleKind::Plain(_) => (0, 0),
        RuleKind::Fading { when, points, half_life, evidence } => {
            let truth = state.truth(*when);
            let (fired, mut open) = (truth.yes & live::<L>(), truth.unknown() & live::<L>());
            add(if rule.points < 0 { &mut sum.below } else { &mut sum.above }, open, rule.points);
            for lane in ones(fired) {
                let found = newest(evidence, cells, state, lane);
                let line = found.map_or(rule.points, |at| faded(*points, plan.now.saturating_sub(at), *half_life));
                sum.value[lane] += line;
                if may_be_newer(evidence, cells, lane) {
                    // Without dated evidence the points do not fade; with newer evidence they fade less.
                    let other = if found.is_some() { rule.points } else { 0 };
                    sum.below[lane] += line.min(other) - line;
                    sum.above[lane] += line.max(other) - line;
                    open |= u64::from(line != other) << lane;
                }
            }
            (fired, open)
        }
        RuleKind::Each { sum: cell, complete, cap, query } => {
            let complete = cells.knows(*complete);
            let mut open = 0;
            for (lane, points) in cells.numbers(*cell).into_iter().enumerate() {
                let points = within(points);
                sum.value[lane] += points;
                if complete >> lane & 1 == 0 && points != *cap {
                    open |= 1 << lane;
                    sum.below[lane] += (*cap - points).min(0);
                    sum.above[lane] += (*cap - points).max(0);
                }
            }
            (cells.pick_numbers(plan.queries[*query as usize].count, |count| count > 0), open)
        }
    }
}

/// Points that a cap keeps within 32 bits.
#[expect(clippy::cast_possible_truncation, reason = "the linker has checked the cap")]
pub(in crate::score) fn within(points: i64) -> i32 {
    points as i32
}

/// The places of the bits that are set.
pub(in crate::score) fn ones(mut word: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        (word != 0).then(|| {
            let lane = word.trailing_zeros() as usize;
            word &= word - 1;
            lane
        })
    })
}

/// When the newest evidence was found, in microseconds.
pub(in crate::score) fn newest<const L: usize>(
    evidence: &[Evidence],
    cells: &impl Cells<L>,
    state: &State<L>,
    lane: usize,
) -> Option<i64> {
    let found = evidence.iter().filter(|evidence| state.truth(evidence.found).yes >> lane & 1 == 1);
    found.map(|evidence| cells.number_in(evidence.newest, lane)).filter(|&at| at != i64::MIN).max()
}

/// Some evidence may be newer than what is known.
fn may_be_newer<const L: usize>(evidence: &[Evidence], cells: &impl Cells<L>, lane: usize) -> bool {
    evidence.iter().any(|evidence| match evidence.complete {
        Completeness::Reported(reported) => !reported,
        Completeness::Cell(cell) => cells.knows(cell) >> lane & 1 == 0,
    })
}

pub(super) fn total<const L: usize>(plan: &Plan, score: &ScorePlan, place: usize, state: &mut State<L>) {
    let layers = &plan.layers[score.layers.clone()];
    let points = &state.layers[score.layers.clone()];
    let total = &mut state.totals[place];
    *total = Points::NONE;
    if score.rescaled && score.weighted {
        *total = rescaled_total(layers, points, score.weight);
        return;
    }
    for (layer, points) in layers.iter().zip(points).filter(|(layer, _)| !layer.left_out) {
        total.decided &= points.decided;
        add_share(&mut total.value, layer, &points.value);
    }
    if total.decided {
        total.low = total.value;
        total.high = total.value;
        return;
    }
    for (layer, points) in layers.iter().zip(points).filter(|(layer, _)| !layer.left_out) {
        add_share(&mut total.low, layer, &points.low);
        add_share(&mut total.high, layer, &points.high);
    }
}

#[inline]
fn add_share<const L: usize>(total: &mut [i32; L], layer: &LayerPlan, points: &[i32; L]) {
    match layer.percent {
        // Whole points times whole percents: nothing to round.
        Some(percent) => {
            for (total, points) in total.iter_mut().zip(points) {
                *total += points / 100 * percent;
            }
        }
        None if layer.weighted => {
            for (total, points) in total.iter_mut().zip(points) {
                *total += share(layer.weight, *points);
            }
        }
        None => {
            for (total, points) in total.iter_mut().zip(points) {
                *total += points;
            }
        }
    }
}

/// The mean of the layers that count, by their weights.
fn rescaled_total<const L: usize>(layers: &[LayerPlan], points: &[Points<L>], weight: i64) -> Points<L> {
    if weight == 0 {
        return Points { value: [0; L], low: [0; L], high: [HIGHEST; L], decided: false };
    }
    let mean = |lane: usize, pick: fn(&Points<L>) -> &[i32; L]| {
        let counted = layers.iter().zip(points).filter(|(layer, _)| !layer.left_out);
        rescaled(counted.map(|(layer, points)| i128::from(layer.weight) * i128::from(pick(points)[lane])).sum(), weight)
    };
    Points {
        value: std::array::from_fn(|lane| mean(lane, |points| &points.value)),
        low: std::array::from_fn(|lane| mean(lane, |points| &points.low)),
        high: std::array::from_fn(|lane| mean(lane, |points| &points.high)),
        decided: false,
    }
}

pub(super) fn route<const L: usize>(score: &ScorePlan, place: usize, state: &mut State<L>) {
    let mut possible = std::mem::take(&mut state.routes[place].possible);
    possible.fill(0);
    let (mut undecided, mut nowhere) = (live::<L>(), live::<L>());
    let mut labels = [NOWHERE; L];
    let always = Truth::everywhere(Some(true));
    for line in &score.routes {
        let range = line.possible.map_or(always, |literal| state.truth(literal));
        let current = line.current.map_or(always, |literal| state.truth(literal));
        possible[line.label.index()] |= undecided & !range.no;
        undecided &= !range.yes;
        let here = nowhere & current.yes;
        nowhere &= !current.yes;
        #[expect(clippy::cast_possible_truncation, reason = "the linker refuses more than 63 labels")]
        let number = line.label.0 as u8;
        for (lane, label) in labels.iter_mut().enumerate() {
            *label = if here >> lane & 1 == 1 { number } else { *label };
        }
    }
    possible[score.labels] = undecided;
    let (mut once, mut twice) = (0, 0);
    for lanes in &possible {
        twice |= once & lanes;
        once |= lanes;
    }
    state.routes[place] = Routing { label: labels, possible, certain: once & !twice };
}
