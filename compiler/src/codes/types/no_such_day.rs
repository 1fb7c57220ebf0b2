//! E0316: a day or an hour that there is not.

use language::Span;
use language::syntax::{CalendarDate, ClockTime};

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0316",
    name: "no-such-day",
    severity: Severity::Error,
    page: r#"
A date names a day that is not in the calendar, or a time an hour that no clock shows.

```playbook wrong
use std.crm
fact late of Deal is close_date > 2026-02-30
```

Write a day that there is, year first:

```playbook right
use std.crm
fact late of Deal is close_date > 2026-02-28
```
"#,
};

/// A date as written.
pub(crate) fn date(file: FileId, date: CalendarDate) -> Diagnostic {
    let CalendarDate { year, month, day, span } = date;
    let label = match (year, month, day) {
        (..1900, _, _) => "before 1900",
        (_, 0 | 13.., _) => "months are 01 to 12",
        _ => "that month has fewer days",
    };
    Diagnostic::new(&CODE, format!("there is no day {year:04}-{month:02}-{day:02}"), file, span, label)
        .help("dates are written year, month, day: 2026-03-01")
}

/// A time of day as written.
pub(crate) fn clock(file: FileId, time: ClockTime) -> Diagnostic {
    Diagnostic::new(
        &CODE,
        format!("no clock shows {:02}:{:02}", time.hour, time.minute),
        file,
        time.span,
        "not a time of day",
    )
    .help("times go from 00:00 to 23:59")
}

/// A day that no instant can be made of.
pub(crate) fn out_of_reach(file: FileId, span: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "that time is too far away to calculate with", file, span, "out of reach")
        .help("write a year before 9999")
}
