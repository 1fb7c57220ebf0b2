//! E0920: messages are sent, and nothing says when that is allowed.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0920",
    name: "no-contact-policy",
    severity: Severity::Error,
    page: r#"
A workflow sends messages, and the playbook has no `contact policy`. Without one nothing is ever sent: whoever writes to people says first
for which channels they need a consent, how a person ends it, when nothing is sent, and how much is enough.

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

Write one:

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
  consent      for [email]
  unsubscribe  in every send, honoured within 5 business days
  quiet        outside hours of contact.timezone
  at most      1 send per contact per 3 days
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

/// The first act that sends.
pub(crate) fn diagnostic(file: FileId, span: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "messages are sent without a contact policy", file, span, "nothing says when this is allowed")
        .note("without a policy nothing is ever sent")
        .help("write one: `contact policy { … }` with `consent`, `unsubscribe`, `quiet` and `at most 1 send per contact per 3 days`")
}
