//! E0516: a setting of a source that is there twice.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0516",
    name: "source-setting-twice",
    severity: Severity::Error,
    page: r#"
A source says one of its settings twice: `separator`, `encoding`, `decimal comma` and `signature` each hold for all of it.

```playbook wrong
use std.crm
source leads from csv "leads.csv" into Contact by email {
  separator ";"
  separator ","
  email     from "Email"
}
```

Keep one:

```playbook right
use std.crm
source leads from csv "leads.csv" into Contact by email {
  separator ";"
  email     from "Email"
}
```
"#,
};

/// The setting, and where it is first.
pub(crate) fn diagnostic(file: FileId, what: &str, span: Span, first: (FileId, Span)) -> Diagnostic {
    Diagnostic::new(&CODE, format!("`{what}` is said twice"), file, span, "again here")
        .label(first.0, first.1, "first here")
        .help("keep one of them")
}
