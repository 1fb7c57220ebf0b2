//! Diagnostics as annotations of GitHub Actions: one workflow command a line.

use rustc_hash::FxHashMap;

use super::lines::Lines;
use super::{Diagnostic, Files, Severity};
use crate::codes;

/// The annotations. `folder` stands before each file's name, so that it is found from the repository's root; it may be empty.
#[must_use]
pub fn annotations(files: &Files, diagnostics: &[Diagnostic], folder: &str) -> String {
    let mut lines: FxHashMap<_, Lines> = FxHashMap::default();
    let mut out = String::new();
    for found in diagnostics {
        let place = &found.primary;
        let Some(file) = files.files.get(place.file.index()) else { continue };
        let lines = lines.entry(place.file).or_insert_with(|| Lines::of(&file.text));
        let (start, end) = (lines.position(&file.text, place.span.start), lines.position(&file.text, place.span.end));
        let command = match found.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        let path = match folder.trim_end_matches('/') {
            "" => file.name.to_string(),
            folder => format!("{folder}/{}", file.name),
        };
        let mut message = found.headline.clone();
        for help in &found.help {
            message.push_str("\nhelp: ");
            message.push_str(help);
        }
        if let Some(witness) = &found.witness {
            message.push_str("\nthis test shows it:\n");
            message.push_str(witness);
        }
        let title = if codes::is_lint(found.code) {
            found.code.name.to_owned()
        } else {
            format!("{} {}", found.code.id, found.code.name)
        };
        out.push_str(&format!(
            "::{command} file={},line={},col={},endLine={},endColumn={},title={}::{}\n",
            property(&path),
            start.line,
            start.column,
            end.line,
            end.column,
            property(&title),
            data(&message)
        ));
    }
    out
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_a_command_is_written_out() {
        assert_eq!(data("a\n100% b"), "a%0A100%25 b");
        assert_eq!(property("std:crm, x"), "std%3Acrm%2C x");
    }
}
