//! What each word is, for editors that colour by meaning: a keyword used as a name is a name.

use std::collections::HashMap;

use compiler::symbols::Symbol;
use language::{Span, Token};
use tower_lsp::ls_types::{
    Range, SemanticToken, SemanticTokenModifier, SemanticTokenType, SemanticTokens, SemanticTokensDelta,
    SemanticTokensDeltaParams, SemanticTokensEdit, SemanticTokensFullDeltaResult, SemanticTokensLegend,
    SemanticTokensParams, SemanticTokensRangeParams, SemanticTokensRangeResult, SemanticTokensResult, Uri,
};

use super::{Answer, Refusal};
use crate::server::Server;
use crate::workspace::{View, path_of};

/// What was given last of each document, for the next difference.
#[derive(Debug, Default)]
pub(crate) struct Given {
    count: u64,
    last: HashMap<std::path::PathBuf, (String, Vec<SemanticToken>)>,
}

impl Given {
    /// Keeps what is given, and names it.
    fn keep(&mut self, path: std::path::PathBuf, tokens: Vec<SemanticToken>) -> String {
        self.count += 1;
        let id = self.count.to_string();
        self.last.insert(path, (id.clone(), tokens));
        id
    }

    /// A document that is closed is not asked about again.
    pub(crate) fn forget(&mut self, path: &std::path::Path) {
        self.last.remove(path);
    }
}

/// The kinds, in the order in which they are numbered.
const KINDS: [SemanticTokenType; 14] = [
    SemanticTokenType::KEYWORD,
    SemanticTokenType::COMMENT,
    SemanticTokenType::STRING,
    SemanticTokenType::NUMBER,
    SemanticTokenType::OPERATOR,
    SemanticTokenType::CLASS,
    SemanticTokenType::PROPERTY,
    SemanticTokenType::ENUM_MEMBER,
    SemanticTokenType::EVENT,
    SemanticTokenType::FUNCTION,
    SemanticTokenType::VARIABLE,
    SemanticTokenType::INTERFACE,
    SemanticTokenType::METHOD,
    SemanticTokenType::NAMESPACE,
];

const DECLARATION: u32 = 1;
const STANDARD: u32 = 1 << 1;
const DOCUMENTATION: u32 = 1 << 2;

pub(crate) fn legend() -> SemanticTokensLegend {
    SemanticTokensLegend {
        token_types: KINDS.to_vec(),
        token_modifiers: vec![
            SemanticTokenModifier::DECLARATION,
            SemanticTokenModifier::DEFAULT_LIBRARY,
            SemanticTokenModifier::DOCUMENTATION,
        ],
    }
}

pub(crate) fn full(server: &mut Server, params: SemanticTokensParams) -> Answer<Option<SemanticTokensResult>> {
    let Some(tokens) = all(server, &params.text_document.uri)? else { return Ok(None) };
    let id = server.given.keep(path_of(&params.text_document.uri), tokens.clone());
    Ok(Some(SemanticTokensResult::Tokens(SemanticTokens { result_id: Some(id), data: tokens })))
}

pub(crate) fn delta(
    server: &mut Server,
    params: SemanticTokensDeltaParams,
) -> Answer<Option<SemanticTokensFullDeltaResult>> {
    let Some(tokens) = all(server, &params.text_document.uri)? else { return Ok(None) };
    let path = path_of(&params.text_document.uri);
    let before = server
        .given
        .last
        .get(&path)
        .filter(|(id, _)| *id == params.previous_result_id)
        .map(|(_, before)| before.clone());
    let id = server.given.keep(path, tokens.clone());
    let Some(before) = before else {
        let tokens = SemanticTokens { result_id: Some(id), data: tokens };
        return Ok(Some(SemanticTokensFullDeltaResult::Tokens(tokens)));
    };
    let same_start = before.iter().zip(&tokens).take_while(|(left, right)| left == right).count();
    let most = before.len().min(tokens.len()) - same_start;
    let ends = before.iter().rev().zip(tokens.iter().rev()).take(most);
    let same_end = ends.take_while(|(left, right)| left == right).count();
    // The protocol counts numbers, of which each token has five.
    let numbers = |tokens: usize| u32::try_from(tokens * 5).unwrap_or(u32::MAX);
    let removed = before.len() - same_start - same_end;
    let added = tokens.get(same_start..tokens.len() - same_end).unwrap_or_default().to_vec();
    let changed = removed > 0 || !added.is_empty();
    let edit = SemanticTokensEdit { start: numbers(same_start), delete_count: numbers(removed), data: Some(added) };
    let edits = if changed { vec![edit] } else { Vec::new() };
    Ok(Some(SemanticTokensFullDeltaResult::TokensDelta(SemanticTokensDelta { result_id: Some(id), edits })))
}

pub(crate) fn range(
    server: &mut Server,
    params: SemanticTokensRangeParams,
) -> Answer<Option<SemanticTokensRangeResult>> {
    if server.pending.any() {
        return Err(Refusal::Stale);
    }
    let Some(view) = server.workspace.view(&params.text_document.uri) else { return Ok(None) };
    let tokens = encoded(server, &view, Some(params.range));
    Ok(Some(SemanticTokensRangeResult::Tokens(SemanticTokens { result_id: None, data: tokens })))
}

