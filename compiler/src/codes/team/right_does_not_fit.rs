//! E0906: a right that means nothing for what its row is about.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0906",
    name: "right-does-not-fit",
    severity: Severity::Error,
    page: r#"
Records and their fields are read, written and created; actions are done, and an external one only once a person has been asked:

- a record kind: `read`, `write`, `create`; of Activity also `write PURPOSE`, such ones only
- a field or a score: `read`, `write`; to write a score is to ask for it to be computed
- an external action, `spend`: `ask human`, or somebody of the client's `people`
- an internal action: `write` (may do it), or `ask human`

```playbook wrong
use std.actions
agent Researcher { hands "prospect list" to human }

permissions {
  |       | Researcher |
  | send  | write      |
}
```

```playbook right
use std.actions
agent Researcher { hands "prospect list" to human }

permissions {
  |       | Researcher |
  | send  | ask human  |
}
```
"#,
};

/// What the row is about, in words, and what can be done with it.
pub(crate) fn diagnostic(
    file: FileId,
    span: Span,
    (right, about, kind): (&str, &str, &str),
    row: Span,
    possible: &str,
) -> Diagnostic {
    Diagnostic::new(&CODE, format!("`{right}` says nothing about `{about}`"), file, span, "does not fit this row")
        .label(file, row, kind)
        .help(format!("write {possible}, or leave the cell empty"))
}
