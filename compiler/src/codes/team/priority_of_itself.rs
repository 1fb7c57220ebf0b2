//! E0908: a line of priority that says nothing about two agents.

use language::Span;
use language::syntax::Name;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0908",
    name: "priority-of-itself",
    severity: Severity::Error,
    page: r#"
A line of `priority` puts an agent before others: not before itself, before each of them once, or before `everyone` alone.

```playbook wrong
use std.crm
agent Researcher { hands "prospect list" to human }
agent Closer     { hands "proposal" to human }

priority {
  Closer over Closer
}
```

```playbook right
use std.crm
agent Researcher { hands "prospect list" to human }
agent Closer     { hands "proposal" to human }

priority {
  Closer over Researcher
}
```
"#,
};

/// The name, and where the agent goes first.
pub(crate) fn diagnostic(file: FileId, name: &Name, first: Span) -> Diagnostic {
    Diagnostic::new(&CODE, format!("`{}` cannot go before itself", name.text), file, name.span, "the same agent")
        .label(file, first, "goes first here")
        .help("name the agents that come second, or `everyone`")
}

/// An agent named twice.
pub(crate) fn twice(file: FileId, name: &Name, first: Span) -> Diagnostic {
    Diagnostic::new(&CODE, format!("`{}` is named twice", name.text), file, name.span, "again here")
        .label(file, first, "first here")
        .help("leave one of them out")
}

/// `everyone` beside others.
pub(crate) fn everyone_and_more(file: FileId, name: &Name) -> Diagnostic {
    Diagnostic::new(&CODE, "`everyone` leaves nobody to name beside it", file, name.span, "all other agents")
        .help("write `everyone` alone, or name those that are meant")
}
