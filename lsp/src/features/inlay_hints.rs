//! What is not written and counts all the same: what points are worth in the whole score, how far a score and its layers go, whom a
//! stage belongs to, what a refinement takes over, how much `50k` is.

use compiler::program::{Fixed, Program};
use compiler::range_of;
use language::syntax::{Actor, DeclarationKind, Layer, Refine, RefineMembers, Score, Workflow, WorkflowMember};
use language::{Span, Token, divide_half_even};
use tower_lsp::ls_types::{InlayHint, InlayHintKind, InlayHintLabel, InlayHintParams, InlayHintTooltip};

use super::{Answer, Refusal};
use crate::server::Server;
use crate::workspace::View;

/// A hint behind a byte.
struct Hint {
    byte: u32,
    label: String,
    tooltip: &'static str,
}

pub(crate) fn hints(server: &mut Server, params: InlayHintParams) -> Answer<Option<Vec<InlayHint>>> {
    if server.pending.any() {
        return Err(Refusal::Stale);
    }
    let Some(view) = server.workspace.view(&params.text_document.uri) else { return Ok(None) };
    let wanted = view.span(params.range, server.encoding);
    let mut found = of_declarations(&view);
    found.extend(amounts(&view));
    found.retain(|hint| (wanted.start..=wanted.end).contains(&hint.byte));
    found.sort_by_key(|hint| hint.byte);
    let made = |hint: Hint| InlayHint {
        position: view.lines.position(&view.text, hint.byte, server.encoding),
        label: InlayHintLabel::String(hint.label),
        kind: Some(InlayHintKind::TYPE),
        text_edits: None,
        tooltip: Some(InlayHintTooltip::String(hint.tooltip.to_owned())),
        padding_left: Some(true),
        padding_right: None,
        data: None,
    };
    let counted = server.live.hints(&view, (params.range.start.line, params.range.end.line), server.encoding);
    Ok(Some(found.into_iter().map(made).chain(counted).collect()))
}

fn of_declarations(view: &View) -> Vec<Hint> {
    let mut found = Vec::new();
    for declaration in &view.parsed().file.declarations {
        match &declaration.kind {
            DeclarationKind::Score(score) => of_score(view, score, &mut found),
            DeclarationKind::Workflow(workflow) => owners(&workflow.members, workflow, &mut found),
            DeclarationKind::Refine(refine) => taken_over(view, refine, &mut found),
            _ => {}
        }
    }
    found
}

fn of_score(view: &View, score: &Score, found: &mut Vec<Hint>) {
    let Some(program) = &view.compilation.program else { return };
    if let Some(label) = range(program, &score.name.text, None) {
        found.push(Hint {
            byte: score.entity.span.end,
            label,
            tooltip: "how far this score can go, whatever the facts",
        });
    }
    of_layers(view, program, &score.name.text, &score.body.layers, found);
}

fn of_layers(view: &View, program: &Program, score: &str, layers: &[Layer], found: &mut Vec<Hint>) {
    for layer in layers {
        let weight = layer.weight.map(|(weight, _)| weight);
        let header = header_end(view, layer.span);
        if let Some(label) = range(program, score, Some(&layer.name.text)) {
            found.push(Hint { byte: header, label, tooltip: "how far this layer can go, whatever the facts" });
        }
        let Some(weight) = weight else { continue };
        for rule in &layer.rules {
            // What a layer gives is worth as much of the score as the layer weighs.
            let hundred = 100 * i128::from(language::SCALE);
            let worth = divide_half_even(i128::from(rule.points.0) * i128::from(weight.0), hundred);
            let Ok(worth) = i64::try_from(worth).map(Fixed) else { continue };
            let sign = if worth.0 > 0 { "+" } else { "" };
            found.push(Hint {
                byte: rule.points_span.end,
                label: format!("{sign}{worth} of {score}"),
                tooltip: "what these points are worth in the whole score, at most",
            });
        }
    }
}

/// Behind the last token of a header, before its `{`.
fn header_end(view: &View, whole: Span) -> u32 {
    let tokens = &view.parsed().tokens;
    let mut end = whole.start;
    let mut index = tokens.at(whole.start).unwrap_or_default();
    while tokens.start(index) < whole.end && tokens.kind(index) != Token::LeftBrace {
        if !tokens.kind(index).is_trivia() {
            end = tokens.span(index).end;
        }
        index += 1;
    }
    end
}

