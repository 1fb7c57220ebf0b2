//! E0806: an answer and an event in one `on`.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0806",
    name: "answer-and-event",
    severity: Severity::Error,
    page: r#"
One way out waits for an answer to the stage's question and for an event. What happens first would decide, and the log could not say
which of the two it was.

```playbook wrong
use std.crm
workflow Greeting for Contact {
  stage Hello {
    ask human to approve the_list within 2 days
    next Done on approved or reply.received
    next Out  on rejected or expired
  }
  end Done as greeted
  end Out  as refused
}
```

Write two lines that lead to the same place:

```playbook right
use std.crm
workflow Greeting for Contact {
  stage Hello {
    ask human to approve the_list within 2 days
    next Done on approved
    next Done on reply.received
    next Out  on rejected or expired
  }
  end Done as greeted
  end Out  as refused
}
```
"#,
};

/// The way, one answer and one event of it.
pub(crate) fn diagnostic(file: FileId, way: Span, answer: Span, event: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "one `on` waits for an answer and for an event", file, way, "")
        .label(file, answer, "how the question is settled")
        .label(file, event, "something that happens")
        .help("write two lines that lead to the same place")
}
