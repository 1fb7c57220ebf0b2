//! E0408: two rules of a layer with the same condition.

use crate::checks::cards::Place;
use crate::diagnostics::{Code, Diagnostic, Severity};

pub(crate) static CODE: Code = Code {
    id: "E0408",
    name: "duplicate-rule",
    severity: Severity::Error,
    page: r#"
Two rules of one layer have the same condition: they always fire together. Either one was copied and not changed, or the two
contradict each other.

```playbook wrong
use std.crm
score fit for Company {
  +20 when employees > 250
  -20 when employees > 250
}
```

Change the condition of one, or keep one of them:

```playbook right
use std.crm
score fit for Company {
  +20 when employees > 250
  -20 when employees < 10
}
```
"#,
};

/// The second rule and the first, their points, and whether they go against each other.
pub(crate) fn diagnostic(
    second: Place,
    first: Place,
    first_points: &str,
    second_points: &str,
    against: bool,
) -> Diagnostic {
    let headline = if against {
        format!("one condition gives {first_points} and {second_points} points")
    } else {
        format!("one condition gives points twice: {first_points} and {second_points}")
    };
    Diagnostic::new(&CODE, headline, second.file, second.span, "the same condition again")
        .label(first.file, first.span, "first here")
        .help("change one of the conditions, or keep one of the rules")
}

/// The same, where the two are written differently.
pub(crate) fn in_other_words(
    second: Place,
    first: Place,
    first_points: &str,
    second_points: &str,
    against: bool,
) -> Diagnostic {
    let mut diagnostic = diagnostic(second, first, first_points, second_points, against);
    diagnostic.primary.text = "the same condition in other words".to_owned();
    diagnostic
}
