//! Mends at once what can be mended safely in a file, as `playbook check --fix` does.

use compiler::diagnostics::Edit;
use tower_lsp::ls_types::{CodeAction, CodeActionKind};

use super::{fix, named};
use crate::features::rename;
use crate::server::Server;
use crate::workspace::View;

pub(super) fn action(server: &Server, view: &View) -> Option<CodeAction> {
    let all = view.compilation.compiled.diagnostics.iter();
    let safe = all
        .filter(|finding| finding.primary.file == view.file)
        .filter_map(|finding| finding.fix.as_ref())
        .filter(|fix| fix.safe);
    // Of two that change the same place the first one is taken; the other is offered again afterwards.
    let mut taken: Vec<&Edit> = Vec::new();
    for fix in safe {
        let apart = |edit: &Edit| !taken.iter().any(|other| edit.touches(other));
        if fix.edits.iter().all(apart) {
            taken.extend(&fix.edits);
        }
    }
    if taken.is_empty() {
        return None;
    }
    let edits = fix::edits(server, view, taken)?;
    Some(CodeAction {
        edit: Some(rename::workspace_edit(server, edits)),
        ..named("mend all that can be mended safely", CodeActionKind::SOURCE_FIX_ALL)
    })
}
