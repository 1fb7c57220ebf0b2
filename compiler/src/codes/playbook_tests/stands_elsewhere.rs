//! E0608: a test puts a record into a workflow that runs for another kind.

use language::syntax::{Name, Path};

use crate::diagnostics::{Code, Diagnostic, Edit, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0608",
    name: "stands-elsewhere",
    severity: Severity::Error,
    page: r#"
A test puts a record into a workflow, or into a stage of one: a record of the kind that the workflow runs for.

```playbook wrong
use std.crm
workflow Greeting for Contact {
  stage Thinking {
    next Gone after 3 days
  }
  end Gone as greeted
}
test "a deal is no contact" {
  given deal in Greeting.Thinking
  expect value is missing
}
```

```playbook right
use std.crm
workflow Greeting for Contact {
  stage Thinking {
    next Gone after 3 days
  }
  end Gone as greeted
}
test "a contact" {
  given contact in Greeting.Thinking
  expect city is missing
}
```
"#,
};

/// The record, the place, the workflow and what it runs for.
pub(crate) fn diagnostic(file: FileId, record: &Name, place: &Path, workflow: &str, of: &str) -> Diagnostic {
    let word = of.to_lowercase();
    let edit = Edit { file, span: record.span, replacement: word.clone() };
    Diagnostic::new(
        &CODE,
        format!("no {} is ever in `{workflow}`", record.text),
        file,
        record.span,
        format!("`{workflow}` runs for a {of}"),
    )
    .label(file, place.span, "")
    .help(format!("write `given {word} in {}`", place.dotted()))
    .fix(format!("write `{word}`"), false, vec![edit])
}
