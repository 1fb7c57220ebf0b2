//! E1114: a scenario that never ends.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E1114",
    name: "scenario-without-end",
    severity: Severity::Error,
    page: r#"
A scenario ends when its last lead has come in. One in which all come for ever would never be through.

```playbook wrong
client "Acme" {
  people founder "Founder"
}
use std.crm
source contacts from csv "contacts.csv" into Contact by email { email from "Email" }
scenario "first quarter" {
  leads 20 per week from "contacts.csv"
  buyer replies to outreach 14% within 5 days
}
```

Say for how long they come:

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

Beside a line that ends, another one may go on as long as the scenario does.
"#,
};

/// The scenario's title, and the clause of its first leads.
pub(crate) fn diagnostic(file: FileId, title: &str, leads: Span) -> Diagnostic {
    let headline = format!("scenario \"{title}\" never ends");
    Diagnostic::new(&CODE, headline, file, leads, "for how long do they come?").help("write `for 8 weeks` behind it")
}
