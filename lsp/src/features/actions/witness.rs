//! Puts the record that shows a finding into the playbook, as the test that it is.

use compiler::diagnostics::Diagnostic as Finding;
use tower_lsp::ls_types::CodeAction;

use super::{inserted, quick_fix};
use crate::server::Server;
use crate::workspace::View;

pub(super) fn action(server: &Server, view: &View, finding: &Finding) -> Option<CodeAction> {
    let test = finding.witness.as_ref()?;
    let end = u32::try_from(view.text.len()).ok()?;
    let gap = if view.text.ends_with('\n') { "\n" } else { "\n\n" };
    let (uri, edit) = inserted(server, view, end, format!("{gap}{}\n", test.trim_end()))?;
    Some(quick_fix(server, view, finding, "add the record that shows this, as a test", [(uri, vec![edit])].into()))
}
