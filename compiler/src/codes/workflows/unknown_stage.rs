//! E0802: a stage, handoff or end that a workflow has not.

use language::Span;
use language::syntax::{Name, Path};
use smol_str::SmolStr;

use super::suggested;
use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0802",
    name: "unknown-stage",
    severity: Severity::Error,
    page: r#"
A way out, a cap or a goal leads to a stage, handoff or end that the workflow has not.

```playbook wrong
use std.crm
workflow Greeting for Contact {
  stage Hello { next Godbye after 2 days }
  end Goodbye as greeted
}
```

Write a name that the workflow has. Stages, handoffs and ends share their names:

```playbook right
use std.crm
workflow Greeting for Contact {
  stage Hello { next Goodbye after 2 days }
  end Goodbye as greeted
}
```
"#,
};

/// The name, the workflow's, and what there is in it.
pub(crate) fn diagnostic(file: FileId, name: &Name, workflow: &str, known: &[SmolStr]) -> Diagnostic {
    let headline = format!("`{workflow}` has no stage, handoff or end `{}`", name.text);
    suggested(
        Diagnostic::new(&CODE, headline, file, name.span, "not declared in it"),
        file,
        name.span,
        &name.text,
        known,
    )
}

/// A path that goes on behind a stage.
pub(crate) fn too_deep(file: FileId, path: &Path, beyond: Span) -> Diagnostic {
    let headline = format!("`{}` is no stage of a workflow", path.dotted());
    Diagnostic::new(&CODE, headline, file, path.span, "")
        .label(file, beyond, "a stage has nothing in it to name")
        .help("write the workflow and the stage, as in `LeadGeneration.Rating`")
}
