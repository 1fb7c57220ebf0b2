//! E1005: an experiment that could teach nothing.

use language::Span;
use language::syntax::Name;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E1005",
    name: "experiment-clauses",
    severity: Severity::Error,
    page: r#"
An experiment tries at least two things, each named once, and says by which event their success is told.

```playbook wrong
use std.crm
use std.actions
experiment channel_mix {
  try      email
  success  reply.received within 10 days
}
```

```playbook right
use std.crm
use std.actions
experiment channel_mix {
  try      email, phone
  success  reply.received within 10 days
}
```
"#,
};

/// A clause that is there already.
pub(crate) fn twice(file: FileId, span: Span, clause: &str, first: (FileId, Span)) -> Diagnostic {
    Diagnostic::new(&CODE, format!("an experiment has one `{clause}`"), file, span, "a second one")
        .label(first.0, first.1, "the first one")
        .help("write one clause that says all")
}

/// Something tried twice.
pub(crate) fn arm_twice(file: FileId, arm: &Name, first: (FileId, Span)) -> Diagnostic {
    Diagnostic::new(&CODE, format!("`{}` is tried twice", arm.text), file, arm.span, "again here")
        .label(first.0, first.1, "first here")
        .help("leave one of them out")
}

/// Nothing to compare.
pub(crate) fn too_few((file, span): (FileId, Span), name: &str) -> Diagnostic {
    Diagnostic::new(
        &CODE,
        format!("experiment `{name}` has nothing to compare"),
        file,
        span,
        "fewer than two are tried",
    )
    .help("name two channels at least: `try email, phone`")
}

/// Nothing tells what worked.
pub(crate) fn no_success(file: FileId, name: &Name) -> Diagnostic {
    Diagnostic::new(
        &CODE,
        format!("experiment `{}` does not say what success is", name.text),
        file,
        name.span,
        "nothing tells which one worked",
    )
    .help("name the event that counts: `success reply.received within 10 days`")
}
