//! Diagnostics as SARIF 2.1.0, the OASIS standard that code scanners and GitHub read: one run, each code that was found a rule with its page.
//!
//! Lines and columns count from 1, columns in characters; the end of a region is the first character behind it, and so is a place
//! of no width its own end (SARIF 2.1.0, 3.30).

use std::collections::BTreeMap;

use language::Span;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use rustc_hash::FxHashMap;
use serde_sarif::sarif;

use super::lines::Lines;
use super::{Code, Diagnostic, Edit, Files, Fix, Label, Severity};
use crate::codes;
use crate::program::FileId;

/// What may stand in a path of a URI as it is (RFC 3986, 3.3); the colon is `std:`'s.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'.').remove(b'-').remove(b'_').remove(b'~').remove(b':');

/// The findings, to be serialised. `version` is that of the tool that says so.
#[must_use]
pub fn log(files: &Files, diagnostics: &[Diagnostic], version: &str) -> sarif::Sarif {
    let mut rules: Vec<&'static Code> = diagnostics.iter().map(|found| found.code).collect();
    rules.sort_by_key(|code| code.id);
    rules.dedup_by_key(|code| code.id);
    let mut places = Places { files, lines: FxHashMap::default() };
    let mut twins: FxHashMap<String, u32> = FxHashMap::default();
    let results: Vec<sarif::Result> = diagnostics
        .iter()
        .map(|found| {
            let rule = rules.partition_point(|code| code.id < found.code.id);
            places.result(found, rule, &mut twins)
        })
        .collect();
    let driver = sarif::ToolComponent::builder()
        .name("playbook")
        .version(version)
        .rules(rules.into_iter().map(rule).collect::<Vec<_>>())
        .build();
    let run = sarif::Run::builder()
        .tool(sarif::Tool::builder().driver(driver).build())
        .column_kind(serde_json::Value::from("unicodeCodePoints"))
        .results(results)
        .build();
    sarif::Sarif::builder()
        .schema(sarif::SCHEMA_URL)
        .version(serde_json::Value::from(sarif::Version::V2_1_0.to_string()))
        .runs(vec![run])
        .build()
}

fn rule(code: &'static Code) -> sarif::ReportingDescriptor {
    let page = codes::summary(code);
    let words = code.name.replace('-', " ");
    let text = |text: &str| sarif::MultiformatMessageString::builder().text(text).build();
    sarif::ReportingDescriptor::builder()
        .id(code.id)
        .name(code.name)
        .short_description(text(&words))
        .help(sarif::MultiformatMessageString::builder().text(page.as_str()).markdown(page.as_str()).build())
        .default_configuration(
            sarif::ReportingConfiguration::builder()
                .level(serde_json::Value::from(level(code.severity).to_string()))
                .build(),
        )
        .build()
}

const fn level(severity: Severity) -> sarif::ResultLevel {
    match severity {
        Severity::Note => sarif::ResultLevel::Note,
        Severity::Warning => sarif::ResultLevel::Warning,
        Severity::Error => sarif::ResultLevel::Error,
    }
}

struct Places<'a> {
    files: &'a Files,
    lines: FxHashMap<FileId, Lines>,
}

impl Places<'_> {
    fn result(&mut self, found: &Diagnostic, rule: usize, twins: &mut FxHashMap<String, u32>) -> sarif::Result {
        let mut text = found.headline.clone();
        for line in found.notes.iter().map(|note| format!("\nnote: {note}")).chain(helps(found)) {
            text.push_str(&line);
        }
        if let Some(witness) = &found.witness {
            text.push_str(&format!("\nthis test shows it:\n{witness}"));
        }
        let fingerprint = self.fingerprint(found);
        let twin = twins.entry(fingerprint.clone()).and_modify(|twin| *twin += 1).or_insert(1);
        let fingerprints = BTreeMap::from([("finding/v1".to_owned(), format!("{fingerprint}:{twin}"))]);
        let related: Vec<sarif::Location> =
            (1..).zip(&found.labels).map(|(id, label)| self.location(label, Some(id))).collect();
        let mut result = sarif::Result::builder()
            .rule_id(found.code.id)
            .rule_index(i64::try_from(rule).unwrap_or(-1))
            .level(level(found.severity))
            .message(message(&text))
            .locations(vec![self.location(&found.primary, None)])
            .partial_fingerprints(fingerprints)
            .build();
        result.related_locations = (!related.is_empty()).then_some(related);
        result.fixes = found.fix.as_ref().map(|fix| vec![self.fix(fix)]);
        result
    }

    fn location(&mut self, label: &Label, id: Option<i64>) -> sarif::Location {
        let place = sarif::PhysicalLocation::builder()
            .artifact_location(self.artifact(label.file))
            .region(self.region(label.file, label.span))
            .build();
        let mut location = sarif::Location::builder().physical_location(place).build();
        location.id = id;
        location.message = (!label.text.is_empty()).then(|| message(&label.text));
        location
    }

    fn artifact(&self, file: FileId) -> sarif::ArtifactLocation {
        let uri = utf8_percent_encode(self.files.name(file), PATH).to_string();
        sarif::ArtifactLocation::builder().uri(uri).build()
    }

    fn region(&mut self, file: FileId, span: Span) -> sarif::Region {
        let text = self.files.files.get(file.index()).map_or("", |file| &file.text);
        let lines = self.lines.entry(file).or_insert_with(|| Lines::of(text));
        let (start, end) = (lines.position(text, span.start), lines.position(text, span.end));
        sarif::Region::builder()
            .start_line(start.line)
            .start_column(start.column)
            .end_line(end.line)
            .end_column(end.column)
            .build()
    }

    fn fix(&mut self, fix: &Fix) -> sarif::Fix {
        let mut changes: BTreeMap<FileId, Vec<&Edit>> = BTreeMap::new();
        for edit in &fix.edits {
            changes.entry(edit.file).or_default().push(edit);
        }
        let changes: Vec<sarif::ArtifactChange> = changes
            .into_iter()
            .map(|(file, edits)| {
                let replacements: Vec<sarif::Replacement> =
                    edits.into_iter().map(|edit| self.replacement(edit)).collect();
                sarif::ArtifactChange::builder()
                    .artifact_location(self.artifact(file))
                    .replacements(replacements)
                    .build()
            })
            .collect();
        sarif::Fix::builder().description(message(&fix.title)).artifact_changes(changes).build()
    }

    fn replacement(&mut self, edit: &Edit) -> sarif::Replacement {
        sarif::Replacement::builder()
            .deleted_region(self.region(edit.file, edit.span))
            .inserted_content(sarif::ArtifactContent::builder().text(edit.replacement.as_str()).build())
            .build()
    }

    /// What a finding is known by when lines above it come and go: its code, its file, and the line that it stands on.
    fn fingerprint(&mut self, found: &Diagnostic) -> String {
        let file = found.primary.file;
        let text = self.files.files.get(file.index()).map_or("", |file| &file.text);
        let lines = self.lines.entry(file).or_insert_with(|| Lines::of(text));
        let line = lines.span(text, lines.line(found.primary.span.start));
        let line = text.get(line.range()).unwrap_or_default().trim();
        let known_by = [found.code.id, self.files.name(file), line].join("\u{0}");
        blake3::hash(known_by.as_bytes()).to_hex().chars().take(32).collect()
    }
}

fn helps(found: &Diagnostic) -> impl Iterator<Item = String> {
    found.help.iter().map(|help| format!("\nhelp: {help}"))
}

fn message(text: &str) -> sarif::Message {
    sarif::Message::builder().text(text).build()
}
