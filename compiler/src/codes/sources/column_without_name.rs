//! E0515: a header that is empty.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0515",
    name: "column-without-name",
    severity: Severity::Error,
    page: r#"
A source reads a column whose header is empty: no file could be asked for it.

```playbook wrong
use std.crm
source leads from csv "leads.csv" into Contact by email {
  email from ""
}
```

Write the header as the file has it:

```playbook right
use std.crm
source leads from csv "leads.csv" into Contact by email {
  email from "Email"
}
```
"#,
};

/// The empty header.
pub(crate) fn diagnostic(file: FileId, span: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "a column is found by its header, and this one is empty", file, span, "empty")
        .help("write the header as the first line of the file has it")
}
