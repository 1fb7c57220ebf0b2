//! E1109: a back-test of a score that does not say what turned out good.

use language::Span;
use language::syntax::Name;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E1109",
    name: "learns-nothing",
    severity: Severity::Error,
    page: r#"
A back-test compares a score with what became of people. What was good and what was bad, the `learn` of the score says.

```playbook wrong
use std.crm
score fit for Contact {
  +60 when country is NZ because "near"
  route {
    hot when fit >= 60
    cold otherwise
  }
}
backtest "fit over the last year" {
  of     fit
  expect auc at least 0.70
}
```

Give the score a `learn`:

```playbook right
use std.crm
score fit for Contact {
  +60 when country is NZ because "near"
  route {
    hot when fit >= 60
    cold otherwise
  }
  learn {
    good on deal.won
    bad  on deal.lost
  }
}
backtest "fit over the last year" {
  of     fit
  expect auc at least 0.70
}
```
"#,
};

/// The name here, and where the score is declared.
pub(crate) fn diagnostic(file: FileId, name: &Name, declared: (FileId, Span)) -> Diagnostic {
    let headline = format!("score `{}` does not say what turned out good or bad", name.text);
    Diagnostic::new(&CODE, headline, file, name.span, "cannot be compared with anything")
        .label(declared.0, declared.1, "it has no `learn`")
        .help("add it to the score: `learn { good on deal.won … }`")
}
