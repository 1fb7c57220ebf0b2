//! E1011: an experiment tries things of different kinds.

use language::syntax::Name;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::{ArmKind, FileId};

pub(crate) static CODE: Code = Code {
    id: "E1011",
    name: "mixed-arms",
    severity: Severity::Error,
    page: r#"
What an experiment compares is of one kind: channels, or templates. Who got an e-mail and who got another text cannot be told apart by
what came of it.

```playbook wrong
use std.crm
use std.actions
template story { body "How a neighbour did it" }
experiment opening {
  try      email, story
  success  reply.received within 10 days
}
```

```playbook right
use std.crm
use std.actions
template story { body "How a neighbour did it" }
template question { body "What would you change first?" }
experiment opening {
  try      question, story
  success  reply.received within 10 days
}
```

Both are tried at once by two experiments: `do write opening via channel_mix`.
"#,
};

/// What is tried, and what was tried first, each with its kind.
pub(crate) fn diagnostic(
    (file, arm, kind): (FileId, &Name, ArmKind),
    (first_file, first, first_kind): (FileId, &Name, ArmKind),
) -> Diagnostic {
    let headline = format!("`{}` is a {}, and `{}` is a {}", arm.text, word(kind), first.text, word(first_kind));
    Diagnostic::new(&CODE, headline, file, arm.span, format!("a {}", word(kind)))
        .label(first_file, first.span, format!("a {}", word(first_kind)))
        .help("an experiment tries things of one kind: make it two, and use both, `do write opening via channel_mix`")
}

const fn word(kind: ArmKind) -> &'static str {
    match kind {
        ArmKind::Channels => "channel",
        ArmKind::Templates => "template",
    }
}
