//! E0837: a goal that measures what never happens.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0837",
    name: "nothing-to-measure",
    severity: Severity::Error,
    page: r#"
A goal counts something that no workflow brings about and no source reports: it stays at nought whatever is done. Perhaps a workflow was
renamed or left out, or an action's cost was never said.

```playbook wrong
use std.crm
source visits from csv "visits.csv" into page.viewed {
  reports page.viewed since 2026-03-01
  contact from "Email" lookup Contact by email
  at      from "When"
  path    from "Page"
}
workflow Inviting for Contact {
  start on contact.created
  stage Waiting {
    next Comes on meeting.attended
    next Left  after 14 days
  }
  end Comes as guest
  end Left  as left
}
goal guests "they introduce others" at least 3 per month of stakeholder.introduced
```

Measure what happens, or let it happen: a source that `reports` it, a workflow that starts on it or waits for it.

```playbook right
use std.crm
source visits from csv "visits.csv" into page.viewed {
  reports page.viewed since 2026-03-01
  contact from "Email" lookup Contact by email
  at      from "When"
  path    from "Page"
}
workflow Inviting for Contact {
  start on contact.created
  stage Waiting {
    next Comes on meeting.attended
    next Left  after 14 days
  }
  end Comes as guest
  end Left  as left
}
goal guests "they come" at least 3 per month of meeting.attended
```
"#,
};

/// The goal's title, and why nothing is counted.
pub(crate) fn diagnostic(file: FileId, title: Span, why: &str) -> Diagnostic {
    Diagnostic::new(&CODE, "this goal measures what never happens", file, title, why)
        .help("measure something that happens, or let it happen")
}
