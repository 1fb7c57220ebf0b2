//! E1107: a goal that a scenario names and nothing declares.

use language::syntax::Name;
use smol_str::SmolStr;

use super::suggested;
use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E1107",
    name: "unknown-goal",
    severity: Severity::Error,
    page: r#"
A scenario expects a goal to be reached, and names it by the name that its declaration gives it.

```playbook wrong
client "Acme" {
  people founder "Founder"
}
use std.crm
source contacts from csv "contacts.csv" into Contact by email { email from "Email" }
goal O1 "wins" at least 2 per month of deal.won
scenario "first quarter" {
  leads 20 per week from "contacts.csv" for 8 weeks
  expect O2 in at least 80% of seeds
}
```

Write the goal as it is declared:

```playbook right
client "Acme" {
  people founder "Founder"
}
use std.crm
source contacts from csv "contacts.csv" into Contact by email { email from "Email" }
goal O1 "wins" at least 2 per month of deal.won
scenario "first quarter" {
  leads 20 per week from "contacts.csv" for 8 weeks
  expect O1 in at least 80% of seeds
}
```
"#,
};

/// The name, and the names of goals.
pub(crate) fn diagnostic(file: FileId, name: &Name, known: &[SmolStr]) -> Diagnostic {
    let found =
        Diagnostic::new(&CODE, format!("there is no goal `{}`", name.text), file, name.span, "not the name of a goal");
    if known.is_empty() {
        return found.help(format!("declare it: `goal {} \"in words\" at least 2 per month of deal.won`", name.text));
    }
    let known: Vec<&str> = known.iter().map(SmolStr::as_str).collect();
    suggested(found, (file, name.span), &name.text, &known)
}
