//! E0443: a ceiling of nought or less.

use language::Fixed;
use language::Span;
use language::syntax::Rule;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0443",
    name: "ceiling-not-positive",
    severity: Severity::Error,
    page: r#"
The ceiling of a rule with `each` is how far its points can go, in the direction of their sign: `-5 each …, up to 15` takes at most 15.

```playbook wrong
use std.crm
score lively for Contact {
  -5 each email.bounced in the last 30 days, up to 0 because "cannot be reached"
}
```

Write how many points it can be at most, without a sign:

```playbook right
use std.crm
score lively for Contact {
  -5 each email.bounced in the last 30 days, up to 15 because "cannot be reached"
}
```
"#,
};

/// The ceiling and its rule.
pub(crate) fn diagnostic(file: FileId, span: Span, up_to: Fixed, rule: &Rule) -> Diagnostic {
    Diagnostic::new(&CODE, format!("a ceiling of {up_to} leaves nothing"), file, span, "nought or less")
        .label(file, rule.points_span, "the points have the sign")
        .help("write how many points it can be at most, without a sign")
}
