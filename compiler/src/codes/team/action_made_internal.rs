//! E0903: an external action of the standard library declared again as internal.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Edit, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0903",
    name: "action-made-internal",
    severity: Severity::Error,
    page: r#"
A client may declare an action of the standard library again, to say what it costs. It cannot take back that the action is external:
an external action reaches a person or spends money, and that is why a person approves each one.

```playbook wrong
use std.actions
action send email internal
```

Keep it external:

```playbook right
use std.actions
action send email external
```
"#,
};

/// Where it says `internal`, the action, and where the standard library declares it.
pub(crate) fn diagnostic(file: FileId, span: Span, name: &str, first: (FileId, Span)) -> Diagnostic {
    let edit = Edit { file, span, replacement: "external".to_owned() };
    Diagnostic::new(
        &CODE,
        format!("`{name}` cannot be made internal"),
        file,
        span,
        "it reaches a person or spends money",
    )
    .label(first.0, first.1, "external here")
    .note("an external action needs a person's approval, and no playbook may go around that")
    .help("write `external`")
    .fix("write `external`", false, vec![edit])
}
