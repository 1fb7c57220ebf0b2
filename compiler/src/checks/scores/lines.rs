//! Which lines of a route can be the first that holds, given all that the score and its layers can be.

use super::cells::Cell;
use super::formula::Truth;
use super::model::{Model, is_own};
use super::values::Values;
use super::variable::Kind;
use crate::checks::interval::Interval;

/// A way to come to a line: an outcome of the group that has the route's facts, where there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Way {
    pub(crate) settled: Option<(usize, usize)>,
    /// What the score is then, in hundredths.
    pub(crate) score: (i64, i64),
}

/// What became of the lines.
#[derive(Clone, Debug)]
pub(crate) struct Lines {
    /// By line: whether it holds for anybody, whatever stands above it.
    pub(crate) holds: Vec<Option<Way>>,
    /// By line: whether it is the first to hold for anybody.
    pub(crate) first: Vec<Option<Way>>,
    /// By line: the lines above that take whom it holds for.
    pub(crate) taken_by: Vec<Vec<usize>>,
    /// Somebody for whom none holds.
    pub(crate) none: Option<Way>,
}

/// So many combinations are looked at.
const LOOKED_AT: usize = 2048;

/// None where the route asks about more than can be looked at. `to_the_point` takes the points of rules for all that they can ever be: then
/// a line is not reached either where no points add up to what it asks, though some come short of it and others go beyond.
pub(crate) fn lines(model: &Model<'_>, to_the_point: bool) -> Option<Lines> {
    let count = model.lines.len();
    let own: Vec<(usize, Option<usize>)> = model
        .variables
        .all
        .iter()
        .enumerate()
        .filter(|(_, variable)| is_own(model.id, &variable.kind))
        .filter_map(|(at, variable)| match variable.kind {
            Kind::Score { of, .. } => Some((at, of.layer.map(|layer| layer as usize))),
            _ => None,
        })
        .collect();
    let group = model.groups.iter().position(|group| group.routes);
    // Facts that the route asks about, and that could not be tried.
    let asks = model.groups.iter().any(|group| group.untried && group.rules.is_empty());
    if asks {
        return None;
    }
    let of_layers: Vec<(usize, usize)> = own.iter().filter_map(|(at, layer)| Some((*at, (*layer)?))).collect();
    let of_score = own.iter().find(|(_, layer)| layer.is_none()).map(|(at, _)| *at);
    let sizes: Vec<usize> = of_layers.iter().map(|(at, _)| cells(model, *at).len()).collect();
    let outcomes = group.and_then(|at| model.groups.get(at)).map_or(1, |group| group.outcomes.len());
    let combinations = sizes.iter().fold(outcomes, |product, size| product.saturating_mul(*size));
    if combinations > LOOKED_AT || sizes.contains(&0) || of_score.is_some_and(|at| cells(model, at).is_empty()) {
        return None;
    }
    let plainly = |layer: usize| !to_the_point && !of_layers.iter().any(|(_, asked)| *asked == layer);
    let others: Vec<Values> = (0..model.score.layers.len())
        .map(|layer| {
            let sum = model.sum(layer, &|at| Some(at) != group);
            if plainly(layer) { Values::between(sum.low(), sum.high()) } else { sum }
        })
        .collect();
    let mut lines =
        Lines { holds: vec![None; count], first: vec![None; count], taken_by: vec![Vec::new(); count], none: None };
    let mut chosen = vec![0; model.variables.all.len()];
    for outcome in 0..outcomes {
        let settled = group.map(|group| (group, outcome));
        let layers: Vec<Values> = others
            .iter()
            .enumerate()
            .map(|(layer, others)| match settled.and_then(|(group, _)| model.groups.get(group)) {
                Some(group) => {
                    let given = group.outcomes.get(outcome).map_or((0, 0), |outcome| group.sum(outcome, layer));
                    model.clamped(&others.plus(&Values::between(given.0, given.1)))
                }
                None => model.clamped(others),
            })
            .collect();
        if let Some(group) = settled.and_then(|(group, _)| model.groups.get(group))
            && let Some(outcome) = group.outcomes.get(outcome)
        {
            for (variable, cell) in group.variables.iter().zip(&outcome.cells) {
                if let Some(slot) = chosen.get_mut(*variable) {
                    *slot = *cell;
                }
            }
        }
        let mut at = vec![0; sizes.len()];
        loop {
            if let Some(layers) = restricted(model, &layers, &of_layers, (&at, to_the_point), &mut chosen) {
                let whole = model.whole(&layers);
                let whole = if to_the_point { whole } else { Values::between(whole.low(), whole.high()) };
                let score_cells = of_score.map_or(1, |variable| cells(model, variable).len());
                for cell in 0..score_cells {
                    let possible = match of_score.and_then(|variable| number(model, variable, cell)) {
                        Some(those) => hundredths(those).and_then(|(low, high)| whole.within(low, high)),
                        None => Some(whole.clone()),
                    };
                    let Some(possible) = possible else { continue };
                    if let Some(slot) = of_score.and_then(|variable| chosen.get_mut(variable)) {
                        *slot = cell;
                    }
                    note(model, &mut lines, &chosen, Way { settled, score: (possible.low(), possible.high()) });
                }
            }
            if !super::groups::next(&mut at, &sizes) {
                break;
            }
        }
    }
    for taken in &mut lines.taken_by {
        taken.sort_unstable();
    }
    Some(lines)
}

