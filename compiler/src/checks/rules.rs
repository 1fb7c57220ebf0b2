//! Rules that never fire, that say the same twice, that another implies, and points that can never count.

use std::collections::HashMap;

use super::cards::{Card, LayerCard, RuleCard};
use super::demand::{self, Demands, Never};
use super::describe::{self, signed};
use super::domain::{Counted, Domain, Subject};
use super::interval::Interval;
use super::reach::Reach;
use crate::codes::lints::{implied_rule, useless_points};
use crate::codes::scores::{dead_rule, duplicate_rule};
use crate::diagnostics::Diagnostic;
use crate::program::{Fixed, Program, RuleForm, Type};

pub(super) fn run(program: &Program, card: &Card<'_>, reach: &Reach<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for (at, layer) in card.layers.iter().enumerate() {
        let demands = demands_of(program, layer, reach, at, diagnostics);
        let twice = duplicates(layer, diagnostics);
        implied(layer, &demands, &twice, diagnostics);
        useless(card, layer, diagnostics);
    }
}

/// The demands of each rule; none, and said so, where it never fires.
fn demands_of<'r>(
    program: &Program,
    layer: &LayerCard<'_>,
    reach: &'r Reach<'_>,
    at: usize,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Option<&'r Demands<'r>>> {
    let pieces = reach.pieces(at).iter().zip(&layer.rules);
    let demands = pieces.map(|(piece, rule)| {
        let why = match &piece.demands {
            Ok(demands) => match exhausted(program, demands) {
                None => return Some(demands),
                Some(why) => why,
            },
            Err(why) => never(program, why),
        };
        diagnostics.push(dead_rule::diagnostic(rule.condition(), &signed(rule.rule.points), &why));
        None
    });
    demands.collect()
}

/// A word of a list that is excluded down to the last one.
fn exhausted(program: &Program, demands: &Demands<'_>) -> Option<String> {
    demands.iter().find_map(|(subject, domain)| {
        let (Subject::Field(path), Domain::Word(words)) = (subject, domain) else { return None };
        let Type::OneOf(all) = &program.field(path)?.ty else { return None };
        let none_left = words.only.is_none() && all.iter().all(|word| words.not.contains(&word.as_str()));
        none_left.then(|| format!("it leaves no value of `{}`", program.path_name(path)))
    })
}

/// Why, in words.
pub(super) fn never(program: &Program, why: &Never<'_>) -> String {
    match why {
        Never::Clash(subject, both) => match &**both {
            (Domain::Counts(one), Domain::Counts(other)) => counts_clash(program, subject, one, other),
            (one, other) => {
                let (named, one) = (describe::subject(program, subject), describe::domain(program, subject, one));
                format!("it wants {named} to be both {one} and {}", describe::domain(program, subject, other))
            }
        },
        Never::Numbers => "its numbers do not compare so".to_owned(),
        Never::EmptyRange => "the range ends below where it begins".to_owned(),
        Never::Always => "it contradicts itself".to_owned(),
    }
}

fn counts_clash(program: &Program, subject: &Subject<'_>, one: &[Counted<'_>], other: &[Counted<'_>]) -> String {
    let clash =
        one.iter().find_map(|one| Some((one, other.iter().find(|other| one.excludes(other) || other.excludes(one))?)));
    clash.map_or_else(
        || "it contradicts itself".to_owned(),
        |(one, other)| {
            let (one, other) = (describe::counted(program, subject, one), describe::counted(program, subject, other));
            format!("it wants {one}, and {other}")
        },
    )
}

/// Which rules stand there twice.
fn duplicates(layer: &LayerCard<'_>, diagnostics: &mut Vec<Diagnostic>) -> Vec<bool> {
    let mut seen: HashMap<&str, &RuleCard<'_>> = HashMap::with_capacity(layer.rules.len());
    let twice = layer.rules.iter().map(|rule| match seen.get(rule.rule.words.as_str()) {
        Some(first) if same(&first.rule.form, &rule.rule.form) => {
            let against = (first.rule.points.0 < 0) != (rule.rule.points.0 < 0);
            let points = (signed(first.rule.points), signed(rule.rule.points));
            diagnostics.push(duplicate_rule::diagnostic(rule.place(), first.place(), &points.0, &points.1, against));
            true
        }
        _ => {
            seen.insert(&rule.rule.words, rule);
            false
        }
    });
    twice.collect()
}

