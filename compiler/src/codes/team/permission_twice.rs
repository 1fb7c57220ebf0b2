//! E0907: two rows of one table about the same.

use language::syntax::Path;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;
use language::Span;

pub(crate) static CODE: Code = Code {
    id: "E0907",
    name: "permission-twice",
    severity: Severity::Error,
    page: r#"
A table of permissions has one row about a thing. A second one would say something else, or nothing new.

```playbook wrong
use std.crm
agent Researcher { hands "prospect list" to human }

permissions {
  |         | Researcher |
  | Contact | write      |
  | Contact | read       |
}
```

Keep one of them:

```playbook right
use std.crm
agent Researcher { hands "prospect list" to human }

permissions {
  |         | Researcher |
  | Contact | write      |
}
```

A row of a client's own table stands for the row about the same in a table of a module that it uses.
"#,
};

/// The second row's subject, and the first one's place.
pub(crate) fn diagnostic(file: FileId, path: &Path, first: Span) -> Diagnostic {
    Diagnostic::new(&CODE, format!("two rows are about `{}`", path.dotted()), file, path.span, "again here")
        .label(file, first, "first here")
        .help("keep one of them")
}
