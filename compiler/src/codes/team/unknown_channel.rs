//! E0911: a channel that nothing is sent over.

use language::syntax::Name;
use smol_str::SmolStr;

use super::suggested;
use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0911",
    name: "unknown-channel",
    severity: Severity::Error,
    page: r#"
A channel is a way in which something can be sent: the last word of an `action send`. `use std.actions` brings email, linkedin, phone,
sms and letter.

```playbook wrong
use std.actions
contact policy {
  consent for [emial]
}
```

```playbook right
use std.actions
contact policy {
  consent for [email]
}
```

Another channel is declared as an action: `action send whatsapp external`.
"#,
};

/// The channel, and those that there are.
pub(crate) fn diagnostic(file: FileId, name: &Name, known: &[SmolStr]) -> Diagnostic {
    let found =
        Diagnostic::new(&CODE, format!("there is no channel `{}`", name.text), file, name.span, "nothing is sent so");
    let known: Vec<&str> = known.iter().map(SmolStr::as_str).collect();
    if known.is_empty() {
        return found.help("channels come with `use std.actions`: add that line");
    }
    suggested(found, file, (name.span, &name.text), &known)
}