/// Whether they fire together; an `each` whatever its cap.
fn same(one: &RuleForm, other: &RuleForm) -> bool {
    match (one, other) {
        (RuleForm::Each { query: one, .. }, RuleForm::Each { query: other, .. }) => one == other,
        (one, other) => one == other,
    }
}

/// Rules that name the same subject are compared up to this number.
const COMPARED: usize = 64;

fn implied(layer: &LayerCard<'_>, demands: &[Option<&Demands<'_>>], twice: &[bool], diagnostics: &mut Vec<Diagnostic>) {
    let mut by_field: HashMap<Vec<u32>, Vec<usize>> = HashMap::new();
    for (at, demands) in demands.iter().enumerate() {
        for (subject, _) in demands.iter().copied().flatten() {
            let group = by_field.entry(fingerprint(subject)).or_default();
            if group.len() < COMPARED {
                group.push(at);
            }
        }
    }
    let mut found: Vec<(usize, usize)> = Vec::new();
    for group in by_field.values() {
        for narrow in group {
            for wide in group.iter().filter(|wide| *wide != narrow) {
                if twice.get(*narrow) != Some(&false) || twice.get(*wide) != Some(&false) {
                    continue;
                }
                let (Some(Some(given)), Some(Some(wanted)), Some(rule)) =
                    (demands.get(*narrow), demands.get(*wide), layer.rules.get(*wide))
                else {
                    continue;
                };
                let RuleForm::When(condition) = &rule.rule.form else { continue };
                if !is_tier(wanted) && demand::implied(given, condition, false) {
                    found.push((*narrow, *wide));
                }
            }
        }
    }
    found.sort_unstable();
    // One is enough: of several, the first says it.
    found.dedup_by_key(|(narrow, _)| *narrow);
    for (narrow, wide) in found {
        let (Some(narrow), Some(wide)) = (layer.rules.get(narrow), layer.rules.get(wide)) else { continue };
        let together = signed(narrow.rule.points.plus(wide.rule.points));
        let (few, many) = (signed(narrow.rule.points), signed(wide.rule.points));
        diagnostics.push(implied_rule::diagnostic(narrow.place(), &few, wide.place(), &many, &together));
    }
}

/// A threshold: a number with one open end, or so many of something. Such rules are steps of one scale, and meant to add up.
fn is_tier(demands: &Demands<'_>) -> bool {
    let step = |(subject, domain): &(Subject<'_>, Domain<'_>)| match domain {
        Domain::Number(Interval { low, high }) => *low == i64::MIN || *high == i64::MAX,
        Domain::Counts(_) => matches!(subject, Subject::Events | Subject::Phrases(_)),
        Domain::Known => true,
        _ => false,
    };
    demands.iter().all(step)
}

fn fingerprint(subject: &Subject<'_>) -> Vec<u32> {
    match subject {
        Subject::Field(path) => {
            let steps = path.relations.iter().map(|step| step.0);
            [0, path.entity.0].into_iter().chain(steps).chain([path.field.0]).collect()
        }
        Subject::Score(of) => vec![1, of.score.0, of.layer.map_or(0, |layer| layer + 1)],
        Subject::Phrases(phrases) => vec![2, phrases.0],
        Subject::Route(score) => vec![3, score.0],
        Subject::Events => vec![4],
        Subject::Number(_) | Subject::Latest(_) | Subject::EventField(_) => vec![5],
    }
}

fn useless(card: &Card<'_>, layer: &LayerCard<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let hundred = Fixed::from_integer(100);
    let name = layer.layer.name.as_deref().unwrap_or(&card.score.name);
    let takes_away = layer.rules.iter().any(|rule| rule.rule.points < Fixed::ZERO);
    let gives = layer.rules.iter().any(|rule| rule.rule.points > Fixed::ZERO);
    if card.score.weighted && takes_away && !gives {
        diagnostics.push(useless_points::never_above_zero(layer.header, name));
    }
    for rule in &layer.rules {
        let points = rule.rule.points;
        if points == Fixed::ZERO {
            diagnostics.push(useless_points::nought(rule.points()));
            continue;
        }
        let size = Fixed(points.0.saturating_abs());
        match &rule.rule.form {
            RuleForm::Each { up_to, .. } if size > *up_to => {
                diagnostics.push(useless_points::beyond_cap(rule.place(), &size.to_string(), &up_to.to_string()));
            }
            // With points that are taken away beside them, more than a hundred may count after all.
            RuleForm::When(_) if card.score.weighted && !takes_away && points > hundred => {
                diagnostics.push(useless_points::beyond_clamp(rule.points(), &points.to_string(), name));
            }
            _ => {}
        }
    }
}
