//! Whether a playbook that can be understood makes sense: weights, ranges, routes and rules, and what is likely a mistake.
//!
//! What needs the meaning of a score looks at the Program, what needs its words at the syntax beside it ([`cards`]). Nothing here
//! changes the Program.

pub(crate) mod allow;
mod bands;
pub(crate) mod cards;
pub(crate) mod channels;
pub(crate) mod demand;
pub(crate) mod describe;
pub(crate) mod domain;
mod exclusive;
pub(crate) mod interval;
mod leaks;
pub(crate) mod no_client;
mod opens;
mod permission;
pub(crate) mod reach;
mod routes;
mod rules;
pub(crate) mod scores;
mod stages;
mod unused;
mod weights;

pub use reach::{Range, range_of};
pub use scores::{Ends, Trend, ends_of, trends};

use language::Span;
use language::syntax::DeclarationKind;
use smol_str::SmolStr;

use crate::at_once::found_in;
use crate::codes::lints::{no_client as without_client, points_without_because};
use crate::diagnostics::{Diagnostic, Severity};
use crate::modules::Modules;
use crate::program::{FileId, Program};

/// All checks. Where an error has left something out of what scores are made of, nothing is said about ranges and routes.
/// Several scores are looked at at once where `at_once`.
pub(crate) fn run(
    program: &Program,
    modules: &Modules,
    asked: &[SmolStr],
    at_once: bool,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let whole = !diagnostics.iter().any(|found| found.severity == Severity::Error);
    let sound = whole || !concern_scores(modules, diagnostics);
    weights::run(modules, diagnostics);
    stages::run(modules, diagnostics);
    if sound {
        let cards = cards::cards(program, modules);
        diagnostics.extend(found_in(&cards, at_once, |card, found| {
            let reach = reach::Reach::new(program, card.id, card.score);
            let model = scores::Model::new(program, card.id, card.score);
            rules::run(program, card, (&reach, &model), found);
            bands::run(card, &model, found);
            routes::run(program, card, (&reach, &model), asked, found);
            opens::run(program, card, found);
            leaks::run(program, card, found);
            if asked.iter().any(|lint| lint == points_without_because::CODE.name) {
                without_because(modules, card, found);
            }
        }));
    }
    if whole && asked.iter().any(|lint| lint == without_client::CODE.name) {
        no_client::run(program, modules, diagnostics);
    }
    if whole {
        permission::run(program, modules, diagnostics);
        unused::run(modules, diagnostics);
    }
}

/// Whether an error may have left something out that a score is made of. What is done with a score is not.
fn concern_scores(modules: &Modules, diagnostics: &[Diagnostic]) -> bool {
    let harmless = |kind: &DeclarationKind| {
        !matches!(
            kind,
            DeclarationKind::Use(_)
                | DeclarationKind::Entity(_)
                | DeclarationKind::Extend(_)
                | DeclarationKind::Event(_)
                | DeclarationKind::Fact(_)
                | DeclarationKind::Score(_)
                | DeclarationKind::Phrases(_)
                | DeclarationKind::Refine(_)
                | DeclarationKind::Broken { .. }
        )
    };
    let mut spans: Vec<(FileId, Span)> = modules
        .declarations
        .iter()
        .filter(|declared| harmless(&declared.declaration.kind))
        .map(|declared| (declared.file, declared.declaration.span))
        .collect();
    spans.sort_unstable();
    let errors = diagnostics.iter().filter(|found| found.severity == Severity::Error);
    let lies_in_one = |found: &Diagnostic| {
        let (file, at) = (found.primary.file, found.primary.span.start);
        let next = spans.partition_point(|(of, span)| (*of, span.start) <= (file, at));
        let before = next.checked_sub(1).and_then(|before| spans.get(before));
        before.is_some_and(|(of, span)| *of == file && at <= span.end)
    };
    errors.into_iter().any(|found| !lies_in_one(found))
}

fn without_because(modules: &Modules, card: &cards::Card<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let rules = card.layers.iter().flat_map(|layer| &layer.rules);
    for rule in rules.filter(|rule| rule.rule.because.is_none() && !modules.is_standard(rule.file)) {
        let points = describe::signed(rule.rule.points);
        diagnostics.push(points_without_because::diagnostic(rule.file, rule.syntax.span, &points));
    }
}
