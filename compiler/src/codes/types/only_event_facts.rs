//! E0318: something in `where` that is not about the event.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0318",
    name: "only-event-facts",
    severity: Severity::Error,
    page: r#"
`where` says which of the events count, by their own facts. Other events, conversations, lists, and whether a fact is known, are asked for
beside it.

```playbook wrong
use std.crm
fact lost of Contact is any deal.lost where reason is missing
```

Ask for a fact of the event:

```playbook right
use std.crm
fact lost of Contact is any deal.lost where reason is "price"
```
"#,
};

/// Other events, or conversations.
pub(crate) fn events(file: FileId, span: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "`where` cannot ask for other events", file, span, "not a fact of the event")
        .help("ask for them beside it: `any … and any …`")
}

/// Whether a fact of the event is known.
pub(crate) fn known(file: FileId, span: Span, written: &str) -> Diagnostic {
    Diagnostic::new(
        &CODE,
        format!("`where` cannot ask whether `{written}` is missing"),
        file,
        span,
        "a fact of an event",
    )
    .note("an event whose fact is missing counts neither as one nor as none")
    .help("say what it has to be, or leave it out")
}

/// A list.
pub(crate) fn list(file: FileId, span: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "`where` cannot ask what a list has", file, span, "not a fact of the event")
        .help("ask for it beside it: `any … and … has …`")
}
