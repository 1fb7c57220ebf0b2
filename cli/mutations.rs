//! What `playbook test --mutate` says: which changes of the playbook no test notices.

use compiler::diagnostics::Files;
use compiler::program::Program;
use runtime::testing::mutate::{self, Kind, Mutation};
use serde::Serialize;

use crate::layout::{count, paragraph};
use crate::progress::Progress;
use crate::terminal::Terminal;

/// The changes made in one or several playbooks.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Mutations {
    changes: usize,
    noticed: usize,
    unnoticed: Vec<Unnoticed>,
}

/// A change that all tests passed over.
#[derive(Debug, Serialize)]
struct Unnoticed {
    kind: Kind,
    file: String,
    line: u32,
    change: String,
}

impl Mutations {
    /// Changes a playbook place after place.
    pub(crate) fn add(&mut self, program: &Program, files: &Files, terminal: &Terminal) {
        let mut progress: Option<Progress<'_>> = None;
        let mutations = mutate::mutate(program, &mut |done, all| {
            let progress = progress.get_or_insert_with(|| Progress::new(terminal, "trying changes", all as u64));
            progress.at(done as u64, done as u64, "changes");
        });
        drop(progress);
        self.changes += mutations.len();
        self.noticed += mutations.iter().filter(|mutation| mutation.noticed_by.is_some()).count();
        let unnoticed = mutations.into_iter().filter(|mutation| mutation.noticed_by.is_none());
        self.unnoticed.extend(unnoticed.map(|mutation: Mutation| Unnoticed {
            kind: mutation.kind,
            file: files.name(mutation.origin.file).to_owned(),
            line: mutation.origin.line,
            change: mutation.words,
        }));
    }

    /// How many of a hundred changes a test notices; all where there is nothing to change.
    pub(crate) fn noticed_percent(&self) -> f64 {
        percent(self.noticed, self.changes)
    }

    /// Drawn, by file and line.
    pub(crate) fn drawn(&self, terminal: &Terminal) -> String {
        let paint = terminal.paint();
        let mut text = String::new();
        let mut place = String::new();
        for change in &self.unnoticed {
            let here = format!("{}:{}", change.file, change.line);
            if place != here {
                text.push_str(&format!("{}\n", paint.dim(&here)));
                place = here;
            }
            text.push_str(&paragraph("  ", &change.change, terminal.width()));
        }
        if !self.unnoticed.is_empty() {
            text.insert_str(0, "no test notices these changes:\n\n");
            text.push('\n');
        }
        let of = count(self.changes as u64, "change", "changes");
        text.push_str(&format!("{:.0}% of {of} are noticed by a test\n", self.noticed_percent()));
        text
    }
}

/// Of a hundred; all of nothing.
#[expect(clippy::cast_precision_loss, reason = "a playbook has fewer places than a float has digits")]
pub(crate) fn percent(part: usize, whole: usize) -> f64 {
    if whole == 0 { 100.0 } else { part as f64 * 100.0 / whole as f64 }
}
