//! Proposals in the protocol's words.

use compiler::program::FileId;
use compiler::symbols::Role;
use language::{Span, Token};
use serde::{Deserialize, Serialize};
use tower_lsp::ls_types::{
    CompletionItem, CompletionItemKind, CompletionTextEdit, Documentation, InsertTextFormat, InsertTextMode,
    MarkupContent, MarkupKind, TextEdit, Uri,
};

use super::proposal::Proposal;
use super::{Proposed, snippets};
use crate::server::Server;
use crate::workspace::View;

/// Where something is declared, for whoever asks later: the name in a file of the client that a document belongs to.
#[derive(Debug, Serialize, Deserialize)]
struct Declared {
    uri: Uri,
    file: u32,
    start: u32,
}

pub(super) fn items(server: &Server, view: &View, uri: &Uri, proposed: Proposed) -> Vec<CompletionItem> {
    let range = view.range(proposed.word, server.encoding);
    let item = |proposal: Proposal| {
        let is_snippet = proposal.snippet.is_some() && server.editor.snippets;
        let new_text = match proposal.snippet {
            Some(body) if is_snippet => body.to_owned(),
            Some(body) => snippets::filled(body),
            None => proposal.label.clone(),
        };
        let declared =
            proposal.declared.map(|(file, name)| Declared { uri: uri.clone(), file: file.0, start: name.start });
        let is_word = proposal.label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        CompletionItem {
            kind: Some(proposal.kind),
            detail: Some(proposal.detail).filter(|detail| !detail.is_empty()),
            sort_text: Some(format!("{}{}{}", proposal.rank as u8, proposal.side as u8, proposal.label)),
            filter_text: (!is_word).then(|| proposal.label.clone()),
            insert_text_format: is_snippet.then_some(InsertTextFormat::SNIPPET),
            insert_text_mode: proposal.snippet.is_some().then_some(InsertTextMode::ADJUST_INDENTATION),
            text_edit: Some(CompletionTextEdit::Edit(TextEdit { range, new_text })),
            data: declared.and_then(|declared| serde_json::to_value(declared).ok()),
            label: proposal.label,
            ..CompletionItem::default()
        }
    };
    proposed.found.into_iter().map(item).collect()
}

/// With what its declaration says.
pub(super) fn resolved(server: &mut Server, mut item: CompletionItem) -> CompletionItem {
    let declared = item.data.take().and_then(|data| serde_json::from_value::<Declared>(data).ok());
    if let Some(declared) = declared
        && let Some(view) = server.workspace.view(&declared.uri)
        && let Some(value) = documentation(&view, FileId(declared.file), declared.start, item.kind)
    {
        item.documentation = Some(Documentation::MarkupContent(MarkupContent { kind: MarkupKind::Markdown, value }));
    }
    if item.kind == Some(CompletionItemKind::CONSTANT)
        && let Some(code) = compiler::codes::find(&item.label).filter(|code| compiler::codes::is_lint(code))
    {
        let value = code.page.to_owned();
        item.documentation = Some(Documentation::MarkupContent(MarkupContent { kind: MarkupKind::Markdown, value }));
    }
    item
}

/// The lines above a declaration; of a field the comment behind it.
fn documentation(view: &View, file: FileId, start: u32, kind: Option<CompletionItemKind>) -> Option<String> {
    let compiled = &view.compilation.compiled;
    let (span, symbol) = compiled.symbols.at(file, start)?;
    let definitions = compiled.symbols.definitions(symbol).filter(|definition| definition.role != Role::Replaced);
    let above = definitions.into_iter().find_map(|definition| definition.docs.as_ref()).map(ToString::to_string);
    above.or_else(|| {
        let is_field = matches!(kind, Some(CompletionItemKind::FIELD | CompletionItemKind::STRUCT));
        is_field.then(|| comment_behind(view, file, span)).flatten()
    })
}

fn comment_behind(view: &View, file: FileId, name: Span) -> Option<String> {
    let tokens = &view.compilation.parsed.get(file.index())?.tokens;
    let line = (tokens.at(name.start)?..tokens.len()).take_while(|index| tokens.kind(*index) != Token::LineEnd);
    let comment = line.into_iter().find(|index| tokens.kind(*index) == Token::Comment)?;
    let text = view.compilation.compiled.files.slice(file, tokens.span(comment));
    Some(text.trim_start_matches('/').trim().to_owned())
}
