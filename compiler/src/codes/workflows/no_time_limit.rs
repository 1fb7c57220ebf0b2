//! E0834: a stage that waits, and that no time ends.

use language::Span;
use language::syntax::Name;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0834",
    name: "no-time-limit",
    severity: Severity::Error,
    page: r#"
A stage waits for a person, a fact or an event that may never come, and nothing leads on when it does not: such records are forgotten, and
nobody notices.

```playbook wrong
use std.crm
workflow Inviting for Contact {
  start on contact.created
  stage Waiting {
    next Comes on meeting.booked
  }
  end Comes as guest
}
```

Say how long it waits, and what then:

```playbook right
use std.crm
workflow Inviting for Contact {
  start on contact.created
  stage Waiting {
    next Comes on meeting.booked
    next Left  after 14 days because "no answer"
  }
  end Comes as guest
  end Left  as left
}
```

A question has its own limit: `ask … within 2 business days`, with a way `on expired`. It is not asked before the facts that the stage
requires are there, so that a stage that requires some has an `after` as well. A handoff to a workflow that a person runs says `accepted
within …`.
"#,
};

/// What a stage waits for.
pub(crate) enum Waits {
    /// A person does something.
    Person(Span),
    /// A person answers.
    Answer(Span),
    /// Somebody finds something out.
    Fact(Span),
    /// Something happens, or becomes known.
    Something,
}

/// The stage, and what it waits for.
pub(crate) fn diagnostic(file: FileId, name: &Name, waits: &Waits) -> Diagnostic {
    let headline = format!("stage `{}` has no time limit", name.text);
    let found = Diagnostic::new(&CODE, headline, file, name.span, "whoever is forgotten here stays for ever");
    let found = match waits {
        Waits::Person(span) => found.label(file, *span, "waits until a person has done it"),
        Waits::Answer(span) => found.label(file, *span, "waits for an answer"),
        Waits::Fact(span) => found.label(file, *span, "waits until this is known"),
        Waits::Something => found.note("none of its ways out is sure to open"),
    };
    match waits {
        Waits::Answer(_) => found.help("give the question a limit, `within 2 business days`, and a way `on expired`"),
        _ => found.help("say what happens then: `next … after 5 business days because \"…\"`"),
    }
}

/// A handoff that a person takes whenever they like.
pub(crate) fn handoff(file: FileId, name: &Name) -> Diagnostic {
    let headline = format!("handoff `{}` has no time limit", name.text);
    Diagnostic::new(&CODE, headline, file, name.span, "waits until a person takes it")
        .help("say by when: `accepted within 1 business day, else ask human`")
}
