//! E1010: a way of choosing that there is not.

use language::Span;
use language::syntax::Name;

use crate::diagnostics::{Code, Diagnostic, Edit, Severity};
use crate::nearest::nearest;
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E1010",
    name: "unknown-choice",
    severity: Severity::Error,
    page: r#"
An experiment chooses `evenly` (by lot), `by thompson` (a draw from what each share may be) or `by ucb` (the one that could be best).

```playbook wrong
use std.crm
use std.actions
experiment channel_mix {
  try      email, phone
  success  reply.received within 10 days
  choose   by greed
}
```

Write one of them:

```playbook right
use std.crm
use std.actions
experiment channel_mix {
  try      email, phone
  success  reply.received within 10 days
  choose   by thompson
}
```
"#,
};

const WAYS: &[&str] = &["evenly", "thompson", "ucb"];

/// None that is known.
pub(crate) fn diagnostic(file: FileId, how: &Name) -> Diagnostic {
    let headline = format!("nothing is chosen by `{}`", how.text);
    let found = Diagnostic::new(&CODE, headline, file, how.span, "not a way to choose")
        .help("write `choose evenly`, `choose by thompson` or `choose by ucb`");
    match nearest(&how.text, WAYS.iter().copied()) {
        Some(meant) => {
            let edit = Edit { file, span: how.span, replacement: meant.to_owned() };
            found.help(format!("did you mean `{meant}`?")).fix(format!("write `{meant}`"), false, vec![edit])
        }
        None => found,
    }
}

/// Known, and not written so: `choose thompson`.
pub(crate) fn written(file: FileId, clause: Span, right: &str) -> Diagnostic {
    let edit = Edit { file, span: clause, replacement: right.to_owned() };
    Diagnostic::new(&CODE, format!("it is written `{right}`"), file, clause, "read aloud, this sounds wrong")
        .help(format!("write `{right}`"))
        .fix(format!("write `{right}`"), true, vec![edit])
}
