//! E0311: `starts`, `ends` or `contains` of what is no text.

use language::Span;
use language::syntax::TextOperator;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0311",
    name: "not-a-text",
    severity: Severity::Error,
    page: r#"
`starts`, `ends` and `contains` look into a text. A list is asked what it `has`, a word of a declared list what it `is`.

```playbook wrong
use std.crm
fact twenties of Company is employees starts "2"
```

Ask what can be asked of it:

```playbook right
use std.crm
fact twenties of Company is employees is from 20 to 29
```
"#,
};

/// The subject, what it is, whether that is a list, and what was asked.
pub(crate) fn diagnostic(
    file: FileId,
    span: Span,
    written: &str,
    kind: &str,
    list: bool,
    operator: TextOperator,
) -> Diagnostic {
    let word = match operator {
        TextOperator::Starts => "starts",
        TextOperator::Ends => "ends",
        TextOperator::Contains => "contains",
    };
    let found = Diagnostic::new(
        &CODE,
        format!("`{written}` is {kind}, and only a text {word} with something").replace("contains with", "contains"),
        file,
        span,
        kind,
    );
    if list { found.help(format!("write `{written} has …`")) } else { found.help("compare it with `is`, `<` or `>`") }
}

/// A field with words of its own.
pub(crate) fn words(file: FileId, span: Span, written: &str) -> Diagnostic {
    Diagnostic::new(
        &CODE,
        format!("`{written}` is one of its declared words, not any text"),
        file,
        span,
        "one of its words",
    )
    .help(format!("name the words: `{written} is one of [a, b]`"))
}

/// The empty text, which everything starts with.
pub(crate) fn empty(file: FileId, span: Span) -> Diagnostic {
    Diagnostic::new(
        &CODE,
        "every text starts with, ends with and contains the empty text",
        file,
        span,
        "nothing to look for",
    )
    .help("write what to look for, or ask whether the field `is known`")
}
