//! `unused-right`: a right that no stage of the agent needs. Silent unless somebody asks for it.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "unused-right",
    name: "unused-right",
    severity: Severity::Warning,
    page: r#"
An agent may write or do something that none of its stages takes. What it asks for by itself, outside of stages, may need it; otherwise
the least right is the best one. Only whoever asks for this lint is told.

```playbook wrong
use std.crm
use std.actions
agent Finder { hands "names" to human }
permissions {
  |         | Finder |
  | Contact | write  |
  | Deal    | write  |
}
workflow Finding for Contact by Finder {
  start on contact.created
  stage Looking {
    do research contact
    next Out after 5 days
  }
  end Out as found
}
```

Take the right away, or let a stage use it:

```playbook right
use std.crm
use std.actions
agent Finder { hands "names" to human }
permissions {
  |         | Finder |
  | Contact | write  |
  | Deal    | read   |
}
workflow Finding for Contact by Finder {
  start on contact.created
  stage Looking {
    do research contact
    next Out after 5 days
  }
  end Out as found
}
```
"#,
};

/// The cell, whose it is, and what the row is about.
pub(crate) fn diagnostic(file: FileId, span: Span, agent: &str, object: &str) -> Diagnostic {
    let headline = format!("no stage of `{agent}` needs this right to `{object}`");
    Diagnostic::new(&CODE, headline, file, span, "may be less").help("take it away, or let a stage use it")
}
