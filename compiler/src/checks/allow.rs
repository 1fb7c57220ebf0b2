//! Lints that somebody allows: for the client by `allow LINT because "…"`, for a line by `// allow LINT because "…"`.

use language::Span;
use language::syntax::{ClientClause, Name};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use crate::codes;
use crate::codes::client::{allow_without_reason, unknown_lint};
use crate::codes::lints::unused_allow;
use crate::diagnostics::lines::Lines;
use crate::diagnostics::{Diagnostic, Severity};
use crate::modules::Modules;
use crate::program::FileId;

/// One permission.
struct Allow {
    lint: SmolStr,
    file: FileId,
    span: Span,
    /// The line that it is about, from 0; none for the client's, which is about all.
    line: Option<usize>,
    used: bool,
}

/// Drops what is allowed, and says which permissions are of no use.
pub(crate) fn apply(modules: &Modules, diagnostics: &mut Vec<Diagnostic>) {
    let lines: Vec<Option<Lines>> = lines_where_needed(modules, diagnostics);
    let mut allows = Vec::new();
    let mut refused = Vec::new();
    collect(modules, &lines, &mut allows, &mut refused);
    let by_line: FxHashMap<(FileId, usize, SmolStr), usize> = keys(&allows, |allow| allow.line);
    let by_client: FxHashMap<SmolStr, usize> = allows
        .iter()
        .enumerate()
        .filter(|(_, allow)| allow.line.is_none())
        .map(|(at, allow)| (allow.lint.clone(), at))
        .collect();
    diagnostics.retain(|found| {
        if !codes::is_lint(found.code) {
            return true;
        }
        let place = &found.primary;
        let line = lines
            .get(place.file.index())
            .and_then(Option::as_ref)
            .map_or(usize::MAX, |lines| lines.line(place.span.start));
        let here = by_line.get(&(place.file, line, found.code.id.into())).or_else(|| by_client.get(found.code.id));
        let Some(allow) = here.and_then(|at| allows.get_mut(*at)) else { return true };
        allow.used = true;
        false
    });
    // An error may have kept a lint from being found, so that nothing is said about permissions then.
    if diagnostics.iter().all(|found| found.severity != Severity::Error) && refused.is_empty() {
        for allow in allows.iter().filter(|allow| !allow.used) {
            diagnostics.push(unused_allow::diagnostic(allow.file, allow.span, &allow.lint, allow.line.is_some()));
        }
    }
    diagnostics.append(&mut refused);
}

/// The lines of the files that have switches or lints; of others nobody asks.
fn lines_where_needed(modules: &Modules, diagnostics: &[Diagnostic]) -> Vec<Option<Lines>> {
    let mut needed: Vec<bool> = modules.switches.iter().map(|switches| !switches.is_empty()).collect();
    for found in diagnostics.iter().filter(|found| codes::is_lint(found.code)) {
        if let Some(needed) = needed.get_mut(found.primary.file.index()) {
            *needed = true;
        }
    }
    modules.files.files.iter().zip(needed).map(|(file, needed)| needed.then(|| Lines::of(&file.text))).collect()
}

fn keys(allows: &[Allow], line: impl Fn(&Allow) -> Option<usize>) -> FxHashMap<(FileId, usize, SmolStr), usize> {
    let with_line = allows.iter().enumerate().filter_map(|(at, allow)| Some((at, allow, line(allow)?)));
    with_line.map(|(at, allow, line)| ((allow.file, line, allow.lint.clone()), at)).collect()
}

/// The permissions, and what is wrong with some.
fn collect(modules: &Modules, lines: &[Option<Lines>], allows: &mut Vec<Allow>, refused: &mut Vec<Diagnostic>) {
    let mut add = |file: FileId, lint: &Name, span: Span, line: Option<usize>| match codes::find(&lint.text) {
        Some(code) if codes::is_lint(code) => {
            allows.push(Allow { lint: code.id.into(), file, span, line, used: false });
        }
        Some(code) => refused.push(unknown_lint::of_an_error(file, lint, code)),
        None => refused.push(unknown_lint::diagnostic(file, lint)),
    };
    let mut without_reason = Vec::new();
    if let Some((declared, client)) = modules.client() {
        for clause in &client.clauses {
            if let ClientClause::Allow { lint, span, because } = clause {
                if because.value.trim().is_empty() {
                    without_reason.push(allow_without_reason::diagnostic(declared.file, *span, lint));
                    continue;
                }
                add(declared.file, lint, *span, None);
            }
        }
    }
    for (index, (switches, lines)) in modules.switches.iter().zip(lines).enumerate() {
        #[expect(clippy::cast_possible_truncation, reason = "a playbook has fewer than four billion files")]
        let file = FileId(index as u32);
        for switch in switches {
            // An empty reason is none.
            if switch.because.as_ref().is_none_or(|because| because.value.trim().is_empty()) {
                without_reason.push(allow_without_reason::diagnostic(file, switch.span, &switch.lint));
                continue;
            }
            let Some(lines) = lines else { continue };
            // Without a target it is about nothing, and will be found to be of no use.
            let line = switch.target.map_or(usize::MAX, |target| lines.line(target.start));
            add(file, &switch.lint, switch.span, Some(line));
        }
    }
    refused.append(&mut without_reason);
}
