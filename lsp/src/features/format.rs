//! Lays out a document, as `playbook fmt` does.

use language::Span;
use tower_lsp::ls_types::{DocumentFormattingParams, TextEdit};

use super::Answer;
use crate::server::Server;
use crate::text::changes;
use crate::workspace::View;

pub(crate) fn document(server: &mut Server, params: DocumentFormattingParams) -> Answer<Option<Vec<TextEdit>>> {
    let Some(view) = server.workspace.view(&params.text_document.uri) else { return Ok(None) };
    let formatted = language::format(&view.text);
    Ok(Some(edits(server, &view, &formatted.text)))
}

/// What makes the text of a view that other one: nothing where it is that already.
fn edits(server: &Server, view: &View, text: &str) -> Vec<TextEdit> {
    let Some((range, new_text)) = changes::between(&view.text, text) else { return Vec::new() };
    let at = |byte| u32::try_from(byte).unwrap_or(u32::MAX);
    let span = Span::new(at(range.start), at(range.end));
    vec![TextEdit { range: view.range(span, server.encoding), new_text }]
}
