//! E1006: an experiment tries what is no channel.

use language::syntax::Name;
use smol_str::SmolStr;

use crate::codes::words;
use crate::diagnostics::{Code, Diagnostic, Edit, Severity};
use crate::nearest::nearest;
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E1006",
    name: "unknown-arm",
    severity: Severity::Error,
    page: r#"
An experiment tries channels: the ways in which something can be sent. `use std.actions` brings email, linkedin, phone, sms and letter.

```playbook wrong
use std.crm
use std.actions
experiment channel_mix {
  try      email, linkdin
  success  reply.received within 10 days
}
```

```playbook right
use std.crm
use std.actions
experiment channel_mix {
  try      email, linkedin
  success  reply.received within 10 days
}
```

Another channel is declared as an action: `action send whatsapp external`.
"#,
};

/// What is tried, and the channels that there are.
pub(crate) fn diagnostic(file: FileId, arm: &Name, known: &[SmolStr]) -> Diagnostic {
    let found =
        Diagnostic::new(&CODE, format!("there is no channel `{}`", arm.text), file, arm.span, "nothing is sent so");
    if let Some(meant) = nearest(&arm.text, known.iter().map(SmolStr::as_str)) {
        let edit = Edit { file, span: arm.span, replacement: meant.to_owned() };
        return found.help(format!("did you mean `{meant}`?")).fix(format!("write `{meant}`"), false, vec![edit]);
    }
    if known.is_empty() {
        return found.help("channels come with `use std.actions`: add that line");
    }
    found.help(format!("there is {}", words::list(known, "and", 12)))
}
