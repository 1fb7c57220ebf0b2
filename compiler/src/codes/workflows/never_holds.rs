//! E0831: a condition of a workflow that can never hold.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0831",
    name: "never-holds",
    severity: Severity::Error,
    page: r#"
A way out, a start, a requirement or an `only when` asks for something that can never be so, whatever the facts: no run ever takes that way.

```playbook wrong
use std.crm
workflow Calling for Contact {
  start on contact.created
  stage Choosing {
    next Letter when email is missing and email is known
    next Call   otherwise
  }
  end Letter as written
  end Call   as called
}
```

Change the condition. Often `or` is meant where `and` stands:

```playbook right
use std.crm
workflow Calling for Contact {
  start on contact.created
  stage Choosing {
    next Letter when email is missing and phone is missing
    next Call   otherwise
  }
  end Letter as written
  end Call   as called
}
```
"#,
};

/// Where the condition stands, what follows from it, and why it never holds.
pub(crate) fn diagnostic(file: FileId, span: Span, headline: &str, why: &str) -> Diagnostic {
    Diagnostic::new(&CODE, headline, file, span, why).help("change the condition, or leave it out")
}
