//! E0209: a refinement of fields, which others rely on.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0209",
    name: "fields-not-refined",
    severity: Severity::Error,
    page: r#"
The fields of a record and the facts of an event are what sources fill and others read, so they are not replaced. A client adds fields to a
record with `extend`, and declares events of its own.

```playbook wrong
use std.crm
refine entity Contact { country: number? }
```

Add a field:

```playbook right
use std.crm
extend Contact { country_code: number? }
score near for Contact {
  +10 when country_code is 64 because "near"
}
```
"#,
};

/// Of a record.
pub(crate) fn entity(file: FileId, span: Span, name: &str) -> Diagnostic {
    Diagnostic::new(&CODE, format!("the fields of `{name}` are not refined"), file, span, "nothing would apply this")
        .help(format!("add fields with `extend {name} {{ … }}`"))
}

/// Of an event.
pub(crate) fn event(file: FileId, span: Span, name: &str) -> Diagnostic {
    Diagnostic::new(&CODE, format!("the facts of `{name}` are not refined"), file, span, "nothing would apply this")
        .help("declare an event of your own: `event quiz.completed { … }`")
}
