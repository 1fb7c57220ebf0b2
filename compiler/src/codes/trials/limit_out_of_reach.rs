//! E1116: a limit that a figure is never, or always, on the right side of.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::{Figure, FileId};

pub(crate) static CODE: Code = Code {
    id: "E1116",
    name: "limit-out-of-reach",
    severity: Severity::Error,
    page: r#"
Figures lie between bounds: `auc` and `calibration_error` from 0 to 1, `r` from -1 to 1, `accuracy`, `coverage` and `conversion` from 0% to 100%;
`lift` and `decisions` are never below 0. What is expected beyond them can never hold; what is expected at the bound itself may never fail.

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
  of     fit
  expect auc at least 7
}
```

An `auc` of one half is what chance does, and one is without a mistake:

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
  expect auc at least 0.7
}
```
"#,
};

/// It can never hold, or never fail.
pub(crate) fn diagnostic(
    file: FileId,
    limit: Span,
    written: &str,
    figure: Figure,
    (low, high): (&str, Option<&str>),
    never: bool,
) -> Diagnostic {
    let (name, says) = (figure.name(), if never { "can never hold" } else { "can never fail" });
    let lies = match high {
        Some(high) => format!("`{name}` lies between {low} and {high}"),
        None => format!("`{name}` is never below {low}"),
    };
    Diagnostic::new(&CODE, format!("`{name} {written}` {says}"), file, limit, lies)
        .help("expect what might turn out otherwise")
}