fn all(server: &mut Server, uri: &Uri) -> Answer<Option<Vec<SemanticToken>>> {
    if server.pending.any() {
        return Err(Refusal::Stale);
    }
    let Some(view) = server.workspace.view(uri) else { return Ok(None) };
    Ok(Some(encoded(server, &view, None)))
}

/// A piece of one line, with its kind and modifiers.
struct Coloured {
    span: Span,
    kind: SemanticTokenType,
    modifiers: u32,
}

fn coloured(view: &View) -> Vec<Coloured> {
    let compiled = &view.compilation.compiled;
    let mut names = compiled.symbols.in_file(view.file).peekable();
    let tokens = &view.parsed().tokens;
    let mut found = Vec::new();
    for index in 0..tokens.len() {
        let (token, span) = (tokens.kind(index), tokens.span(index));
        while names.next_if(|name| name.span.end <= span.start).is_some() {}
        let named = names.peek().filter(|name| name.span.holds(span));
        let plain = |kind| Coloured { span, kind, modifiers: 0 };
        let one = match (token, named) {
            (Token::Blank | Token::LineEnd, _) => continue,
            (token, Some(name)) if token.is_word() => {
                let is_standard = compiled
                    .symbols
                    .definitions(name.symbol)
                    .next()
                    .is_some_and(|definition| compiled.modules.is_standard(definition.file));
                let declares = if name.definition.is_some() { DECLARATION } else { 0 };
                let modifiers = declares | if is_standard { STANDARD } else { 0 };
                Coloured { span, kind: kind(name.symbol), modifiers }
            }
            (Token::Comment, _) => plain(SemanticTokenType::COMMENT),
            (Token::Doc, _) => Coloured { span, kind: SemanticTokenType::COMMENT, modifiers: DOCUMENTATION },
            (Token::Text | Token::LongText, _) => plain(SemanticTokenType::STRING),
            (Token::Number | Token::Percent, _) => plain(SemanticTokenType::NUMBER),
            (token, _) if token.keyword().is_some() => plain(SemanticTokenType::KEYWORD),
            _ => continue,
        };
        found.push(one);
    }
    found
}

const fn kind(symbol: &Symbol) -> SemanticTokenType {
    match symbol {
        Symbol::Entity(_) | Symbol::Workflow(_) | Symbol::Experiment(_) | Symbol::Rubric(_) => SemanticTokenType::CLASS,
        Symbol::Field { .. } | Symbol::EventField { .. } => SemanticTokenType::PROPERTY,
        Symbol::Value { .. } | Symbol::EventValue { .. } | Symbol::Label { .. } | Symbol::Outcome { .. } => {
            SemanticTokenType::ENUM_MEMBER
        }
        Symbol::Event(_) => SemanticTokenType::EVENT,
        Symbol::Fact(_) | Symbol::Score(_) | Symbol::Layer { .. } => SemanticTokenType::FUNCTION,
        Symbol::Phrases(_) | Symbol::Template(_) | Symbol::Goal(_) | Symbol::Publication(_) => {
            SemanticTokenType::VARIABLE
        }
        Symbol::Person(_) | Symbol::Agent(_) => SemanticTokenType::INTERFACE,
        Symbol::Action { .. } | Symbol::Stage { .. } => SemanticTokenType::METHOD,
        Symbol::Source(_) | Symbol::Module(_) => SemanticTokenType::NAMESPACE,
        Symbol::Test(_) | Symbol::Scenario(_) | Symbol::Backtest(_) => SemanticTokenType::STRING,
    }
}

/// As the protocol numbers them: each from the one before. Pieces of several lines are given line by line.
fn encoded(server: &Server, view: &View, within: Option<Range>) -> Vec<SemanticToken> {
    let wanted = within.map(|range| view.span(range, server.encoding));
    let mut data = Vec::new();
    let (mut line, mut character) = (0, 0);
    for coloured in coloured(view) {
        if wanted.is_some_and(|wanted| coloured.span.end <= wanted.start || wanted.end <= coloured.span.start) {
            continue;
        }
        let Some(kind) = KINDS.iter().position(|kind| *kind == coloured.kind).and_then(|kind| u32::try_from(kind).ok())
        else {
            continue;
        };
        let (first, last) =
            (view.lines.line(coloured.span.start), view.lines.line(coloured.span.end.saturating_sub(1)));
        for number in first..=last {
            let start = view.lines.start(&view.text, number);
            let text_end = start + u32::try_from(view.lines.text(&view.text, number).len()).unwrap_or_default();
            let span = Span::new(coloured.span.start.max(start), coloured.span.end.min(text_end));
            let range = view.range(span, server.encoding);
            let length = range.end.character.saturating_sub(range.start.character);
            if length == 0 {
                continue;
            }
            let delta_line = range.start.line - line;
            let delta_start = if delta_line == 0 { range.start.character - character } else { range.start.character };
            (line, character) = (range.start.line, range.start.character);
            data.push(SemanticToken {
                delta_line,
                delta_start,
                length,
                token_type: kind,
                token_modifiers_bitset: coloured.modifiers,
            });
        }
    }
    data
}
