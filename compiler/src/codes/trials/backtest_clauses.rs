//! E1108: a back-test that could not fail.

use language::syntax::Text;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E1108",
    name: "backtest-clauses",
    severity: Severity::Error,
    page: r#"
A back-test says of which score it is and what that has to reach; otherwise it could never fail.

```playbook wrong
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
  of fit
}
```

Say what has to come out:

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
  judge  from 2026-01-01
  expect auc at least 0.70
}
```
"#,
};

/// It says no score.
pub(crate) fn of_nothing(file: FileId, title: &Text) -> Diagnostic {
    let headline = format!("backtest \"{}\" does not say of which score it is", title.value);
    Diagnostic::new(&CODE, headline, file, title.span, "of what?").help("name the score: `of icp`")
}

/// It says no figure.
pub(crate) fn expects_nothing(file: FileId, title: &Text) -> Diagnostic {
    let headline = format!("backtest \"{}\" expects nothing", title.value);
    Diagnostic::new(&CODE, headline, file, title.span, "cannot fail")
        .help("say what has to come out: `expect auc at least 0.70`")
}
