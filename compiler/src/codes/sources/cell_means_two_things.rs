//! E0510: a cell that means two things.

use language::Span;
use language::syntax::Text;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0510",
    name: "cell-means-two-things",
    severity: Severity::Error,
    page: r#"
One line of a source says twice what a cell means.

```playbook wrong
use std.crm
source leads from csv "leads.csv" into Contact by email {
  email         from "Email"
  consent.email from "Opt-in", "y" means yes, "y" means missing
}
```

Say it once:

```playbook right
use std.crm
source leads from csv "leads.csv" into Contact by email {
  email         from "Email"
  consent.email from "Opt-in", "y" means yes, "?" means missing
}
```
"#,
};

/// The cell, and where its meaning is said first.
pub(crate) fn diagnostic(file: FileId, cell: &Text, first: Span) -> Diagnostic {
    Diagnostic::new(&CODE, format!("it is said twice what \"{}\" means", cell.value), file, cell.span, "again here")
        .label(file, first, "first here")
        .help("say it once")
}
