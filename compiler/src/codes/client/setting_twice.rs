//! E0704: a setting of the client that is there twice.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0704",
    name: "setting-twice",
    severity: Severity::Error,
    page: r#"
The client says one of its settings twice, or gives one role to two people.

```playbook wrong
client "Acme" {
  currency NZD
  currency AUD
}
```

Keep one:

```playbook right
client "Acme" {
  currency NZD
}
```
"#,
};

/// The setting or role, and where it is first.
pub(crate) fn diagnostic(file: FileId, what: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::new(&CODE, format!("`{what}` is said twice"), file, span, "again here")
        .label(file, first, "first here")
        .help("keep one of them")
}
