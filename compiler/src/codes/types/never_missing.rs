//! E0317: `is missing` of what is always there.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0317",
    name: "never-missing",
    severity: Severity::Error,
    page: r#"
`is missing` and `is known` ask whether somebody filled in a field. A field without `?` is never missing, and a list without `?` that nobody filled in
is empty. What is calculated, a fact or a score, is no field.

```playbook wrong
use std.crm
extend Company { tools: list of text }
fact unasked of Company is tools is missing
```

Declare the field with `?`, so that empty and unknown are told apart, or do not ask:

```playbook right
use std.crm
extend Company { tools: list of text? }
fact unasked of Company is tools is missing
```
"#,
};

/// A field without `?`; `missing` where that was asked, rather than `known`.
pub(crate) fn diagnostic(file: FileId, span: Span, written: &str, list: bool, missing: bool) -> Diagnostic {
    let always = if missing { "never true" } else { "always true" };
    let found = Diagnostic::new(
        &CODE,
        format!("`{written}` is never missing"),
        file,
        span,
        format!("declared without `?`, so this is {always}"),
    );
    let found = if list { found.note("a list without `?` that nobody filled in is empty") } else { found };
    found.help("declare it with `?` where nobody may know, or leave this out")
}

/// What is no field.
pub(crate) fn no_field(file: FileId, span: Span, written: &str, kind: &str, missing: bool) -> Diagnostic {
    let asked = if missing { "is missing" } else { "is known" };
    Diagnostic::new(&CODE, format!("only a field `{asked}`, and `{written}` is none"), file, span, kind)
        .help("ask for the fields that it is calculated from")
}
