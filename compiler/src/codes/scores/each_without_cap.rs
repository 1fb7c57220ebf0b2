//! E0441: points for each event without a ceiling.

use language::Span;
use language::syntax::Rule;

use crate::diagnostics::{Code, Diagnostic, Edit, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0441",
    name: "each-without-cap",
    severity: Severity::Error,
    page: r#"
A rule gives points for each event and says not how many at most. One person who clicks all day would outweigh everything else.

```playbook wrong
use std.crm
score lively for Contact {
  +5 each email.clicked in the last 30 days because "wants to know more"
}
```

Say how many points it can bring:

```playbook right
use std.crm
score lively for Contact {
  +5 each email.clicked in the last 30 days, up to 20 because "wants to know more"
}
```
"#,
};

/// The rule, where its events end, and its points as written.
pub(crate) fn diagnostic(file: FileId, rule: &Rule, end: u32, points: &str) -> Diagnostic {
    let ceiling = language::Fixed(rule.points.0.saturating_abs().saturating_mul(3));
    let headline = "a rule with `each` has to say how many points it can bring";
    let replacement = format!(", up to {ceiling}");
    let edit = Edit { file, span: Span::new(end, end), replacement: replacement.clone() };
    Diagnostic::new(&CODE, headline, file, rule.span, format!("{points} for every one of them"))
        .help(format!("say it behind the events: `{replacement}`"))
        .fix(format!("write `{replacement}`"), false, vec![edit])
}
