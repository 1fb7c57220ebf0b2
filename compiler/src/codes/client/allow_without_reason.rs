//! E0791: an `allow` that does not say why.

use language::Span;
use language::syntax::Name;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0791",
    name: "allow-without-reason",
    severity: Severity::Error,
    page: r#"
A comment allows a lint without saying why. Whoever reads the playbook next year has to know whether the reason still holds.

```playbook wrong
use std.crm
score fit for Contact {
  +10 when any email.opened in the last 7 days  // allow scored-email-opens
}
```

Write the reason behind it:

```playbook right
use std.crm
score fit for Contact {
  +10 when any email.opened in the last 7 days  // allow scored-email-opens because "our mail tool leaves out opens by machines"
}
```
"#,
};

/// The comment, and the lint that it allows.
pub(crate) fn diagnostic(file: FileId, span: Span, lint: &Name) -> Diagnostic {
    Diagnostic::new(&CODE, format!("nobody says why `{}` is allowed", lint.text), file, span, "no reason given")
        .help(format!("write `// allow {} because \"…\"`", lint.text))
}
