//! Weights of a score's layers: all or none, each above nought, 100% together.

use language::Fixed;
use language::syntax::{self, DeclarationKind};

use super::cards::Place;
use crate::codes::scores::{second_route, weight_missing, weight_not_positive, weights_sum};
use crate::diagnostics::Diagnostic;
use crate::modules::{Declared, Modules};

pub(super) fn run(modules: &Modules, diagnostics: &mut Vec<Diagnostic>) {
    for declared in &modules.declarations {
        if let DeclarationKind::Score(score) = &declared.declaration.kind {
            second_routes(declared, score, diagnostics);
            // A layer that could not be read may hold the weight that is missing.
            if !declared.declaration.broken {
                weights(declared, score, diagnostics);
            }
        }
    }
}

fn second_routes(declared: &Declared, score: &syntax::Score, diagnostics: &mut Vec<Diagnostic>) {
    let Some(first) = &score.body.route else { return };
    for (index, other) in score.body.others.iter().enumerate().filter(|(_, other)| other.what() == "route") {
        let place = Place { file: declared.other_file(index), span: other.span() };
        let first = Place { file: declared.route_file(), span: first.span };
        diagnostics.push(second_route::diagnostic(place, first, &score.name.text));
    }
}

fn weights(declared: &Declared, score: &syntax::Score, diagnostics: &mut Vec<Diagnostic>) {
    let layers = &score.body.layers;
    let place = |index: usize, span| Place { file: declared.member_file(index), span };
    let mut weighted = Vec::with_capacity(layers.len());
    let mut missing = Vec::new();
    for (index, layer) in layers.iter().enumerate() {
        match layer.weight {
            Some((weight, span)) => weighted.push((layer, weight, place(index, span))),
            None => missing.push((layer, place(index, layer.name.span))),
        }
    }
    if weighted.is_empty() {
        return;
    }
    if let Some(rule) = score.body.rules.first() {
        let place = Place { file: declared.file, span: rule.span };
        diagnostics.push(weight_missing::of_rules(place, &score.name.text, weighted.first().map(|(.., place)| *place)));
        return;
    }
    let sum = weighted.iter().fold(Fixed::ZERO, |sum, (_, weight, _)| sum.plus(*weight));
    if !missing.is_empty() {
        diagnostics.push(weight_missing::diagnostic(&missing, sum, weighted.first().map(|(.., place)| *place)));
        return;
    }
    let mut positive = true;
    for (layer, weight, place) in weighted.iter().filter(|(_, weight, _)| *weight <= Fixed::ZERO) {
        positive = false;
        diagnostics.push(weight_not_positive::diagnostic(*place, &layer.name.text, *weight));
    }
    if positive && sum != Fixed::from_integer(100) {
        let name = Place { file: declared.file, span: score.name.span };
        let parts: Vec<(Fixed, Place)> = weighted.iter().map(|(_, weight, place)| (*weight, *place)).collect();
        diagnostics.push(weights_sum::diagnostic(name, &score.name.text, sum, &parts));
    }
}
