//! E0828: something that is said once, said twice.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0828",
    name: "said-twice",
    severity: Severity::Error,
    page: r#"
A workflow says its `status` twice, a handoff until when it is accepted, or a `kill` who is asked.

```playbook wrong
use std.crm
workflow Greeting for Contact {
  status draft
  status documented
  stage Hello { next Done after 2 days }
  end Done as greeted
}
```

Keep one:

```playbook right
use std.crm
workflow Greeting for Contact {
  status documented
  stage Hello { next Done after 2 days }
  end Done as greeted
}
```
"#,
};

/// What it is, and where it is first.
pub(crate) fn diagnostic(file: FileId, what: &str, span: Span, first: (FileId, Span)) -> Diagnostic {
    Diagnostic::new(&CODE, format!("`{what}` is said twice"), file, span, "again here")
        .label(first.0, first.1, "first here")
        .help("keep one of them")
}
