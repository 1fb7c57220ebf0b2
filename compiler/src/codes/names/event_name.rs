//! E0230: an event whose name has not two words.

use language::syntax::Path;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0230",
    name: "event-name",
    severity: Severity::Error,
    page: r#"
An event's name has two words: what it is about and what happened to it. Conditions tell events from fields by that.

```playbook wrong
use std.crm
event quiz { result: one of [dry, damp] }
```

Say what happened:

```playbook right
use std.crm
event quiz.completed { result: one of [dry, damp] }
```
"#,
};

/// The name.
pub(crate) fn diagnostic(file: FileId, path: &Path) -> Diagnostic {
    let name = path.dotted();
    let words = path.parts.len();
    let first = path.parts.first().map_or("", |part| part.text.as_str());
    let label = if words == 1 { "one word" } else { "more than two words" };
    Diagnostic::new(&CODE, format!("an event has two words, and `{name}` has not"), file, path.span, label)
        .help(format!("say what it is about and what happened: `{first}.completed`, `{first}.viewed`"))
}
