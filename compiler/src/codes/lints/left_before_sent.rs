//! `left-before-sent`: a stage that sends, and may be left before the contact policy lets the message go.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "left-before-sent",
    name: "left-before-sent",
    severity: Severity::Warning,
    page: r#"
A stage sends a message and goes on after a time that is shorter than the contact policy may hold it back: over quiet hours, or until a cap
has room again. The run leaves, and the message is never sent.

```playbook wrong
client "Example" {
  currency NZD
  timezone "Pacific/Auckland"
}
use std.crm
use std.actions
agent Writer { hands "letters" to human }
permissions {
  |          | Writer         |
  | Activity | write outreach |
  | send     | ask human      |
}
contact policy {
  unsubscribe in every send
  quiet       outside hours of contact.timezone
  at most     1 send per contact per 3 days
}
template hello { body "Hi there" }
workflow Inviting for Contact by Writer {
  start on contact.created
  stage Writing {
    do write hello via email
    ask human to approve message within 2 business days
    next Sending on approved
    next Gone    on rejected or expired
  }
  stage Sending {
    do send message
    next Gone after 1 day
  }
  end Gone as gone
}
```

Stay for longer than that:

```playbook right
client "Example" {
  currency NZD
  timezone "Pacific/Auckland"
}
use std.crm
use std.actions
agent Writer { hands "letters" to human }
permissions {
  |          | Writer         |
  | Activity | write outreach |
  | send     | ask human      |
}
contact policy {
  unsubscribe in every send
  quiet       outside hours of contact.timezone
  at most     1 send per contact per 3 days
}
template hello { body "Hi there" }
workflow Inviting for Contact by Writer {
  start on contact.created
  stage Writing {
    do write hello via email
    ask human to approve message within 2 business days
    next Sending on approved
    next Gone    on rejected or expired
  }
  stage Sending {
    do send message
    next Gone after 4 days
  }
  end Gone as gone
}
```
"#,
};

/// The act that sends, the way out, and what may hold the message back.
pub(crate) fn diagnostic(file: FileId, (send, way): (Span, Span), why: &str) -> Diagnostic {
    Diagnostic::new(&CODE, "a run may leave here before its message is sent", file, way, why)
        .label(file, send, "sent here, as soon as the contact policy lets it pass")
        .help("stay for longer than that")
}
