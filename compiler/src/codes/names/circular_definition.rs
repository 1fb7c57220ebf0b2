//! E0228: a calculation that needs its own result.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0228",
    name: "circular-definition",
    severity: Severity::Error,
    page: r#"
A fact or a score needs its own result. A route may ask for the points of its score; points may not ask for what they are part of.

```playbook wrong
use std.crm
fact eager of Contact is busy > 3
fact busy of Contact is count of page.viewed in the last 7 days
score fit for Contact {
  +10 when fit > 50 because "who has gets more"
}
```

Ask for what the calculation was meant to stand on:

```playbook right
use std.crm
fact busy of Contact is count of page.viewed in the last 7 days
score fit for Contact {
  +10 when busy > 3 because "looks around"
}
```
"#,
};

/// A fact that asks for itself, by way of others perhaps.
pub(crate) fn fact(file: FileId, span: Span, name: &str, declared: (FileId, Span)) -> Diagnostic {
    Diagnostic::new(
        &CODE,
        format!("fact `{name}` needs its own result"),
        file,
        span,
        "asked for while it is calculated",
    )
    .label(declared.0, declared.1, "declared here")
    .help("take it out of what it is calculated from")
}

/// A circle of scores: what each step asks for, and where.
pub(crate) fn scores(steps: &[(String, FileId, Span)]) -> Option<Diagnostic> {
    let (last, before) = steps.split_last()?;
    let (what, file, span) = last;
    let way: Vec<&str> = steps.iter().map(|(name, ..)| name.as_str()).collect();
    let found = Diagnostic::new(&CODE, format!("{what} needs its own result"), *file, *span, "closes the circle");
    let found =
        before.iter().fold(found, |found, (name, file, span)| found.label(*file, *span, format!("asks for {name}")));
    let found = if before.is_empty() { found } else { found.note(format!("round and round: {}", way.join(", then "))) };
    Some(found.help(
        "points may ask for fields, events and other scores; only a route may ask for the points of its own score",
    ))
}
