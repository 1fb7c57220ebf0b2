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
}

impl std::fmt::Display for Mended {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.findings == 0 {
            return Ok(());
        }
        let files: Vec<String> = self.files.iter().map(|path| path.display().to_string()).collect();
        writeln!(out, "mended {} in {}", count(self.findings as u64, "finding", "findings"), listed(&files, "and"))
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
        let (edits, findings) = chosen(client, only, &playbook);
        if edits.is_empty() {
            break;
        }
        let mut before: Vec<(&Path, String)> = Vec::new();
        for (file, edits) in &edits {
            let text = playbook.files.files.get(file.index()).map_or("", |file| &file.text);
            let path = client.files.get(file.index());
            if let (Some(path), Some(new)) = (path, mended::apply(text, *file, edits)) {
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
        done.files.extend(before.into_iter().map(|(path, _)| path.to_owned()));
    }
    Ok(done)
}

/// The edits of one round by file, and how many findings they mend. Of fixes that touch each other, the first one is chosen.
fn chosen(client: &Client, only: &[PathBuf], playbook: &Playbook) -> (BTreeMap<FileId, Vec<Edit>>, usize) {
    let mut edits: BTreeMap<FileId, Vec<Edit>> = BTreeMap::new();
    let mut findings = 0;
    let may_be_written = |file: FileId| {
        client.files.get(file.index()).is_some_and(|path| only.is_empty() || only.iter().any(|only| only == path))
    };
    for fix in playbook.diagnostics.iter().filter_map(safe_fix) {
        let free = fix.iter().all(|edit| {
            may_be_written(edit.file)
                && edits.get(&edit.file).is_none_or(|taken| taken.iter().all(|other| apart(edit, other)))
        });
        if free {
            findings += 1;
            for edit in fix {
                edits.entry(edit.file).or_default().push(edit.clone());
            }
        }
    }
    (edits, findings)
}

fn safe_fix(found: &Diagnostic) -> Option<&[Edit]> {
    found.fix.as_ref().filter(|fix| fix.safe && !fix.edits.is_empty()).map(|fix| fix.edits.as_slice())
}

/// Two edits of one file do not touch, and are not at one place.
fn apart(one: &Edit, other: &Edit) -> bool {
    one.span.end < other.span.start || other.span.end < one.span.start
}

fn errors(playbook: &Playbook) -> usize {
    playbook.diagnostics.iter().filter(|found| found.severity == Severity::Error).count()
}
