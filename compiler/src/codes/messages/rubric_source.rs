//! E1007: a rubric that reads nothing that there is.

use language::syntax::Path;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E1007",
    name: "rubric-source",
    severity: Severity::Error,
    page: r#"
A rubric rates a text: the message that a workflow wrote, `from message`, or the notes of something that happened, `from
discovery.notes`.

```playbook wrong
rubric tone from email.body {
  5 "plain words"
  0 "praises itself"
}
```

```playbook right
rubric tone from message {
  5 "plain words"
  0 "praises itself"
}
```
"#,
};

/// What it is to read.
pub(crate) fn diagnostic(file: FileId, path: &Path) -> Diagnostic {
    let name = path.dotted();
    let notes = path.parts.first().map(|part| part.text.as_str()).unwrap_or_default();
    Diagnostic::new(&CODE, format!("a rubric cannot read `{name}`"), file, path.span, "not a text that there is")
        .help(format!("write `from message` for what is to be sent, or `from {notes}.notes` for what was written down"))
}
