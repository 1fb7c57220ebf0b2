//! E0917: something leaves on a path on which no person has approved it.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0917",
    name: "unapproved",
    severity: Severity::Error,
    page: r#"
An external act reaches a person or spends money. On every path to it a person has to have approved that very artifact: a message is approved
as it stands, whoever writes it again voids that, and one approval is good for one send and for 14 days. Here is the shortest path on which
nobody has.

```playbook wrong
use std.crm
use std.actions
agent Writer { hands "letters" to human }
permissions {
  |          | Writer         |
  | Contact  | read           |
  | Activity | write outreach |
  | send     | ask human      |
}
template hello  { body "Hi there" }
template remind { body "Hi again" }
workflow Inviting for Contact by Writer {
  start on contact.created
  stage Writing {
    do write hello via email
    ask human to approve or change message within 2 business days
    next Sending on approved
    next Gone    on rejected or expired
  }
  stage Sending {
    do send message
    next Comes  on reply.received
    next Remind after 7 days
  }
  stage Remind at most 2 times, then Gone {
    do write remind via email
    next Sending otherwise
  }
  end Comes as guest
  end Gone  as gone
}
```

Ask for each message anew:

```playbook right
use std.crm
use std.actions
agent Writer { hands "letters" to human }
permissions {
  |          | Writer         |
  | Contact  | read           |
  | Activity | write outreach |
  | send     | ask human      |
}
template hello  { body "Hi there" }
template remind { body "Hi again" }
workflow Inviting for Contact by Writer {
  start on contact.created
  stage Writing {
    do write hello via email
    ask human to approve or change message within 2 business days
    next Sending on approved
    next Gone    on rejected or expired
  }
  stage Sending {
    do send message
    next Comes  on reply.received
    next Remind after 7 days
  }
  stage Remind at most 2 times, then Gone {
    do write remind via email
    ask human to approve or change message within 2 business days
    next Sending on approved
    next Gone    on rejected or expired
  }
  end Comes as guest
  end Gone  as gone
}
```

Anything else that leaves, `do offer visit`, `do spend search_ads`, needs a question about it: `ask human to approve visit`. What a person
does in a stage of their own, `stage … by human`, nobody else has to approve.
"#,
};

/// The act, why it has no approval, the path there as a story with its places, and the question that is missing; `written` where there
/// is something to ask about.
pub(crate) fn diagnostic(
    (file, span): (FileId, Span),
    act: &str,
    why: &str,
    story: &str,
    places: &[(FileId, Span, String)],
    question: &str,
    written: bool,
) -> Diagnostic {
    let headline = format!("`{act}` runs on a path on which {}", headline_of(why));
    let found = Diagnostic::new(&CODE, headline, file, span, why);
    let found = places.iter().fold(found, |found, (file, span, label)| found.label(*file, *span, label.clone()));
    found
        .note(format!("the shortest such path: {story}, and {why}"))
        .help(if written {
            format!("ask before, `{question} within 2 business days`, and go on here `on approved`")
        } else {
            format!(
                "write one before, `do write TEMPLATE via CHANNEL`, ask about it, `{question} within 2 business days`, and go on here \
                 `on approved`"
            )
        })
}

/// The same, in the headline's words.
fn headline_of(why: &str) -> &str {
    if why.starts_with("nobody") { "nobody has approved it" } else { "its approval does not hold" }
}
