//! E0109: a declaration or clause that needs a block and has none.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Edit, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0109",
    name: "missing-block",
    severity: Severity::Error,
    page: r#"
A declaration or clause needs a block in braces and has none.

```playbook wrong
phrases pain
```

Open the block on the same line:

```playbook right
phrases pain { "tender deadline" }
```
"#,
};

/// What needs the block: `a score`.
pub(super) fn diagnostic(file: FileId, span: Span, what: &str) -> Diagnostic {
    let edit = Edit { file, span: Span::new(span.end, span.end), replacement: " {".to_owned() };
    Diagnostic::new(
        &CODE,
        format!("the block of {what} is missing its `{{`"),
        file,
        span,
        "expected `{` at the end of this line",
    )
    .help("write `{` at the end of the line, and `}` on a line of its own where the block ends")
    .fix("write ` {`", false, vec![edit])
}
