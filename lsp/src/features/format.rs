//! Lays out a document, as `playbook fmt` does: all of it, the declarations that a range touches, or the one that was just closed.

use language::Span;
use tower_lsp::ls_types::{
    DocumentFormattingParams, DocumentOnTypeFormattingParams, DocumentRangeFormattingParams, TextEdit,
};

use super::Answer;
use crate::server::Server;
use crate::text::changes;
use crate::workspace::View;

pub(crate) fn document(server: &mut Server, params: DocumentFormattingParams) -> Answer<Option<Vec<TextEdit>>> {
    let Some(view) = server.workspace.view(&params.text_document.uri) else { return Ok(None) };
    let formatted = language::format(&view.text);
    Ok(Some(edit(server, &view, Span::new(0, length(&view.text)), &formatted.text).into_iter().collect()))
}

pub(crate) fn range(server: &mut Server, params: DocumentRangeFormattingParams) -> Answer<Option<Vec<TextEdit>>> {
    let Some(view) = server.workspace.view(&params.text_document.uri) else { return Ok(None) };
    let wanted = view.span(params.range, server.encoding);
    Ok(Some(of_declarations(server, &view, wanted)))
}

/// Behind a `}` the declaration that it closes, behind a line end the one before the cursor.
pub(crate) fn on_type(server: &mut Server, params: DocumentOnTypeFormattingParams) -> Answer<Option<Vec<TextEdit>>> {
    let at = params.text_document_position;
    let Some(view) = server.workspace.view(&at.text_document.uri) else { return Ok(None) };
    let byte = view.byte(at.position, server.encoding);
    let before = byte.saturating_sub(1);
    if params.ch == "\n" {
        // While a declaration is open, its lines are still being written.
        let open = view
            .parsed()
            .clauses_at(before)
            .first()
            .is_some_and(|clause| clause.blocks.iter().any(|block| block.close.is_none()));
        if open {
            return Ok(Some(Vec::new()));
        }
    }
    let edits = of_declarations(server, &view, Span::new(before, before));
    // What stands at the cursor stays: the editor has put it there a moment ago.
    let cursor = at.position;
    Ok(Some(edits.into_iter().filter(|edit| params.ch == "}" || edit.range.end < cursor).collect()))
}

/// The declarations that a span touches, laid out.
fn of_declarations(server: &Server, view: &View, wanted: Span) -> Vec<TextEdit> {
    let formatted = language::format(&view.text).text;
    let after = language::parse(&formatted);
    let before = view.parsed();
    // Layout keeps all declarations, in their order.
    if before.structure.declarations.len() != after.structure.declarations.len() {
        return Vec::new();
    }
    let pairs = before.structure.declarations.iter().zip(&after.structure.declarations);
    let touched = pairs.filter(|(old, _)| before.span_of(old).touches(wanted));
    let edits = touched.filter_map(|(old, new)| {
        let text = formatted.get(after.span_of(new).range())?;
        edit(server, view, before.span_of(old), text)
    });
    edits.collect()
}

/// The least edit that puts a text in the place of a span; none where it stands there already.
fn edit(server: &Server, view: &View, span: Span, text: &str) -> Option<TextEdit> {
    let (range, new_text) = changes::between(view.slice(span), text)?;
    let at = |byte: usize| span.start + u32::try_from(byte).unwrap_or_default();
    let changed = Span::new(at(range.start), at(range.end));
    Some(TextEdit { range: view.range(changed, server.encoding), new_text })
}

fn length(text: &str) -> u32 {
    u32::try_from(text.len()).unwrap_or(u32::MAX)
}
