//! E1104: a chance beyond a hundred.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E1104",
    name: "bad-chance",
    severity: Severity::Error,
    page: r#"
How often something is done is so many times of a hundred.

```playbook wrong
client "Acme" {
  people founder "Founder"
}
use std.crm
source contacts from csv "contacts.csv" into Contact by email { email from "Email" }
scenario "first quarter" {
  leads 20 per week from "contacts.csv" for 8 weeks
  buyer replies to outreach 140% within 5 days
}
```

No more than 100%:

```playbook right
client "Acme" {
  people founder "Founder"
}
use std.crm
source contacts from csv "contacts.csv" into Contact by email { email from "Email" }
scenario "first quarter" {
  leads 20 per week from "contacts.csv" for 8 weeks
  buyer replies to outreach 14% within 5 days
}
```
"#,
};

/// As written.
pub(crate) fn diagnostic(file: FileId, span: Span, written: &str) -> Diagnostic {
    Diagnostic::new(&CODE, format!("nothing is done {written} of the time"), file, span, "more than every time")
        .help("write a percentage from 0% to 100%")
}
