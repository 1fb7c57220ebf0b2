//! E0820: a time that something else always comes before.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0820",
    name: "never-comes",
    severity: Severity::Error,
    page: r#"
Something waits for a time that never comes: another way out is always open earlier, a reminder is due when the question has expired, or a
question without a time limit is waited for to expire.

```playbook wrong
use std.crm
workflow Greeting for Contact {
  stage Hello {
    next Done after 2 days
    next Out  after 5 days because "forgotten"
  }
  end Done as greeted
  end Out  as forgotten
}
```

Leave it out, or put the shorter time to what has to happen in between:

```playbook right
use std.crm
workflow Greeting for Contact {
  stage Hello {
    next Done on reply.received
    next Out  after 5 days because "forgotten"
  }
  end Done as greeted
  end Out  as forgotten
}
```
"#,
};

/// A way out behind one that is open no later.
pub(crate) fn after(file: FileId, way: Span, first: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "this time never comes", file, way, "a run is no longer here by then")
        .label(file, first, "it leaves after this at the latest")
        .help("leave it out, or let it be the shorter one")
}

/// A reminder that is due no earlier than the end.
pub(crate) fn reminder(file: FileId, every: Span, within: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "nobody is ever reminded", file, every, "the first reminder would be due after this …")
        .label(file, within, "… and the question has expired by then")
        .help("remind more often, or give more time")
}

/// A question without a time limit.
pub(crate) fn expiry(file: FileId, way: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "this question never expires", file, way, "waits for the time limit to pass")
        .help("give the question one: `ask … within 1 business day`")
}

/// A reminder that is due when a run has left, because a time limit of the stage is shorter.
pub(crate) fn reminder_too_late(file: FileId, every: Span, after: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "nobody is ever reminded here", file, every, "the first reminder would be due after this …")
        .label(file, after, "… and a run is no longer here by then")
        .help("remind more often, or let the stage wait for longer")
}

/// An expiry that a run never sees, because a time limit of the stage is shorter.
pub(crate) fn too_late(file: FileId, way: Span, after: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "this question never expires here", file, way, "a run is no longer here by then")
        .label(file, after, "it leaves after this at the latest")
        .help("give the question less time, or the stage more")
}
