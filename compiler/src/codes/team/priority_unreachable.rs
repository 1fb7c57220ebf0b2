//! E0910: a line of priority that is never reached.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0910",
    name: "priority-unreachable",
    severity: Severity::Error,
    page: r#"
Lines of `priority` are read from the top, and the first that holds counts. A line that always holds leaves nothing to those below it
about the same agents.

```playbook wrong
use std.crm
agent Researcher { hands "prospect list" to human }
agent Closer     { hands "proposal" to human }

priority {
  Closer     over Researcher
  Researcher over Closer     while contact is lead
}
```

Put what holds at times above what always holds:

```playbook right
use std.crm
agent Researcher { hands "prospect list" to human }
agent Closer     { hands "proposal" to human }

priority {
  Researcher over Closer     while contact is lead
  Closer     over Researcher
}
```
"#,
};

/// The line, and the one above that always holds.
pub(crate) fn diagnostic(file: FileId, span: Span, above: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "this line is never reached", file, span, "these agents are in order already")
        .label(file, above, "always holds")
        .help("put it above the line that always holds, or leave it out")
}
