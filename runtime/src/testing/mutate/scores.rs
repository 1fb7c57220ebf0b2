//! Changes of scores: points, thresholds of rules and routes, weights of layers.

use compiler::program::{Fixed, Layer, Program, Rule, RuleForm, Score};

use super::conditions::{queries, variants};
use super::{Change, Kind};

/// The changes of all scores.
pub(super) fn changes(program: &Program, changes: &mut Vec<Change>) {
    for (place, score) in program.scores.iter().enumerate() {
        let at = At { score: place };
        for (layer_place, layer) in score.layers.iter().enumerate() {
            weight(at, score, layer_place, changes);
            for (rule_place, rule) in layer.rules.iter().enumerate() {
                points(at, layer_place, rule_place, layer, rule, changes);
                form(program, at, layer_place, rule_place, rule, changes);
            }
        }
        routes(program, at, score, changes);
    }
}

/// Which score is changed.
#[derive(Clone, Copy)]
struct At {
    score: usize,
}

impl At {
    fn layer(self, program: &mut Program, layer: usize) -> Option<&mut Layer> {
        program.scores.get_mut(self.score)?.layers.get_mut(layer)
    }

    fn rule(self, program: &mut Program, layer: usize, rule: usize) -> Option<&mut Rule> {
        self.layer(program, layer)?.rules.get_mut(rule)
    }
}

/// A rule that gives nothing, and one that gives one more.
fn points(at: At, layer: usize, place: usize, of: &Layer, rule: &Rule, changes: &mut Vec<Change>) {
    let one = Fixed::from_integer(if rule.points < Fixed::default() { -1 } else { 1 });
    let more = rule.points.plus(one);
    let mut add = |points: Fixed, words: String| {
        changes.push(Change {
            kind: Kind::Points,
            words,
            origin: rule.origin,
            make: Box::new(move |program| {
                if let Some(rule) = at.rule(program, layer, place) {
                    rule.points = points;
                }
            }),
        });
    };
    let within = of.name.as_ref().map(|name| format!("{name}: ")).unwrap_or_default();
    add(Fixed::default(), format!("{within}no points for `{}`", rule.words));
    add(more, format!("{within}{more} points for {} for `{}`", rule.points, rule.words));
}

/// The thresholds of a rule's condition, and the cap of one that counts events.
fn form(program: &Program, at: At, layer: usize, place: usize, rule: &Rule, changes: &mut Vec<Change>) {
    let forms: Vec<(String, RuleForm)> = match &rule.form {
        RuleForm::When(condition) => variants(program, condition)
            .into_iter()
            .map(|(words, condition)| (words, RuleForm::When(condition)))
            .collect(),
        RuleForm::Each { query, up_to } => {
            let more = up_to.plus(Fixed::from_integer(1));
            let capped = (format!("up to {more} for {up_to}"), RuleForm::Each { query: query.clone(), up_to: more });
            let queried = queries(program, query).into_iter();
            queried.map(|(words, query)| (words, RuleForm::Each { query, up_to: *up_to })).chain([capped]).collect()
        }
    };
    for (words, form) in forms {
        changes.push(Change {
            kind: Kind::Threshold,
            words: format!("`{}` with {words}", rule.words),
            origin: rule.origin,
            make: Box::new(move |program| {
                if let Some(rule) = at.rule(program, layer, place) {
                    rule.form = form.clone();
                }
            }),
        });
    }
}

/// Five percent of a layer's weight given to the next one.
fn weight(at: At, score: &Score, place: usize, changes: &mut Vec<Change>) {
    let five = Fixed::from_integer(5);
    let (Some(layer), Some(next)) = (score.layers.get(place), score.layers.get(place + 1)) else { return };
    let (Some(weight), Some(other)) = (layer.weight, next.weight) else { return };
    if weight < five {
        return;
    }
    let (less, more) = (weight.minus(five), other.plus(five));
    let name = |layer: &Layer| layer.name.clone().unwrap_or_default();
    changes.push(Change {
        kind: Kind::Weight,
        words: format!("layer `{}` {less}% for {weight}%, layer `{}` {more}% for {other}%", name(layer), name(next)),
        origin: layer.origin,
        make: Box::new(move |program| {
            for (place, weight) in [(place, less), (place + 1, more)] {
                if let Some(layer) = at.layer(program, place) {
                    layer.weight = Some(weight);
                }
            }
        }),
    });
}

fn routes(program: &Program, at: At, score: &Score, changes: &mut Vec<Change>) {
    for (place, line) in score.routes.iter().enumerate() {
        let Some(condition) = &line.condition else { continue };
        for (words, condition) in variants(program, condition) {
            changes.push(Change {
                kind: Kind::Threshold,
                words: format!("`{}` with {words}", line.words),
                origin: line.origin,
                make: Box::new(move |program| {
                    let line = program.scores.get_mut(at.score).and_then(|score| score.routes.get_mut(place));
                    if let Some(line) = line {
                        line.condition = Some(condition.clone());
                    }
                }),
            });
        }
    }
}
