//! E0310: a list asked like a text, or a text like a list.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Edit, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0310",
    name: "list-or-not",
    severity: Severity::Error,
    page: r#"
A list holds several words, so it is asked what it `has`; a text or a word is asked what it `is`.

```playbook wrong
use std.crm
extend Company { tools: list of text? }
fact equipped of Company is tools is "Procore"
```

Ask a list what it has:

```playbook right
use std.crm
extend Company { tools: list of text? }
fact equipped of Company is tools has "Procore"
```
"#,
};

/// `is` of a list.
pub(crate) fn is(file: FileId, subject: Span, written: &str, whole: Span) -> Diagnostic {
    Diagnostic::new(&CODE, format!("`{written}` is a list, so it is asked what it has"), file, whole, "asks what it is")
        .label(file, subject, "a list")
        .help(format!("write `{written} has …`, or `{written} has any of [a, b]`"))
}

/// `has` of what is no list; `words` where it is a text.
pub(crate) fn has(file: FileId, subject: Span, written: &str, kind: &str, words: bool) -> Diagnostic {
    let found =
        Diagnostic::new(&CODE, format!("`{written}` is {kind}, and only a list has something"), file, subject, kind);
    if words {
        found.help(format!("write `{written} is …`, or `{written} is one of [a, b]`"))
    } else {
        found.help("ask for a field of type `list of …`")
    }
}

/// `has` with several values, or another list, and no word for how many of them.
pub(crate) fn which(file: FileId, subject: Span, values: Span, written: &str, right: &str) -> Diagnostic {
    let edit = Edit { file, span: Span::new(values.start, values.start), replacement: "any of ".to_owned() };
    Diagnostic::new(&CODE, "it is not said how many of them the list has to have", file, values, "several values")
        .label(file, subject, "the list")
        .help(format!("write `{written} has any of {right}`, `has all of` or `has none of`"))
        .fix("write `any of`", false, vec![edit])
}

/// What no list holds.
pub(crate) fn element(file: FileId, span: Span, written: &str, list: &str) -> Diagnostic {
    Diagnostic::new(
        &CODE,
        format!("`{list}` holds words, and `{written}` is none"),
        file,
        span,
        "neither a word nor a text",
    )
    .help("write bare words or quoted texts")
}
