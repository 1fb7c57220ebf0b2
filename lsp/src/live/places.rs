//! Where the things stand that live data is about: rules, lines of a route, stages, tests. Read off the syntax tree, so that they are
//! found in a text with errors too. Knows no CRM.

use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;

use compiler::program::Origin;
use language::Span;
use language::syntax::{Declaration, DeclarationKind, File, RefineMembers, ScoreBody, WorkflowMember};
use smol_str::SmolStr;

use crate::text::Lines;
use crate::workspace::client::Compilation;

/// Something that live data is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// A score, or a refinement of one.
    Score { score: SmolStr },
    /// A rule, by its layer and its place in it.
    Rule { score: SmolStr, layer: Option<SmolStr>, index: usize },
    /// A line of a route.
    Line { score: SmolStr, label: SmolStr },
    /// A stage or a handoff.
    Stage { workflow: SmolStr, stage: SmolStr },
    /// A test.
    Test { test: SmolStr },
    /// A scenario.
    Scenario { title: SmolStr },
}

/// Where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) what: What,
    /// All of it.
    pub(crate) span: Span,
    /// The part of it that a reader points at.
    pub(crate) head: Span,
}

/// What identifies a rule or a line of a route, also after other lines have moved it: its file, its text, and where it stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) path: PathBuf,
    /// From 0.
    pub(crate) line: usize,
    /// As written, with single blanks.
    pub(crate) text: String,
}

/// All of a file, in source order.
pub(crate) fn items(file: &File) -> Vec<Item> {
    let mut items = Vec::new();
    for declaration in &file.declarations {
        of_declaration(declaration, &mut items);
    }
    items
}

fn of_declaration(declaration: &Declaration, items: &mut Vec<Item>) {
    let span = declaration.span;
    match &declaration.kind {
        DeclarationKind::Score(score) => {
            let what = What::Score { score: score.name.text.clone() };
            items.push(Item { what, span, head: score.name.span });
            of_score(&score.name.text, &score.body, items);
        }
        DeclarationKind::Workflow(workflow) => of_workflow(&workflow.name.text, &workflow.members, items),
        DeclarationKind::Test(test) => {
            let what = What::Test { test: test.name.value.clone() };
            items.push(Item { what, span, head: declaration.keyword.to(test.name.span) });
        }
        DeclarationKind::Scenario(scenario) => {
            let what = What::Scenario { title: scenario.title.value.clone() };
            items.push(Item { what, span, head: declaration.keyword.to(scenario.title.span) });
        }
        DeclarationKind::Refine(refine) => {
            let Some(name) = refine.name.as_ref().and_then(|name| name.parts.last()) else { return };
            match &refine.members {
                RefineMembers::Score(body) => {
                    items.push(Item { what: What::Score { score: name.text.clone() }, span, head: name.span });
                    of_score(&name.text, body, items);
                }
                RefineMembers::Workflow(members) => of_workflow(&name.text, members, items),
                _ => {}
            }
        }
        _ => {}
    }
}

fn of_score(score: &SmolStr, body: &ScoreBody, items: &mut Vec<Item>) {
    let without = std::iter::once((None, body.rules.as_slice()));
    let layers = body.layers.iter().map(|layer| (Some(layer.name.text.clone()), layer.rules.as_slice()));
    for (layer, rules) in without.chain(layers) {
        for (index, rule) in rules.iter().enumerate() {
            let what = What::Rule { score: score.clone(), layer: layer.clone(), index };
            items.push(Item { what, span: rule.span, head: rule.span });
        }
    }
    for line in body.route.iter().flat_map(|route| &route.lines) {
        let what = What::Line { score: score.clone(), label: line.label.text.clone() };
        items.push(Item { what, span: line.span, head: line.span });
    }
}

fn of_workflow(workflow: &SmolStr, members: &[WorkflowMember], items: &mut Vec<Item>) {
    for member in members {
        let stage = match member {
            WorkflowMember::Stage(stage) => &stage.name,
            WorkflowMember::Handoff(handoff) => &handoff.name,
            WorkflowMember::Status { .. } | WorkflowMember::Start(_) | WorkflowMember::End(_) => continue,
        };
        let what = What::Stage { workflow: workflow.clone(), stage: stage.text.clone() };
        items.push(Item { what, span: member.span(), head: stage.span });
    }
}

/// With single blanks: what laying out changes makes no other rule of it.
pub(crate) fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The places of a client's rules and lines of routes, as its Program names them.
pub(super) struct Places(BTreeMap<(u32, u32), VecDeque<Place>>);

impl Places {
    pub(super) fn of(compilation: &Compilation) -> Self {
        let mut places: BTreeMap<(u32, u32), VecDeque<Place>> = BTreeMap::new();
        let files = (0u32..).zip(compilation.parsed.iter().zip(&compilation.paths));
        for ((file, (parsed, path)), source) in files.zip(&compilation.compiled.files.files) {
            let mut lines = None;
            for item in items(&parsed.file) {
                if !matches!(item.what, What::Rule { .. } | What::Line { .. }) {
                    continue;
                }
                let line = lines.get_or_insert_with(|| Lines::of(&source.text)).line(item.span.start);
                let text = squeezed(source.text.get(item.span.range()).unwrap_or_default());
                let place = Place { path: path.clone(), line, text };
                // The Program counts lines from 1.
                let key = (file, u32::try_from(line + 1).unwrap_or(u32::MAX));
                places.entry(key).or_default().push_back(place);
            }
        }
        Self(places)
    }

    /// The next one that stands there: of several in one line, in source order.
    pub(super) fn take(&mut self, origin: Origin) -> Option<Place> {
        self.0.get_mut(&(origin.file.0, origin.line))?.pop_front()
    }
}
