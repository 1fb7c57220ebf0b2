//! E0604: a record that has nothing to do with the test.

use language::Span;
use language::syntax::Name;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0604",
    name: "given-elsewhere",
    severity: Severity::Error,
    page: r#"
A test is about the record that its scores are for, and the records that this one belongs to. It is given another one.

```playbook wrong
use std.crm
score fit for Contact { +10 when city is known because "told us" }
test "a deal" {
  given deal { name: "Tower" }
  expect fit is 0
}
```

Give the record that the score is for:

```playbook right
use std.crm
score fit for Contact { +10 when city is known because "told us" }
test "a contact" {
  given contact { city: "Napier" }
  expect fit is 10
}
```
"#,
};

/// The record kind as written, what the test is about, and what is given.
pub(crate) fn diagnostic(file: FileId, clause: Span, name: &Name, about: &str, given: &str) -> Diagnostic {
    Diagnostic::new(
        &CODE,
        format!("this test is about a {about}, and a {given} is given"),
        file,
        name.span,
        format!("no field of {about} leads to it"),
    )
    .label(file, clause, "cannot matter")
    .help(format!("give a {}, or expect something of a score for {given}", about.to_lowercase()))
}
