//! E0803: two stages, handoffs or ends of one name.

use language::Span;
use language::syntax::Name;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0803",
    name: "duplicate-stage",
    severity: Severity::Error,
    page: r#"
A workflow has two stages, handoffs or ends of one name, so nobody could say where a way out leads.

```playbook wrong
use std.crm
workflow Greeting for Contact {
  stage Hello { next Done after 2 days }
  end Done as greeted
  end Done as forgotten
}
```

Give each its own name:

```playbook right
use std.crm
workflow Greeting for Contact {
  stage Hello {
    next Done      on reply.received
    next Forgotten after 2 days
  }
  end Done      as greeted
  end Forgotten as forgotten
}
```
"#,
};

/// The second one, and the place of the first.
pub(crate) fn diagnostic(file: FileId, name: &Name, first: (FileId, Span)) -> Diagnostic {
    Diagnostic::new(&CODE, format!("`{}` is there twice", name.text), file, name.span, "again here")
        .label(first.0, first.1, "first here")
        .help("give one of them another name, or leave it out")
}
