//! E1003: a placeholder that is no text.

use language::syntax::Path;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E1003",
    name: "unfillable",
    severity: Severity::Error,
    page: r#"
A placeholder is filled with one value: a text, a number, an amount, a day. A record and a list are none.

```playbook wrong
use std.crm
template hello {
  body "How is it going at {company else "your place"}?"
}
```

Name a field of the record:

```playbook right
use std.crm
template hello {
  body "How is it going at {company.name else "your place"}?"
}
```
"#,
};

/// A record.
pub(crate) fn record(file: FileId, path: &Path, entity: &str) -> Diagnostic {
    let name = path.dotted();
    Diagnostic::new(&CODE, format!("`{name}` is a record, not a text"), file, path.span, format!("a {entity}")).help(
        format!("name one of its fields, as in `{name}.{}`", if entity == "Contact" { "first_name" } else { "name" }),
    )
}

/// A list.
pub(crate) fn list(file: FileId, path: &Path) -> Diagnostic {
    let name = path.dotted();
    Diagnostic::new(&CODE, format!("`{name}` is a list, not a text"), file, path.span, "several values, or none")
        .help("name a field that holds one value")
}
