//! Diagnostics for programs: one JSON object, stable and documented here.
//!
//! ```json
//! { "version": 1, "errors": 1, "warnings": 0, "notes": 0, "diagnostics": [ {
//!   "code": "E0401", "name": "weights-sum", "severity": "error",
//!   "headline": "the weights of `icp` add up to 95%, not to 100%",
//!   "place": { "file": "icp.playbook", "start": { "line": 3, "column": 7, "byte": 20 }, "end": { … }, "text": "5% are missing" },
//!   "labels": [ … ], "notes": [ "…" ], "help": [ "…" ],
//!   "fix": { "title": "…", "safe": false, "edits": [ { "file": "…", "start": { … }, "end": { … }, "replacement": "…" } ] },
//!   "witness": "test \"…\" { … }" } ] }
//! ```
//!
//! Lines and columns count from 1, columns in characters; bytes count from 0. `fix` and `witness` are null where there is none.

use language::Span;
use rustc_hash::FxHashMap;
use serde::Serialize;

use super::lines::Lines;
use super::{Diagnostic, Files, Label, Severity};
use crate::program::FileId;

/// The form of the JSON; it changes only when something is taken away or means something else.
pub const VERSION: u32 = 1;

/// All findings.
#[derive(Debug, Serialize)]
pub struct Report<'a> {
    version: u32,
    errors: usize,
    warnings: usize,
    notes: usize,
    diagnostics: Vec<Finding<'a>>,
}

#[derive(Debug, Serialize)]
struct Finding<'a> {
    code: &'a str,
    name: &'a str,
    severity: Severity,
    headline: &'a str,
    place: Place<'a>,
    labels: Vec<Place<'a>>,
    notes: &'a [String],
    help: &'a [String],
    fix: Option<Mending<'a>>,
    witness: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct Place<'a> {
    file: &'a str,
    start: Point,
    end: Point,
    text: &'a str,
}

#[derive(Debug, Serialize)]
struct Mending<'a> {
    title: &'a str,
    safe: bool,
    edits: Vec<Replacement<'a>>,
}

#[derive(Debug, Serialize)]
struct Replacement<'a> {
    file: &'a str,
    start: Point,
    end: Point,
    replacement: &'a str,
}

/// A place in a file.
#[derive(Clone, Copy, Debug, Serialize)]
struct Point {
    line: u32,
    column: u32,
    byte: u32,
}

/// The findings, to be serialised.
#[must_use]
pub fn report<'a>(files: &'a Files, diagnostics: &'a [Diagnostic]) -> Report<'a> {
    let count = |severity| diagnostics.iter().filter(|found| found.severity == severity).count();
    let mut places = Places { files, lines: FxHashMap::default() };
    let findings = diagnostics.iter().map(|found| Finding {
        code: found.code.id,
        name: found.code.name,
        severity: found.severity,
        headline: &found.headline,
        place: places.label(&found.primary),
        labels: found.labels.iter().map(|label| places.label(label)).collect(),
        notes: &found.notes,
        help: &found.help,
        fix: found.fix.as_ref().map(|fix| Mending {
            title: &fix.title,
            safe: fix.safe,
            edits: fix
                .edits
                .iter()
                .map(|edit| {
                    let (start, end) = places.points(edit.file, edit.span);
                    Replacement { file: files.name(edit.file), start, end, replacement: &edit.replacement }
                })
                .collect(),
        }),
        witness: found.witness.as_deref(),
    });
    let findings = findings.collect();
    Report {
        version: VERSION,
        errors: count(Severity::Error),
        warnings: count(Severity::Warning),
        notes: count(Severity::Note),
        diagnostics: findings,
    }
}

struct Places<'a> {
    files: &'a Files,
    lines: FxHashMap<FileId, Lines>,
}

impl<'a> Places<'a> {
    fn label(&mut self, label: &'a Label) -> Place<'a> {
        let (start, end) = self.points(label.file, label.span);
        Place { file: self.files.name(label.file), start, end, text: &label.text }
    }

    fn points(&mut self, file: FileId, span: Span) -> (Point, Point) {
        let text = self.files.files.get(file.index()).map_or("", |file| &file.text);
        let lines = self.lines.entry(file).or_insert_with(|| Lines::of(text));
        let point = |byte: u32| {
            let position = lines.position(text, byte);
            Point { line: position.line, column: position.column, byte }
        };
        (point(span.start), point(span.end))
    }
}
