//! What is shown of the counts at a place of a text: in short, and for who points at it.

use std::path::Path;

use tower_lsp::ls_types::{InlayHint, InlayHintLabel, InlayHintTooltip, MarkupContent, MarkupKind, Position};

use super::Live;
use super::counts::{Counts, Example, OfScore};
use super::places::{Item, What, items, squeezed};
use super::words;
use crate::text::Encoding;
use crate::workspace::View;

/// What is shown at one place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shown {
    pub(crate) item: Item,
    /// `37 of 412`
    pub(crate) short: String,
    /// Markdown, a line each; without when it was counted.
    pub(crate) long: Vec<String>,
    /// Whom a list of examples shows, and the examples.
    pub(crate) title: String,
    pub(crate) examples: Vec<Example>,
}

impl Live {
    /// What is known of all places of a file, in source order.
    pub(crate) fn shown(&self, view: &View) -> Vec<Shown> {
        let Some(counts) = self.counts(&view.compilation.folder) else { return Vec::new() };
        let all = items(&view.parsed().file);
        all.into_iter().flat_map(|item| at(counts, view, &item)).collect()
    }

    /// What is known of what stands there, as lines of Markdown; none where that is nothing.
    pub(crate) fn hover(&self, view: &View, byte: u32) -> Vec<String> {
        let Some(counts) = self.counts(&view.compilation.folder) else { return Vec::new() };
        let is_there = |item: &Item| item.head.start <= byte && byte <= item.head.end;
        let there = items(&view.parsed().file).into_iter().filter(is_there);
        let Some(item) = there.min_by_key(|item| item.head.end - item.head.start) else { return Vec::new() };
        let mut lines: Vec<String> = at(counts, view, &item).into_iter().flat_map(|shown| shown.long).collect();
        if !lines.is_empty() {
            lines.push(String::new());
            lines.push(words::when(counts, is_stale(view)));
        }
        lines
    }

    /// Counts at the ends of the lines of rules and routes, from one line to another.
    pub(crate) fn hints(&self, view: &View, lines: (u32, u32), encoding: Encoding) -> Vec<InlayHint> {
        let Some(counts) = self.counts(&view.compilation.folder) else { return Vec::new() };
        let hint = |shown: Shown| {
            if !matches!(shown.item.what, What::Rule { .. } | What::Line { .. }) {
                return None;
            }
            let line = view.lines.line(shown.item.span.end);
            let position = end_of(view, line, encoding);
            if !(lines.0..=lines.1).contains(&position.line) {
                return None;
            }
            let value = shown.long.join("\n") + "\n\n" + &words::when(counts, is_stale(view));
            Some(InlayHint {
                position,
                label: InlayHintLabel::String(in_short(&shown, view)),
                kind: None,
                text_edits: None,
                tooltip: Some(InlayHintTooltip::MarkupContent(MarkupContent { kind: MarkupKind::Markdown, value })),
                padding_left: Some(true),
                padding_right: None,
                data: None,
            })
        };
        self.shown(view).into_iter().filter_map(hint).collect()
    }
}

/// In short, and that it is old where it is.
pub(crate) fn in_short(shown: &Shown, view: &View) -> String {
    if is_stale(view) { format!("{}, {}", shown.short, words::STALE) } else { shown.short.clone() }
}

/// Whether what was counted was another playbook than this one, which has errors.
fn is_stale(view: &View) -> bool {
    view.compilation.program.is_none()
}

fn end_of(view: &View, line: usize, encoding: Encoding) -> Position {
    let text = view.lines.text(&view.text, line).trim_end();
    let character = u32::try_from(encoding.length(text)).unwrap_or(u32::MAX);
    Position::new(u32::try_from(line).unwrap_or(u32::MAX), character)
}

fn at(counts: &Counts, view: &View, item: &Item) -> Vec<Shown> {
    let written = || (squeezed(view.slice(item.span)), view.lines.line(item.span.start));
    let shown = |short: String, long: Vec<String>, title: String, examples: &[Example]| Shown {
        item: item.clone(),
        short,
        long,
        title,
        examples: examples.to_vec(),
    };
    match &item.what {
        What::Score { score } => counts.score(score).map(|score| of_score(score, item)).unwrap_or_default(),
        What::Rule { score, .. } => {
            let (text, line) = written();
            let Some((score, rule)) = found(counts, score, |score| score.rule_at(path(view), &text, line)) else {
                return Vec::new();
            };
            let short = words::of_all(&rule.group, score);
            let long = words::with_examples(format!("gives points to **{short}** {}", score.of), &rule.group.examples);
            let title = format!("{short} {} get points of `{}`", score.of, score.name);
            vec![shown(short, long, title, &rule.group.examples)]
        }
        What::Line { score, label } => {
            let (text, line) = written();
            let Some((score, of_line)) = found(counts, score, |score| score.line_at(path(view), &text, line)) else {
                return Vec::new();
            };
            let short = words::of_all(&of_line.group, score);
            let all = score.label(label).map_or(0, |group| group.count);
            let in_all = if all == of_line.group.count { String::new() } else { format!("; {all} in all are {label}") };
            let first = format!("routes **{short}** {} to **{label}**{in_all}", score.of);
            let long = words::with_examples(first, &of_line.group.examples);
            let title = format!("{short} {} are routed to {label} here", score.of);
            vec![shown(short, long, title, &of_line.group.examples)]
        }
        What::Stage { workflow, stage } => {
            // A stage that nobody is in is one like others, where there are runs at all.
            let nobody = super::counts::Group::default();
            let known = counts.stage(workflow, stage).or_else(|| (!counts.stages.is_empty()).then_some(&nobody));
            let Some(group) = known else { return Vec::new() };
            let short = words::runs(group);
            let long = words::with_examples(format!("**{short}** now"), &group.examples);
            vec![shown(short.clone(), long, format!("{short}, in {workflow}.{stage}"), &group.examples)]
        }
        What::Test { .. } | What::Scenario { .. } => Vec::new(),
    }
}

fn found<'c, T>(counts: &'c Counts, score: &str, find: impl Fn(&'c OfScore) -> Option<T>) -> Option<(&'c OfScore, T)> {
    let score = counts.score(score)?;
    Some((score, find(score)?))
}

fn path(view: &View) -> &Path {
    &view.path
}

/// A score as a whole: where it routes whom, and who would move.
fn of_score(score: &OfScore, item: &Item) -> Vec<Shown> {
    let short = words::routes(score);
    let mut long = vec![format!("**{short}** of {} {}", score.judged, score.of)];
    let mut examples = Vec::new();
    for (label, group) in score.labels.iter().filter(|(_, group)| group.count > 0) {
        long.push(String::new());
        long.extend(words::with_examples(format!("{label}, among others:"), &group.examples));
        examples.extend(group.examples.iter().cloned());
    }
    let title = format!("`{}`: {short}", score.name);
    let mut all = vec![Shown { item: item.clone(), short, long, title, examples }];
    if let Some(moves) = &score.moves {
        let short = words::moves(moves);
        let first = format!("against the playbook on the disk, **{short}**");
        let mut long = vec![String::new()];
        long.extend(words::with_examples(first, &moves.examples));
        all.push(Shown { item: item.clone(), title: short.clone(), short, long, examples: moves.examples.clone() });
    }
    all
}
