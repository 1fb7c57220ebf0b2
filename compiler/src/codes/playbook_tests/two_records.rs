//! E0605: a test about two record kinds.

use language::Span;
use language::syntax::Path;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0605",
    name: "two-records",
    severity: Severity::Error,
    page: r#"
A test expects something of scores, or facts, of two record kinds. It is about one record.

```playbook wrong
use std.crm
score fit for Contact { +10 when city is known because "told us" }
score size for Company { +10 when employees > 20 because "many" }
test "both" {
  given contact { city: "Napier" }
  expect fit is 10
  expect size is 0
}
```

Write two tests:

```playbook right
use std.crm
score fit for Contact { +10 when city is known because "told us" }
score size for Company { +10 when employees > 20 because "many" }
test "the contact" {
  given contact { city: "Napier" }
  expect fit is 10
}
test "the company" {
  given company { employees: 80 }
  expect size is 10
}
```
"#,
};

/// The second path, the place of the first, and the record kinds of first and second.
pub(crate) fn diagnostic(file: FileId, path: &Path, first: Span, (one, other): (&str, &str)) -> Diagnostic {
    Diagnostic::new(
        &CODE,
        format!("this test is about a {one} and a {other}"),
        file,
        path.span,
        format!("about a {other}"),
    )
    .label(file, first, format!("about a {one}"))
    .help("write two tests")
}