fn note(model: &Model<'_>, lines: &mut Lines, chosen: &[usize], way: Way) {
    let truths: Vec<Truth> = model.lines.iter().map(|line| line.truth(&model.variables, chosen)).collect();
    let first = truths.iter().position(|truth| *truth == Some(true));
    for (at, truth) in truths.iter().enumerate() {
        if *truth != Some(true) {
            continue;
        }
        if let Some(slot) = lines.holds.get_mut(at) {
            slot.get_or_insert(way);
        }
        if first == Some(at) {
            if let Some(slot) = lines.first.get_mut(at) {
                slot.get_or_insert(way);
            }
        } else if let (Some(first), Some(taken)) = (first, lines.taken_by.get_mut(at))
            && !taken.contains(&first)
        {
            taken.push(first);
        }
    }
    if first.is_none() {
        lines.none.get_or_insert(way);
    }
}

/// The layers as far as they lie in the chosen cells; none where one cannot.
fn restricted(
    model: &Model<'_>,
    layers: &[Values],
    of_layers: &[(usize, usize)],
    (at, to_the_point): (&[usize], bool),
    chosen: &mut [usize],
) -> Option<Vec<Values>> {
    let mut layers = layers.to_vec();
    for ((variable, layer), cell) in of_layers.iter().zip(at) {
        let (low, high) = hundredths(number(model, *variable, *cell)?)?;
        let slot = layers.get_mut(*layer)?;
        *slot = match slot.within(low, high) {
            Some(those) => those,
            None if to_the_point => return None,
            // Points may be added that lie between.
            None => Values::between(slot.low(), slot.high()).within(low, high)?,
        };
        if let Some(slot) = chosen.get_mut(*variable) {
            *slot = *cell;
        }
    }
    Some(layers)
}

fn cells<'m, 'p>(model: &'m Model<'p>, variable: usize) -> &'m [Cell<'p>] {
    model.variables.all.get(variable).map_or(&[], |variable| variable.cells.as_slice())
}

fn number(model: &Model<'_>, variable: usize, cell: usize) -> Option<Interval> {
    match cells(model, variable).get(cell)? {
        Cell::Number(interval) => Some(*interval),
        _ => None,
    }
}

/// The whole hundredths in an interval of millionths.
fn hundredths(Interval { low, high }: Interval) -> Option<(i64, i64)> {
    const CENT: i64 = 10_000;
    let low = if low == i64::MIN { i64::MIN } else { low.div_euclid(CENT) + i64::from(low.rem_euclid(CENT) != 0) };
    let high = if high == i64::MAX { i64::MAX } else { high.div_euclid(CENT) };
    (low <= high).then_some((low, high))
}
