//! E0417: an outcome that a score decides.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0417",
    name: "outcome-reads-score",
    severity: Severity::Error,
    page: r#"
What turned out good or bad is what the score is judged by. An outcome that reads a score would have it judged by itself.

```playbook wrong
use std.crm
score fit for Contact {
  +60 when country is NZ because "near"
  learn {
    good when fit >= 60
    bad  on deal.lost
  }
}
```

Name what happened, or a field that says it:

```playbook right
use std.crm
score fit for Contact {
  +60 when country is NZ because "near"
  learn {
    good when lifecycle_stage is customer
    bad  on deal.lost
  }
}
```
"#,
};

/// The condition.
pub(crate) fn diagnostic(file: FileId, span: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "a score is not judged by a score", file, span, "this reads one")
        .help("ask for a field, as in `converted is yes`, or name an event: `good on deal.won`")
}
