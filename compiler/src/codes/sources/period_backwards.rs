//! E0512: a period that ends before it begins.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0512",
    name: "period-backwards",
    severity: Severity::Error,
    page: r#"
A source reports events until a day before the day since which it does.

```playbook wrong
use std.crm
source visits from csv "visits.csv" into page.viewed {
  reports page.viewed since 2026-06-30 until 2026-03-01
  contact from "Email" lookup Contact by email
  at      from "When"
  path    from "Page"
}
```

Write the earlier day first:

```playbook right
use std.crm
source visits from csv "visits.csv" into page.viewed {
  reports page.viewed since 2026-03-01 until 2026-06-30
  contact from "Email" lookup Contact by email
  at      from "When"
  path    from "Page"
}
```
"#,
};

/// The clause, and the places of both days.
pub(crate) fn diagnostic(file: FileId, clause: Span, days: (Span, Option<Span>)) -> Diagnostic {
    let until = days.1.unwrap_or(clause);
    Diagnostic::new(&CODE, "the period ends before it begins", file, until, "ends here")
        .label(file, days.0, "begins here")
        .help("write the earlier day behind `since`")
}
