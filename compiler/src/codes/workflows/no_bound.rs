//! E0838: messages or spend without a bound.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0838",
    name: "no-bound",
    severity: Severity::Error,
    page: r#"
How many messages a contact can get in a day, or how much can be spent on one, has no bound: a workflow starts each time something happens,
or goes round within a day, and no cap ends that.

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
}
template hello { body "Hi there" }
workflow Answering for Contact by Writer {
  start on page.viewed
  stage Writing {
    do write hello via email
    ask human to approve message within 2 business days
    next Sending on approved
    next Out     on rejected or expired
  }
  stage Sending {
    do send message
    next Out otherwise
  }
  end Out as written
}
```

Say in the contact policy how much is enough:

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
  at most 1 send per contact per 3 days
}
template hello { body "Hi there" }
workflow Answering for Contact by Writer {
  start on page.viewed
  stage Writing {
    do write hello via email
    ask human to approve message within 2 business days
    next Sending on approved
    next Out     on rejected or expired
  }
  stage Sending {
    do send message
    next Out otherwise
  }
  end Out as written
}
```

What is spent in a stage that a run can come to again within a day is bounded by a cap on a stage of that round, `at most 2 times, then …`, or
by a way that takes a day.
"#,
};

/// The policy, an act that sends, and the start that nothing bounds, if it is that.
pub(crate) fn messages(policy: (FileId, Span), send: (FileId, Span), start: Option<(FileId, Span)>) -> Diagnostic {
    let headline = "how many messages a contact gets in a day has no bound";
    let found = Diagnostic::new(&CODE, headline, policy.0, policy.1, "no cap for each contact").label(
        send.0,
        send.1,
        "sent here",
    );
    let found = match start {
        Some((file, span)) => found.label(file, span, "and this begins as often as it happens"),
        None => found.note("a run can come to this stage again and again within a day"),
    };
    found.help("write a cap into the policy: `at most 1 send per contact per 3 days`")
}

/// An act that costs, in a round that takes less than a day.
pub(crate) fn spend(file: FileId, span: Span) -> Diagnostic {
    let headline = "how much is spent on a contact in a day has no bound";
    Diagnostic::new(&CODE, headline, file, span, "a run can come here again and again within a day")
        .help("say how often: `stage … at most 2 times, then …`, or let a day pass on the way back")
}
