//! E0818: a workflow that starts itself over and over.

use language::Span;
use language::syntax::{Name, Path};

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0818",
    name: "feeds-itself",
    severity: Severity::Error,
    page: r#"
A workflow starts on what it brings about itself, or is handed back to itself, and no person is asked and no time passes in between: it
would run for ever, as fast as it can.

```playbook wrong
use std.crm
use std.actions
workflow Greeting for Contact {
  start on outreach.sent
  stage Hello {
    do send message
    next Done after 2 days
  }
  end Done as greeted
}
```

Start it on what others do, or let time pass before:

```playbook right
use std.crm
use std.actions
template hello { body "Hi there" }
workflow Greeting for Contact {
  start on outreach.sent
  stage Waiting { next Hello after 7 days }
  stage Hello {
    do write hello via email
    do send message
    next Done after 2 days
  }
  end Done as greeted
}
```
"#,
};

/// The event that starts it, and the act that raises it.
pub(crate) fn act(file: FileId, event: &Path, act: (FileId, Span)) -> Diagnostic {
    let headline = format!("this workflow starts itself: `{}` comes of what it does", event.dotted());
    Diagnostic::new(&CODE, headline, file, event.span, "starts on this …")
        .label(act.0, act.1, "… which this brings about")
        .note("no person is asked and no time passes in between")
        .help("start it on what others do, or wait before: `next … after 7 days`")
}

/// A handoff by which a record goes round.
pub(crate) fn handoff(file: FileId, to: &Name) -> Diagnostic {
    let headline = format!("the record is handed to `{}`, and back here, without an end", to.text);
    Diagnostic::new(&CODE, headline, file, to.span, "goes round")
        .note("no person is asked and no time passes in between")
        .help("ask somebody, or wait, before it is handed over")
}
