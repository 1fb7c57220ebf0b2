//! E0517: an event with a list or a record among its facts.

use language::syntax::FieldDeclaration;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0517",
    name: "event-fact-type",
    severity: Severity::Error,
    page: r#"
The facts of an event are single values. An event belongs to its contact; a list is kept with the record.

```playbook wrong
use std.crm
event quiz.completed { answers: list of text? }
```

Record a single value:

```playbook right
use std.crm
event quiz.completed { answer: text? }
```
"#,
};

/// The fact.
pub(crate) fn diagnostic(file: FileId, field: &FieldDeclaration) -> Diagnostic {
    let name = field.name.dotted();
    Diagnostic::new(
        &CODE,
        format!("an event's fact `{name}` cannot be a list or a record"),
        file,
        field.ty.span,
        "more than one value",
    )
    .help("record a single value, or keep the list with the contact: `extend Contact { … }`")
}
