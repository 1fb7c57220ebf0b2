//! Which facts an event needs to pass a filter.

use smol_str::SmolStr;

use super::formula::Formula;
use super::value;
use super::variable::{Kind, Variables, type_of};
use crate::checks::interval::Interval;
use crate::program::{Condition, EventId, Program, Value};

/// So many combinations are tried.
const TRIED: usize = 1024;
/// So many ways to pass are kept.
const KEPT: usize = 8;

/// Whether an event may pass; said too often rather than too seldom.
pub(super) fn possible<'p>(program: &'p Program, events: &'p [EventId], filter: &'p Condition) -> bool {
    let (variables, formula) = made(program, events, filter);
    let mut found = false;
    let whole = each(&variables, &formula, &mut |_| {
        found = true;
        false
    });
    found || !whole
}

/// Facts of events that pass one filter and none of the others, as far as that is up to the event.
pub(super) fn ways<'p>(
    program: &'p Program,
    events: &'p [EventId],
    filter: &'p Condition,
) -> Vec<Vec<(SmolStr, Value)>> {
    let (variables, formula) = made(program, events, filter);
    let mut ways: Vec<Vec<(SmolStr, Value)>> = Vec::new();
    each(&variables, &formula, &mut |cells| {
        let mut facts = Vec::new();
        let mut written = true;
        for (variable, cell) in variables.all.iter().zip(cells) {
            let Kind::EventFact(name) = variable.kind else { continue };
            let found = type_of(program, events, &variable.kind).zip(variable.cells.get(*cell));
            match found.and_then(|(ty, cell)| value::of(ty, cell)) {
                Some(Some(value)) => facts.push((name.clone(), value)),
                Some(None) => {}
                None => written = false,
            }
        }
        if written && !ways.contains(&facts) {
            ways.push(facts);
        }
        ways.len() < KEPT
    });
    ways
}

fn made<'p>(program: &'p Program, events: &'p [EventId], filter: &'p Condition) -> (Variables<'p>, Formula) {
    let mut variables = Variables::of_filter(program, events);
    let formula = variables.formula(filter, false);
    variables.settle(&|_| Interval::ALL);
    (variables, formula)
}

/// Each combination that passes, until `go_on` says no; false where there are too many to try.
fn each(variables: &Variables<'_>, formula: &Formula, go_on: &mut dyn FnMut(&[usize]) -> bool) -> bool {
    let sizes: Vec<usize> = variables.all.iter().map(|variable| variable.cells.len()).collect();
    let all = sizes.iter().try_fold(1_usize, |product, size| product.checked_mul(*size));
    if all.is_none_or(|all| all == 0 || all > TRIED) {
        return false;
    }
    let mut cells = vec![0; sizes.len()];
    loop {
        if formula.truth(variables, &cells) == Some(true) && !go_on(&cells) {
            return true;
        }
        if !super::groups::next(&mut cells, &sizes) {
            return true;
        }
    }
}
