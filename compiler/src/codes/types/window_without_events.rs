//! E0313: `in the last …` where nothing happens in time.

use language::Span;
use language::syntax::Window;

use crate::diagnostics::{Code, Diagnostic, Edit, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0313",
    name: "window-without-events",
    severity: Severity::Error,
    page: r#"
`in the last …` says how far back events count, and there are none in the condition that it could apply to. A field has no window: it is what
it is now. How fresh it has to be is said with `known in the last …`. A fact has its windows where it is declared.

```playbook wrong
use std.crm
fact large of Company is employees > 20 in the last 30 days
```

Leave it out, or say how fresh the field has to be:

```playbook right
use std.crm
fact large of Company is employees > 20 known in the last 90 days
```
"#,
};

/// A window at a term.
pub(crate) fn diagnostic(file: FileId, window: Span, term: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "`in the last …` has no events to apply to", file, window, "looks back over nothing")
        .label(file, term, "has no events without a window of their own")
        .help("leave it out")
}

/// A window at the end of a predicate; `fields` where the predicate asks for some.
pub(crate) fn predicate(file: FileId, window: &Window, judged: Span, fields: bool) -> Diagnostic {
    let found = Diagnostic::new(
        &CODE,
        "`in the last …` has no events to apply to",
        file,
        window.span,
        "looks back over nothing",
    )
    .label(file, judged, "has no events without a window of their own");
    if fields {
        let edit =
            Edit { file, span: Span::new(window.span.start, window.span.start), replacement: "known ".to_owned() };
        found
            .note("a field is what it is now; a fact has its windows where it is declared")
            .help("leave it out, or say how fresh the field has to be: `known in the last …`")
            .fix("write `known in the last …`", false, vec![edit])
    } else {
        found.note("a fact has its windows where it is declared").help("leave it out")
    }
}
