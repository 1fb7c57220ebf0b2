//! Rules that divide one scale into bands: edges that two of them share or leave out, and bands that give less than both neighbours.

use super::cards::{Card, RuleCard};
use super::describe::{self, signed};
use super::interval::Interval;
use super::scores::{self, Form, Model};
use crate::codes::lints::{band_dip, band_edge};
use crate::diagnostics::Diagnostic;
use crate::program::{FieldPath, Fixed, Type};

/// What a band between two numbers gets.
struct Band {
    numbers: Interval,
    /// The rules that fire, by their places in the layer.
    fired: Vec<usize>,
}

pub(super) fn run(card: &Card<'_>, model: &Model<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for (at, layer) in card.layers.iter().enumerate() {
        let mut scales: Vec<usize> = Vec::new();
        for rule in model.rules.iter().filter(|rule| rule.layer == at) {
            scales.extend(scale(model, &rule.form).filter(|scale| !scales.contains(scale)));
        }
        for variable in scales {
            let Some(path) = scores::numeric_field(model, variable) else { continue };
            let bands = bands(model, at, variable);
            let of = Scale { model, layer: at, path, rules: &layer.rules };
            of.edges(&bands, diagnostics);
            of.dips(&bands, diagnostics);
        }
    }
}

/// The only variable of a condition.
fn scale(model: &Model<'_>, form: &Form) -> Option<usize> {
    let Form::When(formula) = form else { return None };
    let mut variables = Vec::new();
    formula.variables(&mut variables);
    variables.dedup();
    match variables.as_slice() {
        [only] if scores::numeric_field(model, *only).is_some() => Some(*only),
        _ => None,
    }
}

fn bands(model: &Model<'_>, layer: usize, variable: usize) -> Vec<Band> {
    let rules: Vec<_> = model
        .rules
        .iter()
        .filter(|rule| rule.layer == layer && rule.points != 0 && scale(model, &rule.form) == Some(variable))
        .collect();
    let mut bands: Vec<Band> = Vec::new();
    for (cell, numbers) in scores::number_cells(model, variable) {
        let fires = |form: &Form| match form {
            Form::When(formula) => scores::truth_alone(model, formula, variable, cell) == Some(true),
            Form::Each { .. } => false,
        };
        let fired: Vec<usize> = rules.iter().filter(|rule| fires(&rule.form)).map(|rule| rule.place).collect();
        match bands.last_mut() {
            // Cells that only other layers tell apart.
            Some(before) if before.fired == fired => before.numbers.high = numbers.high,
            _ => bands.push(Band { numbers, fired }),
        }
    }
    bands
}

struct Scale<'a> {
    model: &'a Model<'a>,
    layer: usize,
    path: &'a FieldPath,
    rules: &'a [RuleCard<'a>],
}

impl Scale<'_> {
    fn rule(&self, at: usize) -> Option<&RuleCard<'_>> {
        self.rules.get(at)
    }

    fn name(&self) -> String {
        self.model.program.path_name(self.path)
    }

    fn edges(&self, bands: &[Band], diagnostics: &mut Vec<Diagnostic>) {
        for three in bands.windows(3) {
            let [below, edge, above] = three else { continue };
            let ([.., lower], [upper, ..]) = (below.fired.as_slice(), above.fired.as_slice()) else { continue };
            let apart = !below.fired.iter().any(|rule| above.fired.contains(rule));
            let Some(value) = self.edge(edge.numbers, edge.fired.is_empty()) else { continue };
            let (Some(lower), Some(upper)) = (self.rule(*lower), self.rule(*upper)) else { continue };
            let both = edge.fired.len() == below.fired.len() + above.fired.len()
                && below.fired.iter().chain(&above.fired).all(|rule| edge.fired.contains(rule));
            // Points that change their sign leave nought out on purpose.
            let one_way = (lower.rule.points.0 < 0) == (upper.rule.points.0 < 0);
            if !apart || !(both || edge.fired.is_empty() && one_way) {
                continue;
            }
            let (low_points, high_points) = (signed(lower.rule.points), signed(upper.rule.points));
            let shown = describe::number_of(self.model.program, self.path, value);
            let diagnostic = band_edge::diagnostic(
                (lower.place(), &low_points),
                (upper.place(), &high_points),
                &self.name(),
                &shown,
                both,
            );
            let title = format!("{} of {shown}", self.name());
            diagnostics.push(diagnostic.witness(scores::with_field(self.model, self.path, value, self.layer, &title)));
        }
    }

    /// The value of a band that is one number wide, or that leaves out one whole number.
    fn edge(&self, numbers: Interval, left_out: bool) -> Option<Fixed> {
        if numbers.low == numbers.high {
            return Some(Fixed(numbers.low));
        }
        let ty = self.model.program.field(self.path).map(|field| &field.ty);
        let (before, behind) = (numbers.low.checked_sub(1)?, numbers.high.checked_add(1)?);
        let whole = before % language::SCALE == 0 && behind % language::SCALE == 0;
        let one = behind.checked_sub(before)? == 2 * language::SCALE;
        (left_out && ty == Some(&Type::Number) && whole && one).then_some(Fixed(before + language::SCALE))
    }

    fn dips(&self, bands: &[Band], diagnostics: &mut Vec<Diagnostic>) {
        // An edge of one number is no band.
        let bands: Vec<&Band> = bands.iter().filter(|band| band.numbers.low != band.numbers.high).collect();
        for three in bands.windows(3) {
            let single = |band: &Band| match band.fired.as_slice() {
                [only] => self.rule(*only),
                _ => None,
            };
            let [below, band, above] = three else { continue };
            let numbers = band.numbers;
            let (Some(below), Some(band), Some(above)) = (single(below), single(band), single(above)) else { continue };
            let points = [below, band, above].map(|rule| rule.rule.points);
            if points.iter().all(|points| *points > Fixed::ZERO) && points[1] < points[0] && points[1] < points[2] {
                let shown = points.map(signed);
                let found = band_dip::diagnostic(
                    (band.place(), &shown[1]),
                    (below.place(), &shown[0]),
                    (above.place(), &shown[2]),
                    &self.name(),
                );
                let witness = scores::number_in(self.model.program, self.path, numbers).and_then(|value| {
                    let title =
                        format!("{} of {}", self.name(), describe::number_of(self.model.program, self.path, value));
                    scores::with_field(self.model, self.path, value, self.layer, &title)
                });
                diagnostics.push(found.witness(witness));
            }
        }
    }
}
