//! What scores can be, over all facts that there could be: exact ranges, lines of routes that nobody comes to, and records that show it.
//!
//! Rules fall into [`groups`] by the facts that they share, facts into [`cells`] that no condition tells apart; every combination of a
//! group's cells is tried. All of it is sound: what is called impossible never comes about. It is exact where a [`witness`] says so.

mod cells;
mod filter;
mod formula;
mod groups;
mod lines;
mod model;
mod reads;
mod value;
mod values;
mod variable;
mod witness;
mod world;
mod write;

use self::cells::Cell;
use self::variable::Kind;
use self::world::World;
use super::interval::Interval;
use super::reach::Range;
use crate::program::{FieldPath, Fixed, Program, ScoreId, ScoreRef, Value};

pub(crate) use formula::Formula;
pub(crate) use groups::{Form, Outcome};
pub(crate) use lines::{Lines, lines};
pub(crate) use model::{Extreme, HUNDRED, Model, fixed};
pub(crate) use witness::{Witness, find, made};
pub(crate) use world::Judged;
pub(crate) use write::{is_so_much, named};

/// The witness as a test with these expectations.
pub(crate) fn test(model: &Model<'_>, witness: &Witness, name: &str, expected: &[String]) -> Option<String> {
    write::test(model.program, model.score.entity, &witness.world, name, expected)
}

/// The field of a variable that holds numbers.
pub(crate) fn numeric_field<'p>(model: &Model<'p>, variable: usize) -> Option<&'p FieldPath> {
    let variable = model.variables.all.get(variable)?;
    match variable.kind {
        Kind::Field(path) if variable.cells.iter().any(|cell| matches!(cell, Cell::Number(_))) => Some(path),
        _ => None,
    }
}

/// The cells of numbers, in order.
pub(crate) fn number_cells(model: &Model<'_>, variable: usize) -> Vec<(usize, Interval)> {
    let cells = model.variables.all.get(variable).map_or(&[][..], |variable| variable.cells.as_slice());
    let number = |(at, cell): (usize, &Cell<'_>)| match cell {
        Cell::Number(numbers) => Some((at, *numbers)),
        _ => None,
    };
    cells.iter().enumerate().filter_map(number).collect()
}

/// What a condition over one variable says in one of its cells.
pub(crate) fn truth_alone(model: &Model<'_>, formula: &Formula, variable: usize, cell: usize) -> Option<bool> {
    let mut cells = vec![0; variable + 1];
    if let Some(slot) = cells.last_mut() {
        *slot = cell;
    }
    formula.truth(&model.variables, &cells)
}

/// A test with one number given, and what a layer is then.
pub(crate) fn with_field(
    model: &Model<'_>,
    path: &FieldPath,
    value: Fixed,
    layer: usize,
    name: &str,
) -> Option<String> {
    let mut world = World::default();
    world.fields.insert(path.clone(), Value::Number(value));
    let judged = world::judge(model, &world).ok()?;
    let expected = is_so_much(model, Some(layer), *judged.layers.get(layer)?);
    write::test(model.program, model.score.entity, &world, name, &[expected])
}

/// How a score moves where a number grows and all else stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trend {
    /// More of it never lowers the score.
    NeverLowers,
    /// More of it never raises the score.
    NeverRaises,
}

/// The fields with numbers of which more moves the score one way at most, in the order in which the score asks about them.
#[must_use]
pub fn trends(program: &Program, score: ScoreId) -> Vec<(FieldPath, Trend)> {
    let Some(declared) = program.scores.get(score.index()) else { return Vec::new() };
    let model = Model::new(program, score, declared);
    let trend = |variable: usize| {
        let path = numeric_field(&model, variable)?;
        let of_rules = |kind: &Kind<'_>| !model::is_own(score, kind);
        let elsewhere = |other: &variable::Variable<'_>| of_rules(&other.kind) && reads::inside(&other.kind, path);
        if model.variables.all.iter().any(elsewhere) {
            return None;
        }
        let read = |group: &&groups::Group| group.variables.contains(&variable) && !group.rules.is_empty();
        let (mut rises, mut falls) = (true, true);
        for group in model.groups.iter().filter(read) {
            let (up, down) = groups::moves(&model.variables, &model.rules, group, variable);
            rises &= up;
            falls &= down;
        }
        let untried = model.groups.iter().any(|group| group.untried);
        match (rises, falls) {
            // What moves it nowhere is read by the route alone.
            (true, true) => None,
            (true, false) if !untried => Some((path.clone(), Trend::NeverLowers)),
            (false, true) if !untried => Some((path.clone(), Trend::NeverRaises)),
            _ => None,
        }
    };
    (0..model.variables.all.len()).filter_map(trend).collect()
}

/// How far a score or layer can go, and who comes so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ends {
    /// No facts lead outside of it.
    pub range: Range,
    /// A test with a record that has the least; where there is none, the least may be out of reach.
    pub least: Option<String>,
    /// A test with a record that has the most; where there is none, the most may be out of reach.
    pub most: Option<String>,
}

/// The range of a score or layer with the records at its ends; none for what is not there.
#[must_use]
pub fn ends_of(program: &Program, of: ScoreRef) -> Option<Ends> {
    let score = program.scores.get(of.score.index())?;
    let layer = of.layer.map(|layer| layer as usize);
    if layer.is_some_and(|layer| layer >= score.layers.len()) {
        return None;
    }
    let model = Model::new(program, of.score, score);
    let [(low, least), (high, most)] = [false, true].map(|high| {
        let extreme = model.extreme(layer, high, None);
        let test = end(&model, layer, &extreme).and_then(|witness| {
            let name = format!(
                "{} is {} {}",
                named(&model, layer),
                fixed(extreme.value),
                if high { "at most" } else { "at least" }
            );
            test(&model, &witness, &name, &[is_so_much(&model, layer, extreme.value)])
        });
        (fixed(extreme.value), test)
    });
    Some(Ends { range: Range { low, high }, least, most })
}

/// Who comes to an end of a range.
pub(crate) fn end(model: &Model<'_>, layer: Option<usize>, extreme: &Extreme) -> Option<Witness> {
    let witness = made(model, &extreme.chosen, extreme.left_out)?;
    let value = match layer {
        Some(layer) => witness.judged.layers.get(layer).copied(),
        None => Some(witness.judged.score),
    };
    (value == Some(extreme.value)).then_some(witness)
}

/// The fields and the events that a rule asks about, as a reader names them.
pub(crate) fn asked(model: &Model<'_>, rule: usize) -> (Vec<String>, Vec<String>) {
    let mut read = Vec::new();
    match model.rules.get(rule).map(|rule| &rule.form) {
        Some(Form::When(formula)) => formula.variables(&mut read),
        Some(Form::Each { variable, .. }) => read.push(*variable),
        None => {}
    }
    let (mut fields, mut events): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    for variable in read.into_iter().filter_map(|at| model.variables.all.get(at)) {
        let (names, name) = match variable.kind {
            Kind::Field(path) => (&mut fields, model.program.path_name(path)),
            Kind::Times(variable::Happening::Events(query)) => {
                let event = query.events.first().and_then(|event| model.program.events.get(event.index()));
                (&mut events, event.map(|event| event.name.to_string()).unwrap_or_default())
            }
            _ => continue,
        };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    (fields, events)
}

/// A round number of a field in an interval.
pub(crate) fn number_in(program: &Program, path: &FieldPath, interval: Interval) -> Option<Fixed> {
    value::number(&program.field(path)?.ty, interval)
}
