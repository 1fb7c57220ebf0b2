//! Does what a finding says can be done.

use std::collections::BTreeMap;

use compiler::diagnostics::{Diagnostic as Finding, Edit};
use tower_lsp::ls_types::{CodeAction, CodeActionKind, TextEdit, Uri};

use super::named;
use crate::features::{diagnostics, rename};
use crate::server::Server;
use crate::workspace::View;

pub(super) fn action(server: &Server, view: &View, finding: &Finding) -> Option<CodeAction> {
    let fix = finding.fix.as_ref()?;
    let edits = edits(server, view, &fix.edits)?;
    Some(CodeAction {
        diagnostics: Some(vec![diagnostics::diagnostic(server, view, finding)]),
        edit: Some(rename::workspace_edit(server, edits)),
        // An editor may apply this without asking which.
        is_preferred: Some(fix.safe),
        ..named(fix.title.clone(), CodeActionKind::QUICKFIX)
    })
}

/// The edits by file; none where one of them is in a file that cannot be changed.
pub(super) fn edits<'e>(
    server: &Server,
    view: &View,
    edits: impl IntoIterator<Item = &'e Edit>,
) -> Option<BTreeMap<Uri, Vec<TextEdit>>> {
    let mut by_file: BTreeMap<Uri, Vec<TextEdit>> = BTreeMap::new();
    for edit in edits {
        if view.compilation.compiled.modules.is_standard(edit.file) {
            return None;
        }
        let place = view.location(&server.workspace, edit.file, edit.span, server.encoding)?;
        by_file.entry(place.uri).or_default().push(TextEdit { range: place.range, new_text: edit.replacement.clone() });
    }
    Some(by_file)
}
