//! E0314: a number that has to be whole, or lies out of reach.

use language::Fixed;
use language::Span;
use language::syntax::DurationLiteral;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0314",
    name: "not-a-whole-number",
    severity: Severity::Error,
    page: r#"
Something is counted here, so the number has to be whole, and within reach: `at least 2`, `in the last 30 days`.

```playbook wrong
use std.crm
fact curious of Contact is at least 2.5 page.viewed in the last 7 days
```

Write a whole number:

```playbook right
use std.crm
fact curious of Contact is at least 3 page.viewed in the last 7 days
```
"#,
};

/// So many events can be counted.
pub(crate) const MOST_EVENTS: u32 = 1_000_000_000;

/// The number and its bounds.
pub(crate) fn diagnostic(file: FileId, span: Span, value: Fixed, least: u32, most: u32) -> Diagnostic {
    let whole = value.0 % language::SCALE == 0;
    let (headline, label) = if !whole {
        (format!("{value} is not a whole number"), "counted in whole numbers")
    } else if value < Fixed::from_integer(i64::from(least)) {
        (format!("{value} is too few: {least} is the least"), "too few")
    } else {
        (format!("{value} is too many: {most} is the most"), "too many")
    };
    let help = if most < MOST_EVENTS {
        format!("write a whole number from {least} to {most}")
    } else {
        format!("write a whole number from {least} on")
    };
    Diagnostic::new(&CODE, headline, file, span, label).help(help)
}

/// Business weeks and longer.
pub(crate) fn business(file: FileId, duration: &DurationLiteral) -> Diagnostic {
    Diagnostic::new(
        &CODE,
        "business time is counted in minutes, hours and days",
        file,
        duration.span,
        "longer than a day",
    )
    .help("a business week is most often `5 business days`")
}
