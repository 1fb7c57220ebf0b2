//! E0104: a closing bracket of another kind than the one open.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Edit, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0104",
    name: "mismatched",
    severity: Severity::Error,
    page: r#"
A bracket is closed by one of another kind: a `[` by a `)`, for example.

```playbook wrong
use std.crm
score fit for Contact {
  +10 when country is one of ["NZ", "AU")
}
```

Close it by its own kind:

```playbook right
use std.crm
score fit for Contact {
  +10 when country is one of ["NZ", "AU"]
}
```
"#,
};

/// The bracket found, and the one that is open.
pub(super) fn diagnostic(file: FileId, span: Span, found: char, open: char, open_span: Span) -> Diagnostic {
    let partner = match open {
        '[' => ']',
        '(' => ')',
        _ => '}',
    };
    let edit = Edit { file, span, replacement: partner.to_string() };
    Diagnostic::new(&CODE, format!("a `{open}` is closed by a `{found}`"), file, span, format!("expected `{partner}`"))
        .label(file, open_span, format!("this `{open}` is open"))
        .help(format!("write `{partner}`, or close the `{open}` before this"))
        .fix(format!("write `{partner}`"), false, vec![edit])
}
