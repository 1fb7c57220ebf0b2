//! E0444: a half-life without a fixed length.

use language::syntax::{DurationLiteral, DurationUnit};

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0444",
    name: "half-life-not-fixed",
    severity: Severity::Error,
    page: r#"
Points fade by half every so many days. A month has 28 to 31 of them, and business time stands still overnight, so neither is a half-life.

```playbook wrong
use std.crm
score lively for Contact {
  layer week fading by half every 1 month {
    +50 when any page.viewed in the last 30 days because "looks around"
  }
}
```

Write days, or weeks:

```playbook right
use std.crm
score lively for Contact {
  layer week fading by half every 30 days {
    +50 when any page.viewed in the last 30 days because "looks around"
  }
}
```
"#,
};

/// The duration, as written.
pub(crate) fn diagnostic(file: FileId, duration: &DurationLiteral, written: &str, what: &str) -> Diagnostic {
    let days = |days| duration.amount.times(language::Fixed::from_integer(days));
    let help = match (duration.business, duration.unit) {
        (false, DurationUnit::Month) => format!("write days: `{} days`", days(30)),
        (false, DurationUnit::Year) => format!("write days: `{} days`", days(365)),
        _ => "write days of the calendar".to_owned(),
    };
    Diagnostic::new(
        &CODE,
        format!("{what} cannot fade by half every {written}"),
        file,
        duration.span,
        "has no fixed length",
    )
    .help(help)
}

/// Nought.
pub(crate) fn nought(file: FileId, duration: &DurationLiteral, what: &str) -> Diagnostic {
    Diagnostic::new(&CODE, format!("{what} cannot fade at once"), file, duration.span, "no time at all")
        .help("write how long it takes until half of them are gone, as in `21 days`")
}
