//! E0301: two values of different kinds compared.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0301",
    name: "kinds-differ",
    severity: Severity::Error,
    page: r#"
Values of different kinds are compared: a number with a text, money with a number, a day with a time. Units are part of a value, so only
like is compared with like.

```playbook wrong
use std.crm
fact large of Company is employees > "200"
```

Give both sides the same kind:

```playbook right
use std.crm
fact large of Company is employees > 200
```
"#,
};

/// One side of a comparison.
#[derive(Clone, Debug)]
pub(crate) struct Side<'t> {
    /// Where it stands.
    pub(crate) span: Span,
    /// As written.
    pub(crate) text: &'t str,
    /// What it is, as a reader calls it: `a number`.
    pub(crate) kind: String,
}

/// Two sides that cannot be compared.
pub(crate) fn diagnostic(file: FileId, left: &Side<'_>, right: &Side<'_>) -> Diagnostic {
    let headline = format!("`{}` is {} and `{}` is {}", short(left.text), left.kind, short(right.text), right.kind);
    Diagnostic::new(&CODE, headline, file, right.span, right.kind.clone())
        .label(file, left.span, left.kind.clone())
        .note("only like is compared with like")
}

/// Something that has no order: a text, a word, a list.
pub(crate) fn no_order(file: FileId, side: &Side<'_>) -> Diagnostic {
    let headline = format!("`{}` is {}, and that is neither more nor less than another", short(side.text), side.kind);
    Diagnostic::new(&CODE, headline, file, side.span, side.kind.clone())
        .help("numbers, money, percentages, durations, dates, times and scores can be compared with `<` and `>`")
        .help("ask whether a text `is` something, or `starts`, `ends` or `contains` it; whether a list `has` it")
}

/// As much of a text as a headline can hold.
fn short(text: &str) -> String {
    let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if folded.chars().count() <= 40 { folded } else { folded.chars().take(39).chain(['…']).collect() }
}
