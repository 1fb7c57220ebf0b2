//! E1106: a scenario in which nobody comes in.

use language::syntax::Text;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E1106",
    name: "nobody-comes",
    severity: Severity::Error,
    page: r#"
A scenario plays what happens to those who come in. Without leads nothing does.

```playbook wrong
client "Acme" {
  people founder "Founder"
}
use std.crm
source contacts from csv "contacts.csv" into Contact by email { email from "Email" }
scenario "first quarter" {
  buyer replies to outreach 14% within 5 days
}
```

Say who comes in, from which file, and for how long:

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

/// The scenario's title.
pub(crate) fn diagnostic(file: FileId, title: &Text) -> Diagnostic {
    let headline = format!("nobody comes into scenario \"{}\"", title.value);
    Diagnostic::new(&CODE, headline, file, title.span, "nothing can happen")
        .help("say who does: `leads 20 per week from \"contacts.csv\" for 8 weeks`")
}
