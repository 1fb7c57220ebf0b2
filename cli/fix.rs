//! Mending findings whose fix is safe, in the files themselves: `playbook check --fix`.
//!
//! Rounds go on while something can be mended, as one fix may bring the next to light. A round that leaves more errors than there
//! were is taken back whole. Only the client's own files are written, never the standard library or what is shared.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use compiler::diagnostics::{Diagnostic, Edit, Severity, mended};
use compiler::program::FileId;

use crate::client::Client;
use crate::files;
use crate::layout::{count, listed};
use crate::playbook::{self, Playbook};

/// More rounds than this are a circle.
const MOST_ROUNDS: usize = 12;

/// What was mended.
#[derive(Debug, Default)]
pub(crate) struct Mended {
    /// How many findings.
    pub(crate) findings: usize,
    /// In which files.
    pub(crate) files: BTreeSet<PathBuf>,
    /// What was done and where, a line each: `acme.playbook:4  E0309  write "is"`.
    pub(crate) lines: Vec<String>,
}

impl std::fmt::Display for Mended {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.findings == 0 {
            return Ok(());
        }
        let files: Vec<String> = self.files.iter().map(|path| path.display().to_string()).collect();
        writeln!(out, "mended {} in {}", count(self.findings as u64, "finding", "findings"), listed(&files, "and"))?;
        self.lines.iter().try_for_each(|line| writeln!(out, "  {line}"))
    }
}

/// Mends what can be mended safely. `only` names the files that may be written; all of the client's where it is empty.
///
/// # Errors
/// Where a file cannot be read or written.
pub(crate) fn mend(client: &Client, only: &[PathBuf], asked: &[String]) -> anyhow::Result<Mended> {
    let mut done = Mended::default();
    for _ in 0..MOST_ROUNDS {
        let playbook = playbook::compiled(client, asked)?;
        let Chosen { edits, findings, lines } = chosen(client, only, &playbook);
        if edits.is_empty() {
            break;
        }
        let mut before: Vec<(&Path, String)> = Vec::new();
        for (file, edits) in &edits {
            let text = playbook.files.files.get(file.index()).map_or("", |file| &file.text);
            let path = client.files.get(file.index());
            if let (Some(path), Some(new)) = (path, mended::apply(text, *file, &whole_lines(text, edits))) {
                files::replace(path, &new)?;
                before.push((path, text.to_owned()));
            }
        }
        if errors(&playbook::compiled(client, asked)?) > errors(&playbook) {
            for (path, text) in before {
                files::replace(path, &text)?;
            }
            break;
        }
        done.findings += findings;
        done.lines.extend(lines);
        done.files.extend(before.into_iter().map(|(path, _)| path.to_owned()));
    }
    Ok(done)
}

/// What a round does.
struct Chosen {
    edits: BTreeMap<FileId, Vec<Edit>>,
    /// So many findings are mended.
    findings: usize,
    /// Each in words, with its place.
    lines: Vec<String>,
}

/// The edits of one round by file. Of fixes that touch each other, the first one is chosen.
fn chosen(client: &Client, only: &[PathBuf], playbook: &Playbook) -> Chosen {
    let mut lines = Vec::new();
    let mut edits: BTreeMap<FileId, Vec<Edit>> = BTreeMap::new();
    let mut findings = 0;
    let may_be_written = |file: FileId| {
        client.files.get(file.index()).is_some_and(|path| only.is_empty() || only.iter().any(|only| only == path))
    };
    for (found, fix) in playbook.diagnostics.iter().filter_map(|found| Some((found, safe_fix(found)?))) {
        let free = fix.iter().all(|edit| {
            may_be_written(edit.file)
                && edits.get(&edit.file).is_none_or(|taken| !taken.iter().any(|other| edit.touches(other)))
        });
        if free {
            findings += 1;
            lines.push(told(playbook, found));
            for edit in fix {
                edits.entry(edit.file).or_default().push(edit.clone());
            }
        }
    }
    Chosen { edits, findings, lines }
}

/// `acme.playbook:4  E0309  write "is"`
fn told(playbook: &Playbook, found: &Diagnostic) -> String {
    let file = found.primary.file;
    let line = playbook.files.line(file, found.primary.span.start);
    let title = found.fix.as_ref().map_or("", |fix| fix.title.as_str());
    format!("{}:{line}  {}  {title}", playbook.files.name(file), found.code.id)
}

/// The edits, where what is left out takes its line along if nothing else stands there.
fn whole_lines(text: &str, edits: &[Edit]) -> Vec<Edit> {
    let widened = |edit: &Edit| {
        let range = edit.span.range();
        let start = text.get(..range.start).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1);
        let rest = text.get(range.end..).unwrap_or_default();
        let end = rest.find('\n').map_or(text.len(), |end| range.end + end + 1);
        let blank = |part: Option<&str>| part.is_some_and(|part| part.trim().is_empty());
        let alone = blank(text.get(start..range.start)) && blank(text.get(range.end..end));
        let span = match (u32::try_from(start), u32::try_from(end)) {
            (Ok(start), Ok(end)) if edit.replacement.is_empty() && alone => language::Span::new(start, end),
            _ => edit.span,
        };
        Edit { span, ..edit.clone() }
    };
    edits.iter().map(widened).collect()
}

fn safe_fix(found: &Diagnostic) -> Option<&[Edit]> {
    found.fix.as_ref().filter(|fix| fix.safe && !fix.edits.is_empty()).map(|fix| fix.edits.as_slice())
}

fn errors(playbook: &Playbook) -> usize {
    playbook.diagnostics.iter().filter(|found| found.severity == Severity::Error).count()
}
