//! Switches a lint off for one line. The reason is for the author to write: without one the switch is a finding itself.

use compiler::codes;
use compiler::diagnostics::{Diagnostic as Finding, Severity};
use tower_lsp::ls_types::CodeAction;

use super::{inserted, quick_fix};
use crate::server::Server;
use crate::workspace::View;

pub(super) fn action(server: &Server, view: &View, finding: &Finding) -> Option<CodeAction> {
    // A switch that switches nothing off is left out, and no other one helps.
    let is_switch = finding.code.name == "unused-allow";
    if finding.severity == Severity::Error || is_switch || !codes::is_lint(finding.code) {
        return None;
    }
    let line = view.lines.line(finding.primary.span.start);
    let start = view.lines.start(&view.text, line);
    let text = view.lines.text(&view.text, line);
    let indentation: String = text.chars().take_while(|letter| letter.is_whitespace()).collect();
    let comment = format!("{indentation}// allow {} because \"\"\n", finding.code.name);
    let (uri, edit) = inserted(server, view, start, comment)?;
    let title = format!("allow `{}` here, for a reason to be written", finding.code.name);
    Some(quick_fix(server, view, finding, title, [(uri, vec![edit])].into()))
}
