//! Findings: given where the editor asks for them, told where it does not, of one document and of the whole workspace.
//!
//! A file that several clients use is looked at through each of them; a finding that not all of them share says whose it is.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

use compiler::diagnostics::{Diagnostic as Finding, Severity};
use tower_lsp::ls_types::{
    Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, DocumentDiagnosticParams,
    DocumentDiagnosticReport, DocumentDiagnosticReportResult, FullDocumentDiagnosticReport, NumberOrString,
    RelatedFullDocumentDiagnosticReport, RelatedUnchangedDocumentDiagnosticReport, UnchangedDocumentDiagnosticReport,
    WorkspaceDiagnosticParams, WorkspaceDiagnosticReport, WorkspaceDiagnosticReportResult,
    WorkspaceDocumentDiagnosticReport, WorkspaceFullDocumentDiagnosticReport,
    WorkspaceUnchangedDocumentDiagnosticReport,
};

use super::{Answer, Refusal};
use crate::outgoing::Again;
use crate::server::Server;
use crate::workspace::{View, path_of};

/// The hash of no findings.
const NOTHING: u64 = 0;

/// What was told of each file, as a hash.
pub(crate) type Told = HashMap<PathBuf, u64>;

/// Findings of one document.
pub(crate) fn of_document(
    server: &mut Server,
    params: DocumentDiagnosticParams,
) -> Answer<DocumentDiagnosticReportResult> {
    if server.pending.any() {
        return Err(Refusal::AskAgain);
    }
    let path = path_of(&params.text_document.uri);
    let items = of_file(server, &path);
    let id = hash(&items);
    server.told.insert(path, id);
    let id = format!("{id:x}");
    let report = if params.previous_result_id.as_deref() == Some(&id) {
        DocumentDiagnosticReport::Unchanged(RelatedUnchangedDocumentDiagnosticReport {
            related_documents: None,
            unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport { result_id: id },
        })
    } else {
        DocumentDiagnosticReport::Full(RelatedFullDocumentDiagnosticReport {
            related_documents: None,
            full_document_diagnostic_report: FullDocumentDiagnosticReport { result_id: Some(id), items },
        })
    };
    Ok(DocumentDiagnosticReportResult::Report(report))
}

/// Findings of every file of every client.
pub(crate) fn of_workspace(
    server: &mut Server,
    params: WorkspaceDiagnosticParams,
) -> Answer<WorkspaceDiagnosticReportResult> {
    if server.pending.any() {
        return Err(Refusal::AskAgain);
    }
    let known: HashMap<&str, &str> =
        params.previous_result_ids.iter().map(|known| (known.uri.as_str(), known.value.as_str())).collect();
    let mut items = Vec::new();
    for path in all_files(server) {
        let Some(uri) = server.uri(&path) else { continue };
        let version = server.workspace.files.document(&path).map(|document| i64::from(document.version));
        let found = of_file(server, &path);
        let id = format!("{:x}", hash(&found));
        items.push(if known.get(uri.as_str()) == Some(&id.as_str()) {
            WorkspaceDocumentDiagnosticReport::Unchanged(WorkspaceUnchangedDocumentDiagnosticReport {
                uri,
                version,
                unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport { result_id: id },
            })
        } else {
            WorkspaceDocumentDiagnosticReport::Full(WorkspaceFullDocumentDiagnosticReport {
                uri,
                version,
                full_document_diagnostic_report: FullDocumentDiagnosticReport { result_id: Some(id), items: found },
            })
        });
    }
    Ok(WorkspaceDiagnosticReportResult::Report(WorkspaceDiagnosticReport { items }))
}

/// The files of all clients, each once; the standard library's only where somebody works on it.
fn all_files(server: &mut Server) -> Vec<PathBuf> {
    let mut paths = Vec::new();
    for folder in server.workspace.folders() {
        let Some(compilation) = server.workspace.compiled(&folder) else { continue };
        for (path, from) in compilation.paths.iter().zip(&compilation.compiled.modules.from) {
            let is_standard = *from == compiler::modules::From::Standard;
            if !is_standard || server.workspace.files.document(path).is_some() {
                paths.push(path.clone());
            }
        }
    }
    paths.sort();
    paths.dedup();
    paths
}

