//! E0829: a workflow for a record that none runs for.

use language::syntax::Name;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0829",
    name: "workflow-entity",
    severity: Severity::Error,
    page: r#"
A workflow runs for a Contact, a Deal or a Company: these are what agents work on. Activities, tasks and users are what they leave behind.

```playbook wrong
use std.crm
workflow Cleaning for Task {
  stage Look { next Done after 2 days }
  end Done as done
}
```

Let it run for the record that the work is about:

```playbook right
use std.crm
workflow Cleaning for Contact {
  stage Look { next Done after 2 days }
  end Done as done
}
```
"#,
};

/// The record kind.
pub(crate) fn diagnostic(file: FileId, entity: &Name) -> Diagnostic {
    let headline = format!("no workflow runs for a {}", entity.text);
    Diagnostic::new(&CODE, headline, file, entity.span, "not something that is worked on")
        .help("write `for Contact`, `for Deal` or `for Company`")
}
