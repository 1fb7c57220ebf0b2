//! E0603: a field that is given twice.

use language::Span;
use language::syntax::Path;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0603",
    name: "given-twice",
    severity: Severity::Error,
    page: r#"
A test gives one field, or the present, two values.

```playbook wrong
use std.crm
test "two cities" {
  given contact { city: "Auckland", city: "Napier" }
  expect city is "Napier"
}
```

Keep one:

```playbook right
use std.crm
test "one city" {
  given contact { city: "Napier" }
  expect city is "Napier"
}
```
"#,
};

/// The field, and where it is given first.
pub(crate) fn diagnostic(file: FileId, field: &Path, first: Span) -> Diagnostic {
    Diagnostic::new(&CODE, format!("`{}` is given twice", field.dotted()), file, field.span, "given again here")
        .label(file, first, "given here already")
        .help("keep one of them")
}

/// The present.
pub(crate) fn now(file: FileId, span: Span, first: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "a test has one present", file, span, "given again here")
        .label(file, first, "given here already")
        .help("keep one `given now`")
}
