//! What can be done about what is under the cursor: mend a finding, keep its record as a test, allow a lint, take phrases out, share a
//! declaration. One file each.

mod allow;
mod fix;
mod fix_all;
mod phrases;
mod share;
mod witness;

use std::collections::BTreeMap;

use compiler::diagnostics::Diagnostic as Finding;
use language::Span;
use tower_lsp::ls_types::{
    CodeAction, CodeActionKind, CodeActionOrCommand, CodeActionParams, CodeActionResponse, TextEdit, Uri,
};

use super::{Answer, diagnostics, rename};
use crate::server::Server;
use crate::workspace::View;

/// All that can be done.
pub(crate) fn actions(server: &mut Server, params: CodeActionParams) -> Answer<Option<CodeActionResponse>> {
    let Some(view) = server.workspace.view(&params.text_document.uri) else { return Ok(None) };
    let wanted = view.span(params.range, server.encoding);
    // Some editors ask at the cursor and bring along what was found on its whole line.
    let told = params.context.diagnostics.iter().map(|told| view.span(told.range, server.encoding));
    let places: Vec<Span> = std::iter::once(wanted).chain(told).collect();
    let asked = params.context.only;
    let is_asked = |kind: &CodeActionKind| {
        // A kind stands for all that are below it: `refactor` for `refactor.extract`.
        asked.as_ref().is_none_or(|asked| {
            asked.iter().any(|asked| {
                kind.as_str() == asked.as_str()
                    || kind.as_str().strip_prefix(asked.as_str()).is_some_and(|rest| rest.starts_with('.'))
            })
        })
    };
    let mut found = Vec::new();
    if is_asked(&CodeActionKind::QUICKFIX) {
        for finding in findings(&view, &places) {
            found.extend(fix::action(server, &view, finding));
            found.extend(witness::action(server, &view, finding));
            found.extend(allow::action(server, &view, finding));
        }
    }
    if is_asked(&CodeActionKind::REFACTOR_EXTRACT) {
        found.extend(phrases::action(server, &view, wanted));
    }
    if is_asked(&CodeActionKind::new(share::KIND)) {
        found.extend(share::action(server, &view, wanted));
    }
    // It mends the whole file, wherever the cursor stands: only who asks for it by its name should get it.
    if asked.is_some() && is_asked(&CodeActionKind::SOURCE_FIX_ALL) {
        found.extend(fix_all::action(server, &view));
    }
    Ok(Some(found.into_iter().map(CodeActionOrCommand::CodeAction).collect()))
}

/// The findings of the file that touch one of these spans.
fn findings<'v>(view: &'v View, wanted: &[Span]) -> Vec<&'v Finding> {
    let all = view.compilation.compiled.diagnostics.iter();
    let touches = |finding: &Finding| wanted.iter().any(|wanted| finding.primary.span.touches(*wanted));
    all.filter(|finding| finding.primary.file == view.file && touches(finding)).collect()
}

/// An action without any edit yet.
fn named(title: impl Into<String>, kind: CodeActionKind) -> CodeAction {
    CodeAction { title: title.into(), kind: Some(kind), ..CodeAction::default() }
}

/// A quick fix of a finding, by edits of files.
fn quick_fix(
    server: &Server,
    view: &View,
    finding: &Finding,
    title: impl Into<String>,
    edits: BTreeMap<Uri, Vec<TextEdit>>,
) -> CodeAction {
    CodeAction {
        diagnostics: Some(vec![diagnostics::diagnostic(server, view, finding)]),
        edit: Some(rename::workspace_edit(server, edits)),
        ..named(title, CodeActionKind::QUICKFIX)
    }
}

/// Text put in at a byte of the view's own file.
fn inserted(server: &Server, view: &View, byte: u32, text: String) -> Option<(Uri, TextEdit)> {
    replaced(server, view, Span::new(byte, byte), text)
}

/// Text in the place of a span of the view's own file.
fn replaced(server: &Server, view: &View, span: Span, new_text: String) -> Option<(Uri, TextEdit)> {
    Some((server.uri(&view.path)?, TextEdit { range: view.range(span, server.encoding), new_text }))
}
