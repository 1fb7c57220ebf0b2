//! E0813: a time of day for what recurs after a span of time.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0813",
    name: "bad-schedule",
    severity: Severity::Error,
    page: r#"
A schedule counts a span of time and names a time of day: one of the two would never come.

```playbook wrong
use std.crm
workflow Greeting for Contact {
  start every 36 hours at 08:00 for contacts
  stage Hello { next Done after 2 days }
  end Done as greeted
}
```

Name the days, or leave the time of day out:

```playbook right
use std.crm
workflow Greeting for Contact {
  start every mon to fri at 08:00 for contacts
  stage Hello { next Done after 2 days }
  end Done as greeted
}
```
"#,
};

/// The time of day, and the span of time.
pub(crate) fn diagnostic(file: FileId, at: Span, rhythm: Span, written: &str) -> Diagnostic {
    Diagnostic::new(&CODE, format!("every `{written}` comes at no time of day of its own"), file, at, "a time of day …")
        .label(file, rhythm, "… of what is counted from the last time")
        .help("name the days, as in `every day at 08:00` or `every mon at 08:00`, or leave the time of day out")
}
