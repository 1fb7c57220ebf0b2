//! E0826: `complete` or a message where there is none.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0826",
    name: "only-in-a-stage",
    severity: Severity::Error,
    page: r#"
`complete` asks whether all is there that a stage requires, so it is asked in the stage's ways out; `message` is what a run wrote, so
it is asked in a stage.

```playbook wrong
use std.crm
workflow Greeting for Contact {
  start when complete
  stage Hello { next Done after 2 days }
  end Done as greeted
}
```

Ask about the record itself, or in a way out:

```playbook right
use std.crm
workflow Greeting for Contact {
  start when country is known
  stage Hello {
    require city
    next Done when complete
    next Done after 2 days
  }
  end Done as greeted
}
```
"#,
};

/// `complete`
pub(crate) fn complete(file: FileId, span: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "nothing is required here that could be complete", file, span, "asked in a way out")
        .help("write `next … when complete` in the stage that requires something")
}

/// `message.spcl`
pub(crate) fn message(file: FileId, span: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "there is no message here", file, span, "asked in a stage")
        .help("ask for it where it was written: `require message.spcl >= 60` in that stage")
}
