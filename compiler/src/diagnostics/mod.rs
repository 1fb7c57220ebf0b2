//! The one diagnostic type: what the tools say about a playbook, apart from how it is drawn.
//!
//! ariadne ([`draw`]), JSON, SARIF, GitHub and, later, the editor are renderers of this. A headline stands alone; labels say what
//! is where; notes say why; help says what to do; a fix does it.

pub mod draw;
mod excerpt;
pub mod github;
pub mod json;
pub mod lines;
pub mod mended;
pub mod sarif;

use language::Span;
use serde::Serialize;
use smol_str::SmolStr;

use crate::program::FileId;

/// What a kind of finding is called and means. One per file under `codes/`.
#[derive(Debug)]
pub struct Code {
    /// Stable: `E0201` for errors, the lint's kebab-case name for lints.
    pub id: &'static str,
    /// In a few words, kebab-case: `unknown-name`.
    pub name: &'static str,
    /// How grave it is where no one has said otherwise.
    pub severity: Severity,
    /// What `playbook explain` prints, Markdown: what it is, why it matters, an example in the language, and what to write instead.
    pub page: &'static str,
}

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing; `check` passes.
    Note,
    /// Likely wrong; `check` passes unless told to deny warnings.
    Warning,
    /// Cannot be run.
    Error,
}

/// One finding.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// What kind.
    pub code: &'static Code,
    /// How grave here.
    pub severity: Severity,
    /// One line that stands alone: lower case, no period, the user's words in backticks.
    pub headline: String,
    /// Where, and what is there.
    pub primary: Label,
    /// Other places that matter.
    pub labels: Vec<Label>,
    /// Why.
    pub notes: Vec<String>,
    /// What to do.
    pub help: Vec<String>,
    /// What does it.
    pub fix: Option<Fix>,
    /// A record that shows it: a `test` of the language, ready to be put into the playbook.
    pub witness: Option<String>,
}

/// A place with words.
#[derive(Clone, Debug)]
pub struct Label {
    /// Which file.
    pub file: FileId,
    /// Where in it.
    pub span: Span,
    /// May be empty.
    pub text: String,
}

/// An edit that mends a finding.
#[derive(Clone, Debug)]
pub struct Fix {
    /// What it does: "write `industry`".
    pub title: String,
    /// It cannot change what the playbook means to its author; `--fix` applies only such.
    pub safe: bool,
    /// Not overlapping.
    pub edits: Vec<Edit>,
}

/// A replacement of text.
#[derive(Clone, Debug)]
pub struct Edit {
    /// Which file.
    pub file: FileId,
    /// What is replaced; empty to insert.
    pub span: Span,
    /// By what.
    pub replacement: String,
}

/// The texts that diagnostics point into, by [`FileId`].
#[derive(Clone, Debug, Default)]
pub struct Files {
    /// In the order of their ids.
    pub files: Vec<SourceText>,
}

/// One file's name and text.
#[derive(Clone, Debug)]
pub struct SourceText {
    /// As a reader knows it: relative to the client's folder, or `std:crm.playbook`.
    pub name: SmolStr,
    /// What it says.
    pub text: std::sync::Arc<str>,
}

impl Diagnostic {
    /// A finding of that kind with its own severity, and nothing but a headline and a place.
    #[must_use]
    pub fn new(
        code: &'static Code,
        headline: impl Into<String>,
        file: FileId,
        span: Span,
        label: impl Into<String>,
    ) -> Self {
        Self {
            code,
            severity: code.severity,
            headline: headline.into(),
            primary: Label { file, span, text: label.into() },
            labels: Vec::new(),
            notes: Vec::new(),
            help: Vec::new(),
            fix: None,
            witness: None,
        }
    }

    /// With another place that matters.
    #[must_use]
    pub fn label(mut self, file: FileId, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { file, span, text: text.into() });
        self
    }

    /// With a reason.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }

    /// With what to do.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }

    /// With a record that shows it, where there is one.
    #[must_use]
    pub fn witness(mut self, test: Option<String>) -> Self {
        self.witness = test;
        self
    }

    /// With an edit that does it.
    #[must_use]
    pub fn fix(mut self, title: impl Into<String>, safe: bool, edits: Vec<Edit>) -> Self {
        self.fix = Some(Fix { title: title.into(), safe, edits });
        self
    }
}

impl Edit {
    /// Whether the two change one place, or places beside each other: they cannot be made together.
    #[must_use]
    pub fn touches(&self, other: &Self) -> bool {
        self.file == other.file && self.span.touches(other.span)
    }
}

impl Files {
    /// The line of a byte, from 1.
    #[must_use]
    pub fn line(&self, file: FileId, at: u32) -> usize {
        self.slice(file, Span::new(0, at)).matches('\n').count() + 1
    }

    /// What stands there; nothing where the place is not in the text.
    #[must_use]
    pub fn slice(&self, file: FileId, span: Span) -> &str {
        self.files.get(file.index()).and_then(|file| file.text.get(span.range())).unwrap_or_default()
    }

    /// A file's name, as a reader knows it.
    #[must_use]
    pub fn name(&self, file: FileId) -> &str {
        self.files.get(file.index()).map_or("", |file| file.name.as_str())
    }
}
