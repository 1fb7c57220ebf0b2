//! What to select when more and more is wanted: the word, the clause, its block, the declaration, the file.

use language::Span;
use tower_lsp::ls_types::{SelectionRange, SelectionRangeParams};

use super::Answer;
use crate::server::Server;
use crate::workspace::View;

pub(crate) fn selection(server: &mut Server, params: SelectionRangeParams) -> Answer<Option<Vec<SelectionRange>>> {
    let Some(view) = server.workspace.view(&params.text_document.uri) else { return Ok(None) };
    let selected = |position| {
        let spans = spans(&view, view.byte(position, server.encoding));
        let mut range: Option<SelectionRange> = None;
        for span in spans.into_iter().rev() {
            range = Some(SelectionRange { range: view.range(span, server.encoding), parent: range.map(Box::new) });
        }
        let nothing = SelectionRange { range: tower_lsp::ls_types::Range::new(position, position), parent: None };
        range.unwrap_or(nothing)
    };
    Ok(Some(params.positions.into_iter().map(selected).collect()))
}

/// From the innermost to the file; each wider than the one before.
fn spans(view: &View, byte: u32) -> Vec<Span> {
    let parsed = view.parsed();
    let mut spans = Vec::new();
    if let Some((token, span)) = parsed.token_at(byte)
        && !token.is_trivia()
    {
        // Inside of quotes first.
        if view.slice(span).starts_with('"') && span.end > span.start + 2 {
            spans.push(Span::new(span.start + 1, span.end - 1));
        }
        spans.push(span);
    }
    if let Some((span, _)) = view.compilation.compiled.symbols.at(view.file, byte) {
        spans.push(span);
    }
    let mut outer = Vec::new();
    for clause in parsed.clauses_at(byte) {
        outer.push(parsed.span_of(clause));
        let around = |block: &&language::structure::Block| {
            let span = Span::new(parsed.tokens.start(block.open), parsed.tokens.start(block.end));
            span.start < byte && byte < span.end
        };
        if let Some(block) = clause.blocks.iter().find(around) {
            outer.push(Span::new(parsed.tokens.start(block.open), parsed.tokens.start(block.end)));
        }
    }
    spans.extend(outer.into_iter().rev());
    spans.push(Span::new(0, u32::try_from(view.text.len()).unwrap_or(u32::MAX)));
    let mut widening: Vec<Span> = Vec::new();
    for span in spans {
        let holds = span.start <= byte && byte <= span.end;
        let wider = widening.last().is_none_or(|last| span != *last && span.holds(*last));
        if holds && wider {
            widening.push(span);
        }
    }
    widening
}
