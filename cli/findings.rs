//! Findings of one or several playbooks, gathered into one list for the compiler's renderers.

use compiler::diagnostics::{Diagnostic, Files, Severity, draw, github, json, sarif};
use compiler::program::FileId;

use crate::playbook::Playbook;
use crate::terminal::{Paint, Terminal};

/// In which form findings are printed: drawn with the lines of the playbook, one JSON document, SARIF for code scanners, or annotations for
/// GitHub.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    Human,
    Json,
    Sarif,
    Github,
}

/// Findings with the texts that they point into.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    files: Files,
    diagnostics: Vec<Diagnostic>,
}

impl Findings {
    /// Takes in a playbook's; its files get numbers behind those that are here.
    pub(crate) fn add(&mut self, playbook: Playbook) {
        let Ok(behind) = u32::try_from(self.files.files.len()) else { return };
        let shift = |file: &mut FileId| file.0 += behind;
        self.files.files.extend(playbook.files.files);
        self.diagnostics.extend(playbook.diagnostics.into_iter().map(|mut found| {
            shift(&mut found.primary.file);
            found.labels.iter_mut().for_each(|label| shift(&mut label.file));
            found.fix.iter_mut().flat_map(|fix| &mut fix.edits).for_each(|edit| shift(&mut edit.file));
            found
        }));
    }

    /// Whether any is at least as grave.
    pub(crate) fn any(&self, severity: Severity) -> bool {
        self.diagnostics.iter().any(|found| found.severity >= severity)
    }

    /// Those that are at least as grave.
    #[must_use]
    pub(crate) fn at_least(mut self, severity: Severity) -> Self {
        self.diagnostics.retain(|found| found.severity >= severity);
        self
    }

    /// Drawn, with how many they are; nothing where there are none.
    pub(crate) fn drawn(&self, paint: Paint, width: usize) -> String {
        let options = draw::Options { colors: paint.is_on(), width, ..draw::Options::default() };
        let drawn = draw::draw(&self.files, &self.diagnostics, options);
        let summary = draw::summary(&self.diagnostics);
        if summary.is_empty() {
            return drawn;
        }
        let summary = if self.any(Severity::Error) { paint.red(&summary) } else { paint.yellow(&summary) };
        format!("{}\n\n{summary}\n", drawn.trim_end())
    }

    /// Prints them in a form.
    ///
    /// # Errors
    /// Where stdout takes no more.
    pub(crate) fn print(&self, format: Format, terminal: &Terminal) -> anyhow::Result<()> {
        match format {
            Format::Human => terminal.print(&self.drawn(terminal.paint(), terminal.width())),
            Format::Json => terminal.print_json(&json::report(&self.files, &self.diagnostics)),
            Format::Sarif => {
                terminal.print_json(&sarif::log(&self.files, &self.diagnostics, env!("CARGO_PKG_VERSION")))
            }
            Format::Github => terminal.print(&github::annotations(&self.files, &self.diagnostics, "")),
        }
    }
}
