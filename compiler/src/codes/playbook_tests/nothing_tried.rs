//! E0607: a test that expects a decision about nothing, or tries something and expects none.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0607",
    name: "nothing-tried",
    severity: Severity::Error,
    page: r#"
A test of who may act tries one thing, `when AGENT tries ACT`, and expects that it is `allowed` or `denied`. People have approved it: what
is asked is whether the agent may, and whether another one goes first.

```playbook wrong
use std.crm
test "nobody tries" {
  given contact { city: "Napier" }
  expect denied
}
```

```playbook right
use std.crm
use std.actions
agent Writer { hands "drafts" to human }
test "nobody has allowed it" {
  given contact { city: "Napier" }
  when Writer tries send message
  expect denied
}
```
"#,
};

/// An expectation of what nobody tries.
pub(crate) fn diagnostic(file: FileId, span: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "nobody tries anything here", file, span, "a decision about what?")
        .help("say who tries what: `when LeadGen tries send message`")
}

/// Something tried, and nothing expected of it.
pub(crate) fn nothing_decided(file: FileId, span: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "this test does not say what comes of it", file, span, "tried here")
        .help("write `expect allowed`, or `expect denied because \"…\"`")
}

/// A second attempt.
pub(crate) fn twice(file: FileId, span: Span, first: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "a test tries one thing", file, span, "a second one")
        .label(file, first, "the first one")
        .help("write two tests")
}

/// `expect allowed because …`
pub(crate) fn allowed_because(file: FileId, span: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "nothing gives a reason for what is allowed", file, span, "no line says this")
        .help("leave the reason out")
}
