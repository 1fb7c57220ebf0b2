//! `scored-email-opens`: points for a mail that was opened.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "scored-email-opens",
    name: "scored-email-opens",
    severity: Severity::Warning,
    page: r#"
A rule gives points for `email.opened`. Mail programs open mail by themselves: Apple's fetches every picture in advance, and security
gateways look into mail before anybody reads it. Such points rate the mail program, not the reader.

```playbook wrong
use std.crm
score interest for Contact {
  +10 when any email.opened in the last 7 days
}
```

Score what a person has to do: a click, an answer, a meeting.

```playbook right
use std.crm
score interest for Contact {
  +10 when any email.clicked in the last 7 days
}
```
"#,
};

/// The rule that gives the points.
pub(crate) fn diagnostic(file: FileId, span: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "points are given for `email.opened`", file, span, "proves no reader")
        .note("mail programs and security gateways open mail by themselves")
        .help("score what a person has to do: `email.clicked`, `reply.received`, `meeting.attended`")
}
