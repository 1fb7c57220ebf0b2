//! `unused-declaration`: a declaration of the client's that nothing names.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "unused-declaration",
    name: "unused-declaration",
    severity: Severity::Warning,
    page: r#"
The client declares something that nothing names: a fact that no rule uses, phrases that nobody listens for, a field or an event
that no source fills and no rule reads. Often the name is misspelt where it was meant to be used.

```playbook wrong
use std.crm
phrases pain { "tender deadline" }
phrases authority { "i decide" }
score need for Contact {
  +10 when any conversation mentions pain
}
```

Use it, or leave it out:

```playbook right
use std.crm
phrases pain { "tender deadline" }
phrases authority { "i decide" }
score need for Contact {
  +10 when any conversation mentions pain
  +10 when any conversation mentions authority
}
```
"#,
};

/// What it is, `fact`, and its name.
pub(crate) fn diagnostic(file: FileId, span: Span, what: &str, name: &str) -> Diagnostic {
    let label = match what {
        "field" | "event" => "no source fills it and no rule reads it",
        _ => "declared here, named nowhere else",
    };
    let verb = if what == "phrases" { "are" } else { "is" };
    Diagnostic::new(&CODE, format!("{what} `{name}` {verb} never used"), file, span, label)
        .help("use it, or leave it out")
}
