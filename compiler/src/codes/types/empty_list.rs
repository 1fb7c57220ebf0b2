//! E0326: an empty list in a condition.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0326",
    name: "empty-list",
    severity: Severity::Error,
    page: r#"
A condition names no values at all: nothing is one of none, and no list has any of none.

```playbook wrong
use std.crm
fact near of Company is country is one of []
```

Name at least one:

```playbook right
use std.crm
fact near of Company is country is one of [NZ, AU]
```
"#,
};

/// The brackets.
pub(crate) fn diagnostic(file: FileId, span: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "the list is empty", file, span, "no values").help("name at least one value")
}
