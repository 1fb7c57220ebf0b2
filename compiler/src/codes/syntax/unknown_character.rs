//! E0107: a character that means nothing in a playbook.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Edit, Files, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0107",
    name: "unknown-character",
    severity: Severity::Error,
    page: r#"
A character stands there that means nothing outside of texts and comments. Word processors like to put typographic quotes and long
dashes in place of the plain ones.

```playbook wrong
phrases pain { „tender deadline“ }
```

Write the plain characters:

```playbook right
phrases pain { "tender deadline" }
```
"#,
};

/// The title of the fix that makes a quote a plain one.
pub(super) const PLAIN_QUOTES: &str = "write plain quotes";

/// The character, and what was likely meant.
pub(super) fn diagnostic(files: &Files, file: FileId, span: Span, character: char, meant: Option<&str>) -> Diagnostic {
    let named =
        if character.is_control() || character.is_whitespace() || !character.is_ascii() && !character.is_alphanumeric()
        {
            format!("`{}` (U+{:04X})", visible(character), u32::from(character))
        } else {
            format!("`{character}`")
        };
    if meant == Some("\"") {
        let edit = Edit { file, span, replacement: "\"".to_owned() };
        return Diagnostic::new(&CODE, format!("{named} is a typographic quote"), file, span, "not a plain quote")
            .help("texts stand in plain quotes, `\"`, in front and behind")
            .fix(PLAIN_QUOTES, true, vec![edit]);
    }
    let diagnostic = Diagnostic::new(
        &CODE,
        format!("the character {named} means nothing here"),
        file,
        span,
        "not a character of the language",
    );
    if character == ';' && ends_its_line(files, file, span) {
        let edit = Edit { file, span, replacement: String::new() };
        return diagnostic.help("a clause ends with its line: leave the `;` out").fix(
            "leave the `;` out",
            true,
            vec![edit],
        );
    }
    if character == '%'
        && let Some(blanks) = blanks_behind_a_number(files, file, span)
    {
        let edit = Edit { file, span: blanks, replacement: String::new() };
        return diagnostic.help("a percent sign stands right behind its number").fix(
            "leave the blank out",
            true,
            vec![edit],
        );
    }
    let Some(meant) = meant else {
        return diagnostic.help("leave it out, or put it into a text in quotes");
    };
    let edit = Edit { file, span, replacement: meant.to_owned() };
    diagnostic.help(format!("write `{meant}`")).fix(format!("write `{meant}`"), true, vec![edit])
}

fn visible(character: char) -> char {
    if character.is_control() { '\u{fffd}' } else { character }
}

/// The blanks before it, where a number stands before those.
#[expect(clippy::cast_possible_truncation, reason = "a file is smaller than four gigabytes")]
fn blanks_behind_a_number(files: &Files, file: FileId, span: Span) -> Option<Span> {
    let before = files.slice(file, Span::new(0, span.start));
    let number = before.trim_end_matches([' ', '\t']);
    number.ends_with(|letter: char| letter.is_ascii_digit()).then(|| Span::new(number.len() as u32, span.start))
}

/// Whether nothing but a comment follows.
fn ends_its_line(files: &Files, file: FileId, span: Span) -> bool {
    let rest = files.files.get(file.index()).and_then(|text| text.text.get(span.end as usize..)).unwrap_or_default();
    let line = rest.lines().next().unwrap_or_default().trim_start();
    line.is_empty() || line.starts_with("//")
}
