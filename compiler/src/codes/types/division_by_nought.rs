//! E0324: a division by nought.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0324",
    name: "division-by-nought",
    severity: Severity::Error,
    page: r#"
A value is divided by nought, and that has no result.

```playbook wrong
use std.crm
fact share of Company is employees / 0 > 1
```

Divide by something:

```playbook right
use std.crm
fact share of Company is employees / 10 > 1
```
"#,
};

/// The divisor.
pub(crate) fn diagnostic(file: FileId, span: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "nothing can be divided by nought", file, span, "nought").help("divide by another number")
}
