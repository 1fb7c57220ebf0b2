//! E1009: shares of an experiment that do not add up.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::{FileId, Fixed};

pub(crate) static CODE: Code = Code {
    id: "E1009",
    name: "experiment-shares",
    severity: Severity::Error,
    page: r#"
What each is tried at least, and what is held out, are shares of all: together no more than 100%, and something has to be left to learn with.
How probable the best one has to be before an experiment stops is short of certain.

```playbook wrong
use std.crm
use std.actions
experiment channel_mix {
  try       email, phone, linkedin
  success   reply.received within 10 days
  at least  40% each
}
```

Three times 40% are more than all:

```playbook right
use std.crm
use std.actions
experiment channel_mix {
  try       email, phone, linkedin
  success   reply.received within 10 days
  choose    by thompson
  at least  10% each
  hold out  10%
  stop      when one is best with 95% after 50 each
}
```
"#,
};

/// So many arms of at least so much, and what is held out.
pub(crate) fn too_much(file: FileId, span: Span, arms: usize, each: Fixed, held: Option<Fixed>) -> Diagnostic {
    let headline = match held {
        Some(held) => format!("{arms} times {each}% and {held}% held out are more than all"),
        None => format!("{arms} times {each}% are more than all"),
    };
    Diagnostic::new(&CODE, headline, file, span, "too much for each")
        .help("write a smaller share; what is left goes where most is hoped for")
}

/// All is held out.
pub(crate) fn all_held_out(file: FileId, span: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "nothing is left to choose for", file, span, "all of it is held out")
        .help("hold out a small share: `hold out 10%`")
}

/// A probability that is never reached, or always.
pub(crate) fn never_so_probable(file: FileId, span: Span, written: &str) -> Diagnostic {
    Diagnostic::new(&CODE, format!("no stop is told by {written}"), file, span, "never reached, or always")
        .help("write a probability between 50% and 100%: `stop when one is best with 95% after 50 each`")
}
