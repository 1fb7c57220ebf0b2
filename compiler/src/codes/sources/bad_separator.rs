//! E0513: a separator that is not one character.

use language::syntax::Text;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0513",
    name: "bad-separator",
    severity: Severity::Error,
    page: r#"
Values of a row are separated by one character: a comma, a semicolon, a tab, a bar.

```playbook wrong
use std.crm
source leads from csv "leads.csv" into Contact by email {
  separator "||"
  email     from "Email"
}
```

Write the one character, or leave the line out: then it is found out from the header line.

```playbook right
use std.crm
source leads from csv "leads.csv" into Contact by email {
  separator "|"
  email     from "Email"
}
```
"#,
};

/// The separator.
pub(crate) fn diagnostic(file: FileId, text: &Text) -> Diagnostic {
    Diagnostic::new(&CODE, "a separator is one character", file, text.span, "not one plain character").help(
        "write `\",\"`, `\";\"`, `\"|\"` or a tab, or leave the line out: then it is found out from the header line",
    )
}
