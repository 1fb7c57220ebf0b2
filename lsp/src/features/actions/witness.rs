//! Puts the record that shows a finding into the playbook, as the test that it is.

use compiler::diagnostics::Diagnostic as Finding;
use tower_lsp::ls_types::{CodeAction, CodeActionKind};

use super::{inserted, named};
use crate::features::{diagnostics, rename};
use crate::server::Server;
use crate::workspace::View;

pub(super) fn action(server: &Server, view: &View, finding: &Finding) -> Option<CodeAction> {
    let test = finding.witness.as_ref()?;
    let end = u32::try_from(view.text.len()).ok()?;
    let gap = if view.text.ends_with('\n') { "\n" } else { "\n\n" };
    let (uri, edit) = inserted(server, view, end, format!("{gap}{}\n", test.trim_end()))?;
    Some(CodeAction {
        diagnostics: Some(vec![diagnostics::diagnostic(server, view, finding)]),
        edit: Some(rename::workspace_edit(server, [(uri, vec![edit])].into())),
        ..named("add the record that shows this, as a test", CodeActionKind::QUICKFIX)
    })
}