/// `0 to 100`
fn range(program: &Program, score: &str, layer: Option<&str>) -> Option<String> {
    let range = range_of(program, program.score_or_layer(score, layer)?);
    Some(format!("{} to {}", range.low, range.high))
}

/// A stage that does not say whose it is belongs to whoever has the workflow.
fn owners(members: &[WorkflowMember], workflow: &Workflow, found: &mut Vec<Hint>) {
    let Some(by) = &workflow.by else { return };
    for member in members {
        let WorkflowMember::Stage(stage) = member else { continue };
        if stage.by.is_none() {
            let label = format!("by {}", actor(by));
            found.push(Hint { byte: stage.name.span.end, label, tooltip: "as the workflow says" });
        }
    }
}

fn actor(actor: &Actor) -> String {
    match actor {
        Actor::Named(name) => name.text.to_string(),
        Actor::Human { person: None, .. } => "human".to_owned(),
        Actor::Human { person: Some(person), .. } => format!("human {}", person.text),
    }
}

/// What a refined score keeps of its base.
fn taken_over(view: &View, refine: &Refine, found: &mut Vec<Hint>) {
    let (Some(name), RefineMembers::Score(body)) = (&refine.name, &refine.members) else { return };
    let modules = &view.compilation.compiled.modules;
    let scores = modules.declarations.iter().filter_map(|declared| match &declared.declaration.kind {
        DeclarationKind::Score(score) => Some(score),
        _ => None,
    });
    let Some(base) = scores.into_iter().find(|score| score.name.text == name.dotted()) else { return };
    let own = |layer: &&Layer| body.layers.iter().any(|own| own.name.text == layer.name.text);
    let kept = base.body.layers.iter().filter(|layer| !own(layer));
    let words: Vec<String> = kept
        .map(|layer| match layer.weight {
            Some((weight, _)) => format!("{} {weight}%", layer.name.text),
            None => layer.name.text.to_string(),
        })
        .collect();
    if !words.is_empty() {
        let label = format!("keeps {}", words.join(", "));
        found.push(Hint { byte: name.span.end, label, tooltip: "what stays as the base has it" });
    }
    if let Some(program) = &view.compilation.program {
        of_layers(view, program, &name.dotted(), &body.layers, found);
    }
}

/// `50k` is 50,000, `2M` is 2,000,000.
fn amounts(view: &View) -> Vec<Hint> {
    let tokens = &view.parsed().tokens;
    let numbers = (0..tokens.len()).filter(|index| tokens.kind(*index) == Token::Number);
    let hint = |index| {
        let span: Span = tokens.span(index);
        let written = view.slice(span);
        let zeros = if written.ends_with('k') {
            3
        } else if written.ends_with('M') {
            6
        } else {
            return None;
        };
        let label = format!("= {}", in_full(written.get(..written.len() - 1)?, zeros)?);
        Some(Hint { byte: span.end, label, tooltip: "in full" })
    };
    numbers.filter_map(hint).collect()
}

/// Digits with so many zeros behind them, in groups of three.
fn in_full(written: &str, zeros: usize) -> Option<String> {
    let plain = written.replace('_', "");
    let (whole, part) = plain.split_once('.').unwrap_or((&plain, ""));
    if part.len() > zeros {
        return None;
    }
    let digits = format!("{whole}{part}{}", "0".repeat(zeros - part.len()));
    let digits = digits.trim_start_matches('0');
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    Some(if grouped.is_empty() { "0".to_owned() } else { grouped })
}

#[cfg(test)]
mod tests {
    use super::in_full;

    #[test]
    fn amounts_in_full() {
        let full = [("50", 3), ("1.5", 6), ("0.5", 3), ("1_000", 3), ("0", 3)]
            .map(|(written, zeros)| in_full(written, zeros).unwrap());
        assert_eq!(full, ["50,000", "1,500,000", "500", "1,000,000", "0"]);
        assert_eq!(in_full("1.2345", 3), None);
    }
}
