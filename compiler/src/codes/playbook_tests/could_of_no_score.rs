//! E0606: `could reach` of what is no score.

use language::Span;
use language::syntax::Path;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0606",
    name: "range-of-no-score",
    severity: Severity::Error,
    page: r#"
`could reach` and `could fall to` are the ends of a score's range: what it could still become, once what is unknown is known. Fields and
facts have none.

```playbook wrong
use std.crm
test "a range" {
  given contact { company { employees: 80 } }
  expect company.employees is 80, could reach 100
}
```

Expect the value by itself:

```playbook right
use std.crm
test "a value" {
  given contact { company { employees: 80 } }
  expect company.employees is 80
}
```
"#,
};

/// The path, and the clause.
pub(crate) fn diagnostic(file: FileId, path: &Path, clause: Span) -> Diagnostic {
    Diagnostic::new(
        &CODE,
        format!("only a score or a layer has a range, and `{}` is neither", path.dotted()),
        file,
        clause,
        "expects a range",
    )
    .help("leave out `could reach` and `could fall to`")
}
