//! E0407: a rule that can never fire.

use crate::checks::cards::Place;
use crate::diagnostics::{Code, Diagnostic, Severity};

pub(crate) static CODE: Code = Code {
    id: "E0407",
    name: "dead-rule",
    severity: Severity::Error,
    page: r#"
A rule's condition can never be true, whatever the facts, so that its points are never given.

```playbook wrong
use std.crm
score fit for Company {
  +20 when employees > 250 and employees < 50
}
```

Change the condition. Often `or` is meant where `and` stands, or two bounds were exchanged:

```playbook right
use std.crm
score fit for Company {
  +20 when employees > 250 or employees < 50
}
```
"#,
};

/// The condition, the points, and why it is never true.
pub(crate) fn diagnostic(condition: Place, points: &str, why: &str) -> Diagnostic {
    Diagnostic::new(
        &CODE,
        format!("these {points} points can never be given"),
        condition.file,
        condition.span,
        why.to_owned(),
    )
    .help("change the condition, or leave the rule out")
}
