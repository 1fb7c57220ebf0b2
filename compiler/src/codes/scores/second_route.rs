//! E0409: a score with two routes.

use crate::checks::cards::Place;
use crate::diagnostics::{Code, Diagnostic, Severity};

pub(crate) static CODE: Code = Code {
    id: "E0409",
    name: "second-route",
    severity: Severity::Error,
    page: r#"
A score has two `route` blocks. It routes a record to one label, by the first line that holds.

```playbook wrong
use std.crm
score fit for Contact {
  +50 when country is "NZ"
  route {
    hot  when fit >= 40
    cold otherwise
  }
  route {
    near when country is "NZ"
    far  otherwise
  }
}
```

Write one route, or a second score:

```playbook right
use std.crm
score fit for Contact {
  +50 when country is "NZ"
  route {
    hot  when fit >= 40
    cold otherwise
  }
}
```
"#,
};

/// The second route and the first.
pub(crate) fn diagnostic(second: Place, first: Place, score: &str) -> Diagnostic {
    Diagnostic::new(&CODE, format!("score `{score}` has two routes"), second.file, second.span, "the second one")
        .label(first.file, first.span, "the first one")
        .help("write all lines into one `route`, or make the second a score of its own")
}
