//! What can be folded away: blocks, runs of comments, long texts, the list of `use`.

use language::Token;
use language::structure::{Block, Clause};
use tower_lsp::ls_types::{FoldingRange, FoldingRangeKind, FoldingRangeParams};

use super::Answer;
use crate::server::Server;
use crate::workspace::View;

pub(crate) fn folding(server: &mut Server, params: FoldingRangeParams) -> Answer<Option<Vec<FoldingRange>>> {
    let Some(view) = server.workspace.view(&params.text_document.uri) else { return Ok(None) };
    let mut found = Vec::new();
    for clause in &view.parsed().structure.declarations {
        of_clause(&view, clause, &mut found);
    }
    runs(&view, &mut found);
    found.sort_by_key(|range| (range.start_line, range.end_line));
    found.dedup_by_key(|range| (range.start_line, range.end_line));
    Ok(Some(found))
}

fn of_clause(view: &View, clause: &Clause, found: &mut Vec<FoldingRange>) {
    for block in &clause.blocks {
        of_block(view, block, found);
    }
    let tokens = &view.parsed().tokens;
    for index in clause.core.clone() {
        if tokens.kind(index) == Token::LongText {
            let span = tokens.span(index);
            add(view, (span.start, span.end), None, found);
        }
    }
}

fn of_block(view: &View, block: &Block, found: &mut Vec<FoldingRange>) {
    let tokens = &view.parsed().tokens;
    if let Some(close) = block.close {
        // The line of the closing brace stays to be seen.
        let end = tokens.start(close);
        let line_before = view.lines.start(&view.text, view.lines.line(end)).saturating_sub(1);
        add(view, (tokens.start(block.open), line_before), None, found);
    }
    for clause in &block.clauses {
        of_clause(view, clause, found);
    }
}

/// Comments that follow each other line by line, and uses that do.
fn runs(view: &View, found: &mut Vec<FoldingRange>) {
    let tokens = &view.parsed().tokens;
    let first_of_line = |line: usize| {
        let start = view.lines.start(&view.text, line);
        let text = view.lines.text(&view.text, line);
        let blanks = text.len() - text.trim_start().len();
        let at = start + u32::try_from(blanks).unwrap_or_default();
        if text.trim().is_empty() { None } else { tokens.at(at).map(|index| tokens.kind(index)) }
    };
    let kind_of = |token: Option<Token>| match token {
        Some(Token::Comment | Token::Doc) => Some(FoldingRangeKind::Comment),
        Some(Token::Use) => Some(FoldingRangeKind::Imports),
        _ => None,
    };
    let mut line = 0;
    while line < view.lines.count() {
        let kind = kind_of(first_of_line(line));
        let mut last = line;
        while kind.is_some() && last + 1 < view.lines.count() && kind_of(first_of_line(last + 1)) == kind {
            last += 1;
        }
        if last > line {
            let range = (view.lines.start(&view.text, line), view.lines.start(&view.text, last));
            add(view, range, kind, found);
        }
        line = last + 1;
    }
}

fn add(view: &View, (start, end): (u32, u32), kind: Option<FoldingRangeKind>, found: &mut Vec<FoldingRange>) {
    let line = |byte| u32::try_from(view.lines.line(byte)).unwrap_or(u32::MAX);
    let (start_line, end_line) = (line(start), line(end));
    if end_line > start_line {
        found.push(FoldingRange { start_line, end_line, kind, ..FoldingRange::default() });
    }
}
