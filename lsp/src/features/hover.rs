//! What stands under the cursor: its declaration, what is said of it, what it refines, and how far a score can go.

use std::fmt::Write as _;

use compiler::program::{Program, ScoreRef};
use compiler::range_of;
use compiler::symbols::{Definition, Role, Symbol};
use language::{Span, Token};
use tower_lsp::ls_types::{Hover, HoverContents, HoverParams, MarkupContent, MarkupKind};

use super::{Answer, names};
use crate::server::Server;
use crate::workspace::View;

/// A declaration longer than so many lines is shown by its first ones.
const LINES: usize = 8;

pub(crate) fn hover(server: &mut Server, params: HoverParams) -> Answer<Option<Hover>> {
    let at = params.text_document_position_params;
    let Some(view) = server.workspace.view(&at.text_document.uri) else { return Ok(None) };
    let byte = view.byte(at.position, server.encoding);
    let (span, text) = match names::at(server, &at.text_document.uri, at.position) {
        Some(named) => (named.span, about(&named)),
        None => match lint(&view, byte) {
            Some(found) => found,
            None => return Ok(None),
        },
    };
    Ok(Some(Hover {
        contents: HoverContents::Markup(MarkupContent { kind: MarkupKind::Markdown, value: text }),
        range: Some(view.range(span, server.encoding)),
    }))
}

/// All that is said of a name.
fn about(named: &names::Named) -> String {
    let (view, symbol) = (&named.view, &named.symbol);
    let definitions = names::definitions(view, symbol);
    let mut text = String::new();
    if let Some(first) = definitions.first() {
        let declared = shown(view, first);
        let owner = symbol.owner().map(|owner| format!("of `{owner}`, ")).unwrap_or_default();
        if !declared.is_empty() {
            let _ = writeln!(text, "```playbook\n{declared}\n```\n");
        }
        let _ = writeln!(text, "{} {owner}from {}", symbol.kind(), place(view, first));
    } else {
        let _ = writeln!(text, "{symbol}");
    }
    for definition in definitions.iter().filter(|definition| definition.role != Role::First) {
        let how = if definition.role == Role::Refines { "refined" } else { "extended" };
        let _ = writeln!(text, "\n{how} in {}", place(view, definition));
    }
    if let Some(program) = &view.compilation.program
        && let Some(line) = range(program, symbol)
    {
        let _ = writeln!(text, "\n{line}");
    }
    let mut docs = definitions.iter().filter_map(|definition| definition.docs.as_ref());
    if let Some(docs) = docs.next() {
        let _ = writeln!(text, "\n---\n\n{docs}");
    }
    text
}

/// A declaration as it is written, its first lines where it is long.
fn shown(view: &View, definition: &Definition) -> String {
    if matches!(definition.symbol, Symbol::Module(_)) {
        return String::new();
    }
    let text = view.compilation.compiled.files.slice(definition.file, definition.whole);
    let indentation = text
        .lines()
        .skip(1)
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.len() - line.trim_start().len())
        .min();
    let lines: Vec<&str> = text.lines().collect();
    let shown = if lines.len() > LINES { 1 } else { lines.len() };
    let mut kept: Vec<String> = lines
        .iter()
        .take(shown)
        .enumerate()
        .map(|(number, line)| {
            if number == 0 {
                (*line).to_owned()
            } else {
                line.get(closing(indentation, line)..).unwrap_or(line).to_owned()
            }
        })
        .collect();
    if shown < lines.len() {
        match kept.last_mut() {
            Some(last) if last.ends_with('{') => last.push_str(" … }"),
            _ => kept.push("…".to_owned()),
        }
    }
    kept.join("\n")
}

/// How much of a line's start goes so that a nested declaration stands at the left.
fn closing(indentation: Option<usize>, line: &str) -> usize {
    let own = line.len() - line.trim_start().len();
    let closes = line.trim_start().starts_with('}');
    let least = indentation.unwrap_or(0);
    own.min(if closes { least } else { least.saturating_sub(if least >= 2 { 2 } else { 0 }) })
}

/// `team.playbook, line 12`
fn place(view: &View, definition: &Definition) -> String {
    let compiled = &view.compilation.compiled;
    let name = compiled.files.name(definition.file);
    if matches!(definition.symbol, Symbol::Module(_)) {
        return format!("`{name}`");
    }
    let before = compiled.files.slice(definition.file, Span::new(0, definition.name.start));
    format!("`{name}`, line {}", before.matches('\n').count() + 1)
}

/// How far a score or layer can go, proven over all facts that there could be.
fn range(program: &Program, symbol: &Symbol) -> Option<String> {
    let of = match symbol {
        Symbol::Score(score) => ScoreRef { score: program.score(score)?, layer: None },
        Symbol::Layer { score, name } => {
            let id = program.score(score)?;
            let layers = &program.scores.get(id.index())?.layers;
            let at = layers.iter().position(|layer| layer.name.as_ref() == Some(name))?;
            ScoreRef { score: id, layer: Some(u32::try_from(at).ok()?) }
        }
        _ => return None,
    };
    let range = range_of(program, of);
    Some(format!("goes from **{}** to **{}**, whatever the facts", range.low, range.high))
}

/// The page of a lint that a comment switches off.
fn lint(view: &View, byte: u32) -> Option<(Span, String)> {
    let parsed = view.parsed();
    let (Token::Comment, _) = parsed.token_at(byte)? else { return None };
    let named = parsed.switches.iter().map(|switch| &switch.lint);
    let lint = named.into_iter().find(|lint| (lint.span.start..=lint.span.end).contains(&byte))?;
    let code = compiler::codes::find(&lint.text)?;
    Some((lint.span, code.page.to_owned()))
}
