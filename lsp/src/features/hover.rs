//! What stands under the cursor: its declaration, what is said of it, what it refines, and how far a score can go.

use std::fmt::Write as _;

use compiler::program::Program;
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
    server.live.want(&view.compilation.folder);
    let live = server.live.hover(&view, byte);
    let (span, mut text) = match names::at(server, &at.text_document.uri, at.position) {
        Some(named) => (named.span, about(&named)),
        None => match lint(&view, byte) {
            Some(found) => found,
            None if live.is_empty() => return Ok(None),
            None => (Span::new(byte, byte), String::new()),
        },
    };
    if !live.is_empty() {
        let line = if text.is_empty() { "" } else { "\n---\n\n" };
        let _ = write!(text, "{line}{}", live.join("\n"));
    }
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
    let mut docs = definitions.iter().filter_map(|definition| match definition.symbol {
        Symbol::Module(_) => first_comment(view, definition),
        _ => definition.docs.as_ref().map(ToString::to_string),
    });
    if let Some(docs) = docs.next() {
        let _ = writeln!(text, "\n---\n\n{docs}");
    }
    text
}

/// What a module says of itself: the comment that it begins with.
fn first_comment(view: &View, module: &Definition) -> Option<String> {
    let text = view.compilation.compiled.files.slice(module.file, module.whole);
    let lines = text.lines().map(str::trim).skip_while(|line| line.is_empty());
    let said = lines.map_while(|line| line.strip_prefix("//")).map(|line| line.trim_start_matches('/').trim());
    Some(said.collect::<Vec<_>>().join("\n")).filter(|said| !said.is_empty())
}

/// A declaration as it is written, its first lines where it is long.
fn shown(view: &View, definition: &Definition) -> String {
    if matches!(definition.symbol, Symbol::Module(_)) {
        return String::new();
    }
    let files = &view.compilation.compiled.files;
    let text = files.slice(definition.file, definition.whole);
    let before = files.slice(definition.file, Span::new(0, definition.whole.start));
    // So far from the left it stands; its other lines lose as much.
    let column = before.len() - before.rfind('\n').map_or(0, |end| end + 1);
    let moved = |line: &str| {
        let blanks = line.len() - line.trim_start().len();
        line.get(blanks.min(column)..).unwrap_or_default().to_owned()
    };
    let lines: Vec<String> =
        text.lines().enumerate().map(|(at, line)| if at == 0 { line.to_owned() } else { moved(line) }).collect();
    if lines.len() <= LINES {
        return lines.join("\n");
    }
    match lines.first() {
        Some(first) if first.ends_with('{') => format!("{first} … }}"),
        Some(first) => format!("{first}\n…"),
        None => String::new(),
    }
}

/// `team.playbook, line 12`
fn place(view: &View, definition: &Definition) -> String {
    let compiled = &view.compilation.compiled;
    let name = compiled.files.name(definition.file);
    if matches!(definition.symbol, Symbol::Module(_)) {
        return format!("`{name}`");
    }
    format!("`{name}`, line {}", compiled.files.line(definition.file, definition.name.start))
}

/// How far a score or layer can go, proven over all facts that there could be.
fn range(program: &Program, symbol: &Symbol) -> Option<String> {
    let (score, layer) = match symbol {
        Symbol::Score(score) => (score, None),
        Symbol::Layer { score, name } => (score, Some(name.as_str())),
        _ => return None,
    };
    let range = range_of(program, program.score_or_layer(score, layer)?);
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
