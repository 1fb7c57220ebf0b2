//! E0922: a send that the contact policy forbids on every path.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0922",
    name: "send-forbidden",
    severity: Severity::Error,
    page: r#"
Every path to this send goes through somebody saying that they want no more of it. Their address is on the suppression list by then, which
no consent beats: the message is never sent, and a person is asked in vain each time. The same is so where a message by e-mail is for those alone
who have no address.

```playbook wrong
use std.crm
use std.actions
agent Writer { hands "letters" to human }
permissions {
  |          | Writer         |
  | Activity | write outreach |
  | send     | ask human      |
}
template sorry { body "Sorry to see you go" }
workflow Regretting for Contact by Writer {
  start on email.unsubscribed
  stage Writing {
    do write sorry via email
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

Tell one of us instead:

```playbook right
use std.crm
use std.actions
agent Writer { hands "letters" to human }
workflow Regretting for Contact by Writer {
  start on email.unsubscribed
  stage Telling {
    do notify owner
    next Gone otherwise
    next Gone after 5 days
  }
  end Gone as gone
}
```
"#,
};

/// The act that sends, the event that forbids it, and where that leads on.
pub(crate) fn diagnostic(file: FileId, span: Span, event: &str, place: Option<(FileId, Span)>) -> Diagnostic {
    let headline = "this is never sent: they have asked to be left alone";
    let found = Diagnostic::new(&CODE, headline, file, span, format!("every path to here goes through `{event}`"));
    let found = match place {
        Some((file, span)) => found.label(file, span, "their address is on the suppression list from here on"),
        None => found,
    };
    found.help("leave them alone: tell one of us, `do notify owner`, or end the run")
}

/// The act that sends by e-mail to those alone who have no address.
pub(crate) fn no_address(file: FileId, span: Span) -> Diagnostic {
    let headline = "this is never sent: whoever comes here has no e-mail address";
    Diagnostic::new(&CODE, headline, file, span, "every path to here asks for `email is missing`")
        .help("write over another channel, `via phone`, or look for the address first: `do research contact`")
}
