//! E0827: a crossing without a fixed threshold.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0827",
    name: "bad-threshold",
    severity: Severity::Error,
    page: r#"
A run starts when a value crosses a threshold. The threshold is a number that stands there: were it a field, nobody could say which of
the two has moved.

```playbook wrong
use std.crm
fact clicks of Contact is count of email.clicked in the last 7 days
fact visits of Contact is count of page.viewed in the last 7 days
workflow Greeting for Contact {
  start when clicks rises above visits
  stage Hello { next Done after 2 days }
  end Done as greeted
}
```

Write the number, or watch the difference:

```playbook right
use std.crm
fact clicks of Contact is count of email.clicked in the last 7 days
fact visits of Contact is count of page.viewed in the last 7 days
workflow Greeting for Contact {
  start when clicks - visits rises above 0
  stage Hello { next Done after 2 days }
  end Done as greeted
}
```
"#,
};

/// A threshold that moves.
pub(crate) fn diagnostic(file: FileId, span: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "a threshold does not move", file, span, "not a number that stands here")
        .help("write the number, or watch the difference of the two and compare it with 0")
}

/// A number is watched.
pub(crate) fn nothing_watched(file: FileId, span: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "a number that stands here crosses nothing", file, span, "never changes")
        .help("watch a field, a fact or a score")
}
