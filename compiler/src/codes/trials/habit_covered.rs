//! E1102: a line about a person that another line answers before.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E1102",
    name: "habit-covered",
    severity: Severity::Error,
    page: r#"
Of several lines about people, the first that fits the person and the question counts. A line that an earlier one covers never does.

```playbook wrong
client "Acme" {
  people founder "Founder"
}
use std.crm
source contacts from csv "contacts.csv" into Contact by email { email from "Email" }
scenario "first quarter" {
  leads 20 per week from "contacts.csv" for 8 weeks
  human approves 80% within 3 hours
  founder approves 95% within 1 hour
}
```

Write who is an exception first:

```playbook right
client "Acme" {
  people founder "Founder"
}
use std.crm
source contacts from csv "contacts.csv" into Contact by email { email from "Email" }
scenario "first quarter" {
  leads 20 per week from "contacts.csv" for 8 weeks
  founder approves 95% within 1 hour
  human approves 80% within 3 hours
}
```
"#,
};

/// The line, and the one before it.
pub(crate) fn diagnostic(file: FileId, span: Span, first: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "this line never counts", file, span, "answered by an earlier line")
        .label(file, first, "the first line that fits counts")
        .help("move it up, or leave it out")
}
