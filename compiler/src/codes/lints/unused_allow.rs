//! `unused-allow`: a permission that nothing needs.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Edit, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "unused-allow",
    name: "unused-allow",
    severity: Severity::Warning,
    page: r#"
An `allow` switches off a lint that finds nothing there. Left in place, it would hide the next finding, which its reason is not about.

```playbook wrong
use std.crm
score fit for Contact {
  // allow scored-email-opens because "machines are filtered"
  +10 when any email.clicked in the last 7 days
}
```

Leave it out:

```playbook right
use std.crm
score fit for Contact {
  +10 when any email.clicked in the last 7 days
}
```

A comment allows a lint for the clause that it stands behind, or for the line below it; the client's `allow` is for all files.
"#,
};

/// The permission, and whether it is one for a line.
pub(crate) fn diagnostic(file: FileId, span: Span, lint: &str, of_line: bool) -> Diagnostic {
    let place = if of_line { "there is none on this line" } else { "there is none in this playbook" };
    Diagnostic::new(&CODE, format!("`{lint}` is allowed, and nothing needs it"), file, span, place)
        .help("leave it out")
        .fix("leave it out", true, vec![Edit { file, span, replacement: String::new() }])
}
