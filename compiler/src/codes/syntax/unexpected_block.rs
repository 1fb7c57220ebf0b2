//! E0110: a block where none belongs.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0110",
    name: "unexpected-block",
    severity: Severity::Error,
    page: r#"
A clause has a block in braces where none belongs: a rule, for example, is one clause and holds no others.

```playbook wrong
use std.crm
score fit for Contact {
  +10 when country is "NZ" {
    because "near"
  }
}
```

Write it without the braces:

```playbook right
use std.crm
score fit for Contact {
  +10 when country is "NZ" because "near"
}
```
"#,
};

/// What has the block: `a rule`.
pub(super) fn diagnostic(file: FileId, span: Span, what: &str) -> Diagnostic {
    Diagnostic::new(&CODE, format!("{what} has no block"), file, span, "no braces belong here")
        .help("leave the braces out; what they hold belongs on the line itself, or after it")
}
