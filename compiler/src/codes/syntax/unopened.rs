//! E0103: a closing bracket that nothing opened.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Edit, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0103",
    name: "unopened",
    severity: Severity::Error,
    page: r#"
A `}`, `]` or `)` closes what nothing opened: it is one too many, or its partner is missing further up.

```playbook wrong
phrases pain { "tender deadline" } }
```

Leave it out, or write its partner:

```playbook right
phrases pain { "tender deadline" }
```
"#,
};

/// The bracket.
pub(super) fn diagnostic(file: FileId, span: Span, bracket: char) -> Diagnostic {
    let partner = match bracket {
        ']' => '[',
        ')' => '(',
        _ => '{',
    };
    let edit = Edit { file, span, replacement: String::new() };
    Diagnostic::new(
        &CODE,
        format!("a `{bracket}` closes nothing"),
        file,
        span,
        format!("there is no `{partner}` before it"),
    )
    .help(format!("leave it out, or write the `{partner}` that it closes"))
    .fix("leave it out", false, vec![edit])
}
