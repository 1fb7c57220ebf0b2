//! E0225: a route that a score has not.

use language::Span;
use smol_str::SmolStr;

use crate::codes::words;
use crate::diagnostics::{Code, Diagnostic, Edit, Severity};
use crate::nearest::nearest;
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0225",
    name: "unknown-route",
    severity: Severity::Error,
    page: r#"
A score is asked for a route that it has not: the words after `is` are the labels of its `route` block.

```playbook wrong
use std.crm
score fit for Contact {
  +60 when company.employees > 20 because "large enough"
  route {
    hot  when fit >= 50
    cold otherwise
  }
}
fact promising of Contact is fit is warm
```

Ask for a route that the score has:

```playbook right
use std.crm
score fit for Contact {
  +60 when company.employees > 20 because "large enough"
  route {
    hot  when fit >= 50
    cold otherwise
  }
}
fact promising of Contact is fit is hot
```
"#,
};

/// The label, the score's name, and its routes.
pub(crate) fn diagnostic(file: FileId, span: Span, label: &str, score: &str, known: &[SmolStr]) -> Diagnostic {
    if known.is_empty() {
        return Diagnostic::new(
            &CODE,
            format!("`{score}` routes nothing"),
            file,
            span,
            "a score without `route` has no such answer",
        )
        .help("compare its points, as in `>= 70`, or give the score a `route { … }`");
    }
    let found =
        Diagnostic::new(&CODE, format!("`{score}` has no route `{label}`"), file, span, "not one of its routes");
    let found = match nearest(label, known.iter().map(SmolStr::as_str)) {
        Some(meant) => {
            let edit = Edit { file, span, replacement: meant.to_owned() };
            found.help(format!("did you mean `{meant}`?")).fix(format!("write `{meant}`"), false, vec![edit])
        }
        None => found,
    };
    found.note(format!("it routes to {}", words::list(known, "or", 8)))
}
