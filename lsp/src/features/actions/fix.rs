//! Does what a finding says can be done.

use std::collections::BTreeMap;

use compiler::diagnostics::{Diagnostic as Finding, Edit};
use tower_lsp::ls_types::{CodeAction, TextEdit, Uri};

use super::quick_fix;
use crate::server::Server;
use crate::workspace::View;

pub(super) fn action(server: &Server, view: &View, finding: &Finding) -> Option<CodeAction> {
    let fix = finding.fix.as_ref()?;
    let edits = edits(server, view, &fix.edits)?;
    // An editor may apply this without asking which.
    let is_preferred = Some(fix.safe);
    Some(CodeAction { is_preferred, ..quick_fix(server, view, finding, fix.title.clone(), edits) })
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
