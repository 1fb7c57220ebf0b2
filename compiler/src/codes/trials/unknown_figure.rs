//! E1110: a figure that no back-test has.

use language::syntax::Name;
use smol_str::SmolStr;

use super::suggested;
use crate::diagnostics::{Code, Diagnostic, Edit, Severity};
use crate::program::{Figure, FileId};

pub(crate) static CODE: Code = Code {
    id: "E1110",
    name: "unknown-figure",
    severity: Severity::Error,
    page: r#"
A back-test has these figures: `auc` (how often a good one scores above a bad one), `r` (correlation of score and outcome), `accuracy` (share
routed rightly), `coverage` (share whose route is certain), `lift` and `conversion` of a route, `calibration_error` (mean distance of
foretold and real shares) and `decisions` (how many are decided). `certainly` asks it of the whole interval.

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
  expect precision at least 70%
}
```

Write one of them; `lift` and `conversion` are of a route:

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
  expect auc certainly at least 0.65
  expect conversion of hot at least 20%
}
```
"#,
};

/// No such figure.
pub(crate) fn diagnostic(file: FileId, name: &Name) -> Diagnostic {
    let headline = format!("a backtest has no figure `{}`", name.text);
    let found = Diagnostic::new(&CODE, headline, file, name.span, "not a figure");
    let known: Vec<&str> = Figure::ALL.iter().map(|(_, word)| *word).collect();
    suggested(found, (file, name.span), &name.text, &known)
}

/// Of a route that is not said.
pub(crate) fn of_which_route(file: FileId, name: &Name, labels: &[SmolStr]) -> Diagnostic {
    let headline = format!("it is not said which route's `{}` counts", name.text);
    let found = Diagnostic::new(&CODE, headline, file, name.span, "of which route?");
    match labels.first() {
        Some(label) => {
            let replacement = format!("{} of {label}", name.text);
            let edit = Edit { file, span: name.span, replacement: replacement.clone() };
            found.help(format!("write `{replacement}`")).fix(format!("write `{replacement}`"), false, vec![edit])
        }
        None => found.help("the score has no routes: give it a `route { … }`"),
    }
}

/// Of a route, and it is one of all.
pub(crate) fn of_no_route(file: FileId, name: &Name, of: &Name) -> Diagnostic {
    let headline = format!("`{}` is one figure for all, not one of `{}`", name.text, of.text);
    Diagnostic::new(&CODE, headline, file, of.span, "this would be ignored")
        .help(format!("leave `of {}` out; `lift` and `conversion` are of a route", of.text))
}
