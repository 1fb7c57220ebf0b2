//! E0504: a field that two columns fill.

use language::Span;
use language::syntax::Path;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0504",
    name: "filled-twice",
    severity: Severity::Error,
    page: r#"
Two lines of a source fill one field, so it is not said which one counts. Where a file calls a column this or that, one line names both.

```playbook wrong
use std.crm
source leads from csv "leads.csv" into Contact by email {
  email from "Email"
  email from "E-mail"
}
```

Write one line; the first header that the file has counts:

```playbook right
use std.crm
source leads from csv "leads.csv" into Contact by email {
  email from "Email" or "E-mail"
}
```
"#,
};

/// The second line's field, and the place of the first.
pub(crate) fn diagnostic(file: FileId, target: &Path, first: (FileId, Span)) -> Diagnostic {
    Diagnostic::new(&CODE, format!("`{}` is filled twice", target.dotted()), file, target.span, "filled again here")
        .label(first.0, first.1, "filled here already")
        .help("keep one line; where files call the column this or that: `from \"Email\" or \"E-mail\"`")
}