/// What can be done while nothing else is to be done: what is new of one client is told. Whether something was done.
pub(crate) fn meanwhile(server: &mut Server) -> bool {
    for folder in server.workspace.take_gone() {
        withdraw(server, &folder, &[]);
    }
    let Some(folder) = server.workspace.first_untold() else { return false };
    let Some(compilation) = server.workspace.compiled(&folder) else { return false };
    server.workspace.is_told(&folder);
    withdraw(server, &folder, &compilation.paths);
    let mut others_changed = false;
    let mut has_findings = vec![false; compilation.paths.len()];
    for finding in &compilation.compiled.diagnostics {
        if let Some(has) = has_findings.get_mut(finding.primary.file.index()) {
            *has = true;
        }
    }
    for (path, has_findings) in compilation.paths.iter().zip(has_findings) {
        // Where nothing was found and nothing had been, nothing is new: most files of the standard library, at each key.
        let told = server.told.get(path).copied();
        let is_open = server.workspace.files.document(path).is_some();
        if !has_findings && told.map_or(!is_open, |told| told == NOTHING) || !server.tells() && !is_open {
            continue;
        }
        let found = of_file(server, path);
        let now = hash(&found);
        if told == Some(now) {
            continue;
        }
        if server.tells() {
            let Some(uri) = server.uri(path) else { continue };
            let version = server.workspace.files.document(path).map(|document| document.version);
            server.told.insert(path.clone(), now);
            server.outgoing.publish(uri, found, version);
        } else if told.is_some() {
            // The editor has other findings of it, and asks for new ones only when that very document changes.
            // Once is enough: what it does not show, it asks about when it does.
            server.told.insert(path.clone(), now);
            others_changed = true;
        }
    }
    if others_changed && server.editor.refreshes_diagnostics {
        server.outgoing.ask_again(Again::Diagnostics);
    }
    true
}

/// What was told of files of a client's folder that are no part of it any more is taken back.
fn withdraw(server: &mut Server, folder: &Path, kept: &[PathBuf]) {
    let lies_there = |path: &Path| path == folder || path.parent() == Some(folder);
    let lost: Vec<PathBuf> =
        server.told.keys().filter(|path| lies_there(path) && !kept.contains(path)).cloned().collect();
    for path in lost {
        let told = server.told.remove(&path);
        if let (true, Some(uri)) = (server.tells() && told != Some(NOTHING), server.uri(&path)) {
            server.outgoing.publish(uri, Vec::new(), None);
        }
    }
}

/// The findings of one file, through each client that is compiled and uses it.
fn of_file(server: &mut Server, path: &Path) -> Vec<Diagnostic> {
    let views = server.workspace.views(path);
    let several = views.len() > 1;
    let mut found: Vec<Found> = Vec::new();
    for view in &views {
        let own = view.compilation.compiled.diagnostics.iter().filter(|finding| finding.primary.file == view.file);
        for finding in own {
            let diagnostic = Diagnostic { message: message(finding), ..diagnostic(server, view, finding) };
            // What helps may differ: one client has a name like it, another has not.
            let whose = if several { view.compilation.name() } else { String::new() };
            match found.iter_mut().find(|known| known.diagnostic == diagnostic) {
                Some(known) => known.whose.push((whose, help(finding))),
                None => found.push(Found { diagnostic, whose: vec![(whose, help(finding))] }),
            }
        }
    }
    let everybody = views.len();
    found.into_iter().map(|found| found.told(several.then_some(everybody))).collect()
}

/// A finding of one or more clients.
struct Found {
    /// Without what helps.
    diagnostic: Diagnostic,
    /// Whose it is, and what helps each.
    whose: Vec<(String, Vec<String>)>,
}

