//! E1115: two scenarios, or two back-tests, of one title.

use language::syntax::Text;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::{FileId, Origin};

pub(crate) static CODE: Code = Code {
    id: "E1115",
    name: "title-twice",
    severity: Severity::Error,
    page: r#"
A scenario is asked for by its title, and reports call scenarios and back-tests by theirs. Of two with the same one nobody could say which is meant.

```playbook wrong
client "Acme" {
  people founder "Founder"
}
use std.crm
source contacts from csv "contacts.csv" into Contact by email { email from "Email" }
scenario "first quarter" {
  leads 20 per week from "contacts.csv" for 8 weeks
}
scenario "first quarter" {
  leads 40 per week from "contacts.csv" for 8 weeks
}
```

Give one of them another title:

```playbook right
client "Acme" {
  people founder "Founder"
}
use std.crm
source contacts from csv "contacts.csv" into Contact by email { email from "Email" }
scenario "first quarter" {
  leads 20 per week from "contacts.csv" for 8 weeks
}
scenario "first quarter, twice as many" {
  leads 40 per week from "contacts.csv" for 8 weeks
}
```
"#,
};

/// The second title, what has it, and on which line the first stands.
pub(crate) fn diagnostic(file: FileId, title: &Text, what: &str, first: Origin) -> Diagnostic {
    let headline = format!("there is a {what} \"{}\" already", title.value);
    let place = if first.file == file { format!("on line {}", first.line) } else { "in another file".to_owned() };
    Diagnostic::new(&CODE, headline, file, title.span, "again here")
        .help(format!("give one of them another title: the first stands {place}"))
}
