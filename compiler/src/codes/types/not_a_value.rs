//! E0309: a condition or list where a value belongs.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0309",
    name: "not-a-value",
    severity: Severity::Error,
    page: r#"
A condition, or a list, stands where a single value belongs.

```playbook wrong
use std.crm
fact odd of Company is (employees > 20) + 1 > 2
```

Write a value there; a condition can be counted on by giving it a name with `fact`:

```playbook right
use std.crm
fact large of Company is employees + 1 > 20
```
"#,
};

/// A condition.
pub(crate) fn condition(file: FileId, span: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "a condition stands where a value belongs", file, span, "true or false, not a value")
        .help("write a field, a fact, a score or a number; join conditions with `and` and `or`")
}

/// A list in brackets.
pub(crate) fn list(file: FileId, span: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "a list stands where one value belongs", file, span, "several values")
        .help("ask whether something `is one of […]`, or a list `has any of […]`")
}