/// A client, and the help that it is given.
type Helped = (String, Vec<String>);

impl Found {
    /// As it is told: where there are other clients, so many with these, with the names of those whom it concerns.
    fn told(self, everybody: Option<usize>) -> Diagnostic {
        let Self { mut diagnostic, whose } = self;
        let names = |of: &[&Helped]| of.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ");
        let mut by_help: Vec<(&[String], Vec<&Helped>)> = Vec::new();
        for one in &whose {
            match by_help.iter_mut().find(|(help, _)| *help == one.1.as_slice()) {
                Some((_, same)) => same.push(one),
                None => by_help.push((&one.1, vec![one])),
            }
        }
        let differs = by_help.len() > 1;
        for (help, same) in &by_help {
            for line in *help {
                let whom = if differs { format!("help, for {}", names(same)) } else { "help".to_owned() };
                diagnostic.message.push_str(&format!("\n{whom}: {line}"));
            }
        }
        if everybody.is_some_and(|everybody| whose.len() < everybody) {
            let all: Vec<&(String, Vec<String>)> = whose.iter().collect();
            diagnostic.message = format!("for {}: {}", names(&all), diagnostic.message);
        }
        diagnostic
    }
}

/// A finding as the protocol has it.
pub(crate) fn diagnostic(server: &Server, view: &View, finding: &Finding) -> Diagnostic {
    let related = |label: &compiler::diagnostics::Label| {
        let location = view.location(&server.workspace, label.file, label.span, server.encoding)?;
        let message = if label.text.is_empty() { "here".to_owned() } else { label.text.clone() };
        Some(DiagnosticRelatedInformation { location, message })
    };
    let related: Vec<_> = finding.labels.iter().filter_map(related).collect();
    Diagnostic {
        range: view.range(finding.primary.span, server.encoding),
        severity: Some(match finding.severity {
            Severity::Error => DiagnosticSeverity::ERROR,
            Severity::Warning => DiagnosticSeverity::WARNING,
            Severity::Note => DiagnosticSeverity::INFORMATION,
        }),
        code: Some(NumberOrString::String(finding.code.id.to_owned())),
        code_description: None,
        source: Some("playbook".to_owned()),
        message: with_help(finding),
        related_information: Some(related).filter(|related| server.editor.related_information && !related.is_empty()),
        tags: (finding.code.name == "unused-declaration").then(|| vec![DiagnosticTag::UNNECESSARY]),
        data: None,
    }
}

/// What, why, what to do: a line each.
fn with_help(finding: &Finding) -> String {
    let help = help(finding).into_iter().map(|help| format!("help: {help}"));
    std::iter::once(message(finding)).chain(help).collect::<Vec<_>>().join("\n")
}

fn help(finding: &Finding) -> Vec<String> {
    finding.help.iter().map(ToString::to_string).collect()
}

/// What and why.
fn message(finding: &Finding) -> String {
    let mut lines = vec![finding.headline.clone()];
    if !finding.primary.text.is_empty() && !finding.headline.contains(&finding.primary.text) {
        lines.push(finding.primary.text.clone());
    }
    lines.extend(finding.notes.iter().cloned());
    lines.join("\n")
}

fn hash(found: &[Diagnostic]) -> u64 {
    if found.is_empty() {
        return NOTHING;
    }
    let mut hasher = DefaultHasher::new();
    for one in found {
        // All of it that the editor shows.
        (one.range.start.line, one.range.start.character, one.range.end.line, one.range.end.character)
            .hash(&mut hasher);
        one.message.hash(&mut hasher);
        one.severity.map(|severity| format!("{severity:?}")).hash(&mut hasher);
        for related in one.related_information.iter().flatten() {
            related.message.hash(&mut hasher);
            (related.location.uri.as_str(), related.location.range.start.line).hash(&mut hasher);
        }
    }
    hasher.finish()
}
