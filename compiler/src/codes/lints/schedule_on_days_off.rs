//! `schedule-on-days-off`: a workflow that starts only on days on which nobody works.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "schedule-on-days-off",
    name: "schedule-on-days-off",
    severity: Severity::Warning,
    page: r#"
A workflow starts on days that are none of the client's business days: whatever it asks or hands over waits until somebody is back, and
time limits in calendar time run meanwhile.

```playbook wrong
client "Example" {
  currency NZD
  timezone "Pacific/Auckland"
  hours    mon to fri, 09:00 to 17:00
}
use std.crm
workflow Looking for Contact by human {
  start every sat to sun at 09:00 for contacts where email is known
  stage Reading { next Out after 5 business days }
  end Out as read
}
```

Start it on a business day, or say why not, `// allow schedule-on-days-off because "…"`:

```playbook right
client "Example" {
  currency NZD
  timezone "Pacific/Auckland"
  hours    mon to fri, 09:00 to 17:00
}
use std.crm
workflow Looking for Contact by human {
  start every mon at 09:00 for contacts where email is known
  stage Reading { next Out after 5 business days }
  end Out as read
}
```
"#,
};

/// The start.
pub(crate) fn diagnostic(file: FileId, span: Span) -> Diagnostic {
    Diagnostic::new(
        &CODE,
        "this starts only on days off",
        file,
        span,
        "none of these is one of the client's business days",
    )
    .help("start it on a day on which somebody works, see `hours` of the client")
}
