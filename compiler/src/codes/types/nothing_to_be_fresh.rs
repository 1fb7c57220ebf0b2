//! E0325: `known in the last …` without a field.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0325",
    name: "nothing-to-be-fresh",
    severity: Severity::Error,
    page: r#"
`known in the last …` says how fresh the fields of a condition have to be, and there is no field in it. Events have a window: `in the last …`.

```playbook wrong
use std.crm
fact busy of Contact is count of page.viewed > 3 known in the last 30 days
```

Say how far back events count:

```playbook right
use std.crm
fact busy of Contact is count of page.viewed > 3 in the last 30 days
```
"#,
};

/// The window.
pub(crate) fn diagnostic(file: FileId, span: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "`known in the last …` has no field to apply to", file, span, "nothing here gets stale")
        .help("for events write `in the last …`; otherwise leave it out")
}
