//! E0442: two layers of one name.

use language::Span;
use language::syntax::Layer;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0442",
    name: "duplicate-layer",
    severity: Severity::Error,
    page: r#"
A score has two layers of one name, so nobody could say which one is meant.

```playbook wrong
use std.crm
score fit for Contact {
  layer place { +50 when country is NZ because "near" }
  layer place { +20 when city is known because "told us" }
}
```

Give one of them another name, or put the rules together:

```playbook right
use std.crm
score fit for Contact {
  layer place {
    +50 when country is NZ because "near"
    +20 when city is known because "told us"
  }
}
```
"#,
};

/// The second layer, and the place of the first.
pub(crate) fn diagnostic(file: FileId, layer: &Layer, first: (FileId, Span)) -> Diagnostic {
    Diagnostic::new(&CODE, format!("layer `{}` is there twice", layer.name.text), file, layer.name.span, "again here")
        .label(first.0, first.1, "first here")
        .help("give one of them another name, or put their rules together")
}
