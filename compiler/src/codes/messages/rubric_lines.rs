//! E1008: a rubric whose lines tell nothing apart.

use language::Span;
use language::syntax::Name;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::{FileId, Fixed};

pub(crate) static CODE: Code = Code {
    id: "E1008",
    name: "rubric-lines",
    severity: Severity::Error,
    page: r#"
A rubric is a scale: two lines at least, each with points of its own, so that a rating says which line it was.

```playbook wrong
rubric tone from message {
  5 "plain words"
  5 "their words"
  0 "praises itself"
}
```

```playbook right
rubric tone from message {
  10 "their words"
  5  "plain words"
  0  "praises itself"
}
```
"#,
};

/// Two lines with the same points.
pub(crate) fn twice(file: FileId, span: Span, points: Fixed, first: (FileId, Span)) -> Diagnostic {
    Diagnostic::new(&CODE, format!("two lines give {points} points"), file, span, "again here")
        .label(first.0, first.1, "first here")
        .help("give one of them other points, or write one line that says both")
}

/// One line, or none.
pub(crate) fn too_few(file: FileId, name: &Name) -> Diagnostic {
    Diagnostic::new(
        &CODE,
        format!("rubric `{}` tells nothing apart", name.text),
        file,
        name.span,
        "it has fewer than two lines",
    )
    .help("write what earns how many points, a line each: `5 \"names the pain with a number\"`")
}
