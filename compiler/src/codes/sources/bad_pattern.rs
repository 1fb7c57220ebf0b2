//! E0511: a pattern that gives no day.

use language::syntax::Text;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0511",
    name: "bad-date-pattern",
    severity: Severity::Error,
    page: r#"
A pattern for dates or times has to name the year, the month and the day. `%Y` is the year, `%m` the month's number, `%b` its short name, `%d` the
day, `%H` the hour, `%M` the minute, `%S` the second, `%y` a year of two digits, `%p` AM or PM with `%I`.

```playbook wrong
use std.crm
source deals from csv "deals.csv" into Deal by external_id {
  external_id from "ID"
  close_date  from "Closes" as date "%d %b"
}
```

Name all three:

```playbook right
use std.crm
source deals from csv "deals.csv" into Deal by external_id {
  external_id from "ID"
  close_date  from "Closes" as date "%d %b %Y"
}
```
"#,
};

/// Why a pattern cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// It has a sign that means nothing.
    Unknown,
    /// It does not say which day.
    NoDay,
}

/// The pattern.
pub(crate) fn diagnostic(file: FileId, pattern: &Text, why: Why) -> Diagnostic {
    let (headline, label) = match why {
        Why::Unknown => (format!("the pattern \"{}\" cannot be read", pattern.value), "has a sign that means nothing"),
        Why::NoDay => {
            (format!("the pattern \"{}\" does not say which day", pattern.value), "year, month or day is missing")
        }
    };
    Diagnostic::new(&CODE, headline, file, pattern.span, label)
        .help("`%d/%m/%Y` reads 31/12/2026, `%d %b %Y` reads 31 Dec 2026, `%Y-%m-%d %H:%M` reads 2026-12-31 14:05")
}
