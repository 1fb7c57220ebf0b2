//! E0101: a clause or header goes on in a way the language does not know.

use language::Span;

use super::{slips, synonyms};
use crate::codes::words;
use crate::diagnostics::{Code, Diagnostic, Edit, Files, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0101",
    name: "unexpected",
    severity: Severity::Error,
    page: r#"
A line goes on in a way the language does not know. The message says what stands there and what could stand there instead.

```playbook wrong
use std.crm
score fit for Contact {
  layer place weight 100% {
    +100 if country is "NZ"
  }
}
```

Write one of the words that the message lists. Often a word of another language stands there: here `when` is meant.

```playbook right
use std.crm
score fit for Contact {
  layer place weight 100% {
    +100 when country is "NZ"
  }
}
```

A clause ends with its line. To go on in the next line, indent it deeper than the line that the clause starts with.
"#,
};

/// How many of the words that could stand there are listed.
const LISTED: usize = 6;

/// What stands there, what could, and what was being read.
pub(super) fn diagnostic(
    files: &Files,
    file: FileId,
    span: Span,
    found: Option<&str>,
    expected: &[&'static str],
    reading: &str,
    meant: Option<&str>,
) -> Diagnostic {
    let found = found.filter(|found| !found.trim().is_empty());
    let headline = match found {
        None if reading.is_empty() => "something is missing at the end".to_owned(),
        None => format!("{reading} ends too early"),
        Some(found) if reading.is_empty() => format!("`{}` is not understood here", short(found)),
        Some(found) => format!("`{}` is not understood in {reading}", short(found)),
    };
    let wanted = match expected {
        [] => "nothing more belongs here".to_owned(),
        some if some.len() <= LISTED => format!("expected {}", words::alternatives(some)),
        many => {
            let first: Vec<&str> = many.iter().take(LISTED).copied().collect();
            format!("expected {}, …", first.join(", "))
        }
    };
    let mut diagnostic = Diagnostic::new(&CODE, headline, file, span, wanted);
    if expected.len() > LISTED {
        diagnostic = diagnostic.note(format!("here could stand {}", words::alternatives(expected)));
    }
    let Some(found) = found else { return diagnostic };
    if let Some(slip) = slips::of(files, file, span, found, expected) {
        return diagnostic.help(slip.help).fix(slip.help, false, slip.edits);
    }
    let could_be = |word: &&str| expected.iter().any(|wanted| says(wanted, word));
    let synonym = synonyms::meaning(found).filter(could_be).or_else(|| synonyms::of_time(found).filter(could_be));
    if let Some(word) = meant.or(synonym) {
        let edit = Edit { file, span, replacement: word.to_owned() };
        return diagnostic.help(format!("did you mean `{word}`?")).fix(format!("write `{word}`"), false, vec![edit]);
    }
    if let Some((help, edit)) = mending(files, file, span, found, expected) {
        return diagnostic.help(help).fix(help, false, vec![edit]);
    }
    if let ["the end of the line"] = expected
        && let Some(start) = continued(files, file, span)
    {
        return diagnostic
            .label(file, start, "this line starts further left …")
            .note("a line that is indented deeper than the one above it continues it")
            .help("indent both lines alike");
    }
    diagnostic
}

/// What is commonly left out, and an edit that puts it in.
fn mending(
    files: &Files,
    file: FileId,
    span: Span,
    found: &str,
    expected: &[&'static str],
) -> Option<(&'static str, Edit)> {
    let wants = |what: &str| expected.iter().any(|wanted| wanted.contains(what));
    let behind = |text: &str| Edit { file, span: Span::new(span.end, span.end), replacement: text.to_owned() };
    let before = |text: &str| Edit { file, span: Span::new(span.start, span.start), replacement: text.to_owned() };
    let number = found.starts_with(|letter: char| letter.is_ascii_digit());
    if number && wants("a percentage") {
        return Some(("a part of the whole is written with a percent sign", behind("%")));
    }
    if number && wants("points such as") {
        return Some(("points have a sign: `+` gives them, `-` takes them away", before("+")));
    }
    let is_word = found.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
    if is_word && !number && wants("a text") {
        return Some(("texts stand in quotes", quoted(files, file, span, phrase(rest_of_line(files, file, span)))));
    }
    // An address, a path, a hash: what is no word and no number is a text.
    if matches!(found, "/" | "@" | "#" | "~" | "&" | "?") && wants("a value") {
        let rest = rest_of_line(files, file, span);
        let end = rest.find([' ', ',', ']', ')']).unwrap_or(rest.len());
        return Some(("texts stand in quotes", quoted(files, file, span, rest.get(..end).unwrap_or_default())));
    }
    None
}

/// The first word of the line that this one continues; none where both are one line.
#[expect(clippy::cast_possible_truncation, reason = "a file is smaller than four gigabytes")]
fn continued(files: &Files, file: FileId, span: Span) -> Option<Span> {
    let text = files.files.get(file.index())?.text.get(..span.start as usize)?;
    let line = text.rfind('\n').map_or(0, |at| at + 1);
    let indent = text.get(line..)?;
    if !indent.trim().is_empty() {
        return None;
    }
    let mut end = line;
    // The nearest line above that starts further left, not too far up.
    for above in text.get(..line)?.split_inclusive('\n').rev().take(50) {
        end -= above.len();
        let code = above.trim_start();
        let depth = above.len() - code.len();
        if !code.trim().is_empty() && !code.starts_with("//") && depth < indent.len() {
            let word = code.split_whitespace().next()?.len();
            return Some(Span::new((end + depth) as u32, (end + depth + word) as u32));
        }
    }
    None
}

/// Whether a word of the expected ones, `` `when` ``, begins so.
fn says(wanted: &str, word: &str) -> bool {
    let first = word.split(' ').next().unwrap_or(word);
    wanted.trim_matches('`').split(' ').next() == Some(first)
}

/// What stands there, where it is long its beginning.
fn short(found: &str) -> String {
    let line = found.lines().next().unwrap_or_default();
    if line.chars().count() <= 40 && line.len() == found.len() {
        return found.to_owned();
    }
    let start: String = line.chars().take(39).collect();
    format!("{start}…")
}

/// What stands on the line from there on.
fn rest_of_line(files: &Files, file: FileId, span: Span) -> &str {
    let rest = files.files.get(file.index()).and_then(|text| text.text.get(span.start as usize..)).unwrap_or_default();
    rest.lines().next().unwrap_or_default()
}

/// The words at the beginning of it, up to the next sign.
fn phrase(line: &str) -> &str {
    let end = line.find(['"', ',', '{', '}', '[', ']', '(', ')']).or_else(|| line.find("//")).unwrap_or(line.len());
    line.get(..end).unwrap_or_default().trim_end()
}

#[expect(clippy::cast_possible_truncation, reason = "shorter than its line")]
fn quoted(files: &Files, file: FileId, span: Span, words: &str) -> Edit {
    let whole = Span::new(span.start, (span.start + words.len() as u32).max(span.end));
    Edit { file, span: whole, replacement: format!("\"{}\"", files.slice(file, whole)) }
}
