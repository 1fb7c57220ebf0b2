//! E0304: a month or a business day compared with fixed time.

use language::syntax::{DurationLiteral, DurationUnit};

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0304",
    name: "months-and-days",
    severity: Severity::Error,
    page: r#"
Months and years have no fixed length, and business hours none in hours of the clock, so they cannot be compared or calculated with
durations. They can be looked back over: `in the last 2 months`, `in the last 5 business days`.

```playbook wrong
use std.crm
fact slow of Contact is median reply.delay > 1 month
```

Write days, hours or minutes:

```playbook right
use std.crm
fact slow of Contact is median reply.delay > 30 days
```
"#,
};

/// The duration, as written.
pub(crate) fn diagnostic(file: FileId, duration: &DurationLiteral, written: &str) -> Diagnostic {
    let amount = duration.amount;
    let times = |days| amount.times(language::Fixed::from_integer(days));
    let (why, label, instead) = match (duration.business, duration.unit) {
        (true, _) => (
            "business time stands still overnight, so it is no number of hours".to_owned(),
            "business time",
            format!("write hours of the clock, or look back with `in the last {written}`"),
        ),
        (false, DurationUnit::Year) => {
            ("a year has 365 or 366 days".to_owned(), "years", format!("write days: `{} days`", times(365)))
        }
        (false, _) => ("a month has 28 to 31 days".to_owned(), "months", format!("write days: `{} days`", times(30))),
    };
    Diagnostic::new(&CODE, format!("`{written}` has no fixed length to calculate with"), file, duration.span, label)
        .note(why)
        .help(instead)
}
