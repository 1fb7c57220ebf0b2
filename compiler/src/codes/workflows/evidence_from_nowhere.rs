//! E0836: evidence that nothing can have brought by then.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0836",
    name: "evidence-from-nowhere",
    severity: Severity::Error,
    page: r#"
A stage requires, asks about or goes by something that nothing can have brought by then: a message that no stage before it writes, a rating
that nobody gives, a score that nobody asks for, a field that no source fills, no agent may write and no person has had in hand.

```playbook wrong
use std.crm
use std.actions
agent Writer { hands "letters" to human }
workflow Inviting for Contact by Writer {
  start on contact.created
  stage Asking {
    ask human to approve message within 2 days
    next Out on approved
    next Out on rejected or expired
  }
  end Out as asked
}
```

Bring it first:

```playbook right
use std.crm
use std.actions
agent Writer { hands "letters" to human }
permissions {
  |          | Writer         |
  | Activity | write outreach |
}
template hello { body "Hi there" }
workflow Inviting for Contact by Writer {
  start on contact.created
  stage Asking {
    do write hello via email
    ask human to approve message within 2 days
    next Out on approved
    next Out on rejected or expired
  }
  end Out as asked
}
```

An agent's stage has the ratings that it requires asked for by itself; a person's stage has not, and a way out goes by those that are there.
"#,
};

/// What needs a message, where no stage before it writes one.
pub(crate) fn message(file: FileId, span: Span, what: &str) -> Diagnostic {
    Diagnostic::new(&CODE, format!("there is no message yet {what}"), file, span, "no path to here writes one")
        .help("write it first: `do write TEMPLATE via email`")
}

/// What goes by a rating that nobody gave.
pub(crate) fn rating(file: FileId, span: Span, rubric: &str, by_person: bool) -> Diagnostic {
    let headline = format!("nobody has rated the message by `{rubric}`");
    let found = Diagnostic::new(&CODE, headline, file, span, "no path to here rates the message as it stands");
    let found = if by_person { found.note("in a person's stage no agent rates it by itself") } else { found };
    found.help(format!("rate it first: `do rate message by {rubric}`, or `require message.{rubric} >= …`"))
}

/// A fact or score, and why it is never there.
pub(crate) fn fact(file: FileId, span: Span, what: &str, why: &str) -> Diagnostic {
    Diagnostic::new(&CODE, format!("nothing ever brings `{what}`"), file, span, why)
        .help("let a source, a stage or a person bring it first, or do not require it")
}
