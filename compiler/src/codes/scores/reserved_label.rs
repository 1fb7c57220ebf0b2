//! E0445: a route whose name means something else.

use language::syntax::Name;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0445",
    name: "reserved-route",
    severity: Severity::Error,
    page: r#"
A route is called like a word that conditions ask with: `missing`, `known`, `yes`, `no`. Nobody could ask for it: `fit is missing` asks something else.

```playbook wrong
use std.crm
score fit for Contact {
  +50 when country is NZ because "near"
  route {
    yes when fit >= 50
    cold otherwise
  }
}
```

Give it another name:

```playbook right
use std.crm
score fit for Contact {
  +50 when country is NZ because "near"
  route {
    hot  when fit >= 50
    cold otherwise
  }
}
```
"#,
};

/// The label.
pub(crate) fn diagnostic(file: FileId, label: &Name) -> Diagnostic {
    let name = &label.text;
    Diagnostic::new(
        &CODE,
        format!("a route cannot be called `{name}`"),
        file,
        label.span,
        format!("`is {name}` asks something else"),
    )
    .help("give it a name of its own: `hot`, `healthy`, `ready`")
}
