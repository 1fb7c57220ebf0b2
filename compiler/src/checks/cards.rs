//! Scores of the Program side by side with their syntax: the one says what they mean, the other where it stands.

use language::Span;
use language::syntax::{self, DeclarationKind};
use rustc_hash::FxHashMap;

use crate::modules::{Declared, Modules};
use crate::program::{FileId, Layer, Program, Rule, Score, ScoreId};

/// A place in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) file: FileId,
    pub(crate) span: Span,
}

/// A score with its syntax.
pub(crate) struct Card<'a> {
    pub(crate) id: ScoreId,
    pub(crate) score: &'a Score,
    pub(crate) layers: Vec<LayerCard<'a>>,
    /// One for each line of the route.
    pub(crate) routes: Vec<RouteCard<'a>>,
    /// The route's first word; the score's name where it has none.
    pub(crate) route: Place,
}

/// A layer with its syntax.
pub(crate) struct LayerCard<'a> {
    pub(crate) layer: &'a Layer,
    /// Its header; the score's name for rules that stand directly in the score.
    pub(crate) header: Place,
    pub(crate) rules: Vec<RuleCard<'a>>,
}

/// A rule with its syntax.
pub(crate) struct RuleCard<'a> {
    pub(crate) rule: &'a Rule,
    pub(crate) syntax: &'a syntax::Rule,
    pub(crate) file: FileId,
}

/// A line of a route with its syntax.
pub(crate) struct RouteCard<'a> {
    pub(crate) line: &'a crate::program::RouteLine,
    pub(crate) syntax: &'a syntax::RouteLine,
    pub(crate) file: FileId,
}

impl RuleCard<'_> {
    pub(crate) fn place(&self) -> Place {
        Place { file: self.file, span: self.syntax.span }
    }

    pub(crate) fn points(&self) -> Place {
        Place { file: self.file, span: self.syntax.points_span }
    }

    /// From the condition's first word to its last.
    pub(crate) fn condition(&self) -> Place {
        let span = match &self.syntax.form {
            syntax::RuleForm::When(condition) => condition.span,
            syntax::RuleForm::Change { span, .. } => *span,
            syntax::RuleForm::Each { query, .. } => query.span,
        };
        Place { file: self.file, span }
    }
}

impl RouteCard<'_> {
    pub(crate) fn place(&self) -> Place {
        Place { file: self.file, span: self.syntax.span }
    }
}

/// The scores whose syntax and meaning have the same parts; where an error left something out, the others are skipped.
pub(crate) fn cards<'a>(program: &'a Program, modules: &'a Modules) -> Vec<Card<'a>> {
    let mut syntax: FxHashMap<&str, (&Declared, &syntax::Score)> = FxHashMap::default();
    for declared in &modules.declarations {
        if let DeclarationKind::Score(score) = &declared.declaration.kind {
            syntax.entry(&score.name.text).or_insert((declared, score));
        }
    }
    let pair = |(index, score): (usize, &'a Score)| {
        let (declared, written) = syntax.get(score.name.as_str())?;
        #[expect(clippy::cast_possible_truncation, reason = "a playbook has fewer than four billion scores")]
        card(ScoreId(index as u32), score, declared, written)
    };
    program.scores.iter().enumerate().filter_map(pair).collect()
}

fn card<'a>(id: ScoreId, score: &'a Score, declared: &'a Declared, written: &'a syntax::Score) -> Option<Card<'a>> {
    if declared.declaration.broken {
        return None;
    }
    let name = Place { file: declared.file, span: written.name.span };
    let by_name: FxHashMap<&str, usize> =
        written.body.layers.iter().enumerate().map(|(at, layer)| (layer.name.text.as_str(), at)).collect();
    let mut layers = Vec::with_capacity(score.layers.len());
    for layer in &score.layers {
        let (rules, file, header) = match &layer.name {
            None => (&written.body.rules, declared.file, name),
            Some(name) => {
                let at = *by_name.get(name.as_str())?;
                let syntax = written.body.layers.get(at)?;
                let file = declared.member_file(at);
                (&syntax.rules, file, Place { file, span: header(syntax) })
            }
        };
        if rules.len() != layer.rules.len() {
            return None;
        }
        let rules = layer.rules.iter().zip(rules).map(|(rule, syntax)| RuleCard { rule, syntax, file }).collect();
        layers.push(LayerCard { layer, header, rules });
    }
    let lines = written.body.route.as_ref().map_or(&[][..], |route| &route.lines);
    if lines.len() != score.routes.len() {
        return None;
    }
    let file = declared.route_file();
    let routes = score.routes.iter().zip(lines).map(|(line, syntax)| RouteCard { line, syntax, file }).collect();
    let route = written.body.route.as_ref().map_or(name, |route| {
        let word = Span::new(route.span.start, (route.span.start + 5).min(route.span.end));
        Place { file, span: word }
    });
    Some(Card { id, score, layers, routes, route })
}

/// `layer behavioral weight 25%`
pub(crate) fn header(layer: &syntax::Layer) -> Span {
    let end = layer.weight.map_or(layer.name.span, |(_, span)| span);
    Span::new(layer.span.start, end.end.max(layer.name.span.end))
}
