//! `unreached-line`: a line of a route that the points, as they are, never add up to. Silent unless somebody asks for it.

use crate::checks::cards::Place;
use crate::diagnostics::{Code, Diagnostic, Severity};

pub(crate) static CODE: Code = Code {
    id: "unreached-line",
    name: "unreached-line",
    severity: Severity::Note,
    page: r#"
A line of a route lies between two sums that the points of the rules can add up to, so that today nobody comes to it. Another rule, or
other points, may change that, which is why it is no error.

This lint is silent unless somebody asks for it: `playbook check --ask unreached-line`.

```playbook wrong
use std.crm
score fit for Contact {
  +80 when country is "NZ"
  route {
    hot  when fit >= 80
    warm when fit >= 40
    cold otherwise
  }
}
```

The score is 0 or 80. Give points for what lies between, or leave the line out:

```playbook right
use std.crm
score fit for Contact {
  +80 when country is "NZ"
  +50 when country is "AU"
  route {
    hot  when fit >= 80
    warm when fit >= 40
    cold otherwise
  }
}
```
"#,
};

/// The line, its label, and the score.
pub(crate) fn diagnostic(line: Place, label: &str, score: &str) -> Diagnostic {
    let headline = format!("no points of `{score}` add up to what `{label}` asks for");
    Diagnostic::new(&CODE, headline, line.file, line.span, "with the rules as they are, nobody comes here")
        .help("give points for what lies between, or leave the line out")
}
