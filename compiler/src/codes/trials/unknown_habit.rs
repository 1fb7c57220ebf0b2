//! E1101: something that no person does in a scenario.

use language::syntax::Name;

use super::suggested;
use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E1101",
    name: "unknown-habit",
    severity: Severity::Error,
    page: r#"
In a scenario, people answer what the playbook asks of them: whoever `approves` says yes to what is to be approved, whoever `accepts`
takes over what is handed over, `rates` is for ratings and `adopts` for what a score has learned.

```playbook wrong
client "Acme" {
  people founder "Founder"
}
use std.crm
source contacts from csv "contacts.csv" into Contact by email { email from "Email" }
scenario "first quarter" {
  leads 20 per week from "contacts.csv" for 8 weeks
  founder sleeps 80% within 3 hours
}
```

Say how often they do one of these:

```playbook right
client "Acme" {
  people founder "Founder"
}
use std.crm
source contacts from csv "contacts.csv" into Contact by email { email from "Email" }
scenario "first quarter" {
  leads 20 per week from "contacts.csv" for 8 weeks
  founder approves 80% within 3 hours, at most 10 per day
}
```
"#,
};

/// What was written, and what people do.
pub(crate) fn diagnostic(file: FileId, act: &Name, known: &[&str]) -> Diagnostic {
    let headline = format!("nobody is asked whether they `{}`", act.text);
    let found = Diagnostic::new(&CODE, headline, file, act.span, "not what a person does here");
    suggested(found, (file, act.span), &act.text, known)
}
