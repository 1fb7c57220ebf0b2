//! E1105: leads from a file that nothing reads.

use language::syntax::Text;
use smol_str::SmolStr;

use crate::codes::words;
use crate::diagnostics::{Code, Diagnostic, Edit, Severity};
use crate::nearest::nearest;
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E1105",
    name: "leads-file",
    severity: Severity::Error,
    page: r#"
The leads of a scenario are drawn from a file of real ones, so a `source` of the client has to say how it becomes contacts. The file is
named just as that source names it.

```playbook wrong
client "Acme" {
  people founder "Founder"
}
use std.crm
source contacts from csv "contacts.csv" into Contact by email { email from "Email" }
scenario "first quarter" {
  leads 20 per week from "leads.csv" for 8 weeks
}
```

Name a file that a source reads into `Contact`:

```playbook right
client "Acme" {
  people founder "Founder"
}
use std.crm
source contacts from csv "contacts.csv" into Contact by email { email from "Email" }
scenario "first quarter" {
  leads 20 per week from "contacts.csv" for 8 weeks
}
```
"#,
};

/// The file, and those that sources read contacts from.
pub(crate) fn diagnostic(file: FileId, from: &Text, known: &[SmolStr]) -> Diagnostic {
    let headline = format!("no source reads contacts from \"{}\"", from.value);
    let found = Diagnostic::new(&CODE, headline, file, from.span, "it is not known what its columns mean");
    match nearest(&from.value, known.iter().map(SmolStr::as_str)) {
        Some(meant) => {
            let edit = Edit { file, span: from.span, replacement: format!("\"{meant}\"") };
            found.help(format!("did you mean \"{meant}\"?")).fix(format!("write \"{meant}\""), false, vec![edit])
        }
        None if known.is_empty() => {
            found.help(format!("say how it is read: `source leads from csv \"{}\" into Contact {{ … }}`", from.value))
        }
        None => found.help(format!("contacts are read from {}", words::list(known, "and", 8))),
    }
}
