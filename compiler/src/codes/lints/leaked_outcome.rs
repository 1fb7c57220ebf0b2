//! `leaked-outcome`: a rule that reads what its score is judged by.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "leaked-outcome",
    name: "leaked-outcome",
    severity: Severity::Warning,
    page: r#"
A rule gives points for the very outcome by which its score learns and is judged. Over history such a score is always right; before the outcome,
when the score is needed, nobody knows it.

```playbook wrong
use std.crm
extend Contact { converted: yes/no? }
score fit for Contact {
  +60 when country is NZ     because "near"
  +40 when converted is yes  because "bought"
  learn {
    good when converted is yes
    bad  when converted is no
  }
}
```

Leave the rule out:

```playbook right
use std.crm
extend Contact { converted: yes/no? }
score fit for Contact {
  +60 when country is NZ because "near"
  learn {
    good when converted is yes
    bad  when converted is no
  }
}
```
"#,
};

/// The rule, and what it reads.
pub(crate) fn diagnostic(file: FileId, rule: Span, outcome: &str, score: &str) -> Diagnostic {
    let headline = format!("this rule reads `{outcome}`, by which `{score}` is judged");
    Diagnostic::new(&CODE, headline, file, rule, "known only afterwards")
        .help("leave it out: points are for what can be known before")
}
