//! `points-without-because`: a rule that does not say why. Silent unless somebody asks for it.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "points-without-because",
    name: "points-without-because",
    severity: Severity::Note,
    page: r#"
A rule gives points and does not say why. The words behind `because` are what the evidence trail shows to the person who acts on the
score; without them it shows the condition as written.

This lint is silent unless somebody asks for it: `playbook check --ask points-without-because`.

```playbook wrong
use std.crm
score fit for Contact {
  +10 when country is "NZ"
}
```

Say why in words that a founder would read aloud:

```playbook right
use std.crm
score fit for Contact {
  +10 when country is "NZ" because "we can support their hours"
}
```
"#,
};

/// The rule.
pub(crate) fn diagnostic(file: FileId, span: Span, points: &str) -> Diagnostic {
    Diagnostic::new(&CODE, format!("a rule gives {points} points and does not say why"), file, span, "no `because`")
        .help("write `because \"…\"` behind it: the words for the evidence trail")
}
