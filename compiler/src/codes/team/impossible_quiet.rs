//! E0914: quiet hours that leave no time to send.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0914",
    name: "impossible-quiet",
    severity: Severity::Error,
    page: r#"
`quiet outside` says when something may be sent: from a time of the day to a later one. Where several clauses leave no minute that all
of them allow, nothing is ever sent.

```playbook wrong
contact policy {
  quiet outside 20:00 to 08:00
}
```

Write the hours in which something may be sent:

```playbook right
contact policy {
  quiet outside 08:00 to 20:00
}
```
"#,
};

/// Hours that end before they begin.
pub(crate) fn backwards(file: FileId, to: Span, from: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "these hours end before they begin", file, to, "not later than the beginning")
        .label(file, from, "begin here")
        .note("`quiet outside` names the hours in which something may be sent")
        .help("write them from the earlier time to the later one, as in `08:00 to 20:00`")
}

/// Clauses that leave no minute.
pub(crate) fn always((file, span): (FileId, Span), others: &[(FileId, Span)]) -> Diagnostic {
    let found = Diagnostic::new(&CODE, "nothing could ever be sent", file, span, "leaves no minute that all allow");
    let found = others.iter().fold(found, |found, (file, span)| found.label(*file, *span, "beside this"));
    found.help("leave an hour that the client's hours and every `quiet outside` have in common")
}
