//! E0921: a contact policy that says nothing of how people end the sends.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0921",
    name: "no-unsubscribe",
    severity: Severity::Error,
    page: r#"
The contact policy lets messages go out that do not say how to end them. Every country's rules about messages that were not asked for want
such a way, free and easy, and large mail providers refuse mail without it.

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
  consent for [email]
  at most 1 send per contact per 3 days
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
    next Gone after 7 days
  }
  end Gone as gone
}
```

Say that every send has one:

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
  consent     for [email]
  unsubscribe in every send, honoured within 5 business days
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
    next Gone after 7 days
  }
  end Gone as gone
}
```
"#,
};

/// The policy, and an act that sends.
pub(crate) fn diagnostic(file: FileId, span: Span, send: (FileId, Span)) -> Diagnostic {
    Diagnostic::new(&CODE, "nothing says how people end these messages", file, span, "has no `unsubscribe`")
        .label(send.0, send.1, "sent here")
        .help("write `unsubscribe in every send, honoured within 5 business days` into the policy")
}
