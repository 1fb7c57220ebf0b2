//! E0814: a workflow whose first name is no stage.

use language::syntax::Name;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0814",
    name: "begins-without-stage",
    severity: Severity::Error,
    page: r#"
A run begins in what a workflow names first, and that has to be a stage.

```playbook wrong
use std.crm
workflow Greeting for Contact {
  end Done as greeted
  stage Hello { next Done after 2 days }
}
```

Put the stage first:

```playbook right
use std.crm
workflow Greeting for Contact {
  stage Hello { next Done after 2 days }
  end Done as greeted
}
```
"#,
};

/// What comes first, and the workflow's name.
pub(crate) fn diagnostic(file: FileId, first: &Name, workflow: &str) -> Diagnostic {
    let headline = format!("`{workflow}` begins with `{}`, which is no stage", first.text);
    Diagnostic::new(&CODE, headline, file, first.span, "a run would begin here, and be over")
        .help("put the stage first that a run begins in")
}

/// A workflow without any.
pub(crate) fn empty(file: FileId, workflow: &Name) -> Diagnostic {
    let headline = format!("workflow `{}` has no stage", workflow.text);
    Diagnostic::new(&CODE, headline, file, workflow.span, "nothing happens in it")
        .help("write one: `stage First { next Done after 7 days }` and `end Done as done`")
}
