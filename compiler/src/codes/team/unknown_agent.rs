//! E0901: an agent that nothing declares.

use language::syntax::Name;

use super::suggested;
use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::modules::standard;
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0901",
    name: "unknown-agent",
    severity: Severity::Error,
    page: r#"
An agent is named that is not declared: as a column of `permissions`, in a line of `priority`, behind `by`, or in a test.

```playbook wrong
use std.crm
agent Researcher { hands "prospect list" to human }

permissions {
  |          | Reseacher |
  | Contact  | write     |
}
```

Write an agent that is there. `use std.team` brings LeadGen, Qualification, Conversion and Lifecycle.

```playbook right
use std.crm
agent Researcher { hands "prospect list" to human }

permissions {
  |          | Researcher |
  | Contact  | write      |
}
```
"#,
};

/// The name, and the agents that there are.
pub(crate) fn diagnostic(file: FileId, name: &Name, known: &[&str]) -> Diagnostic {
    let found = Diagnostic::new(&CODE, format!("there is no agent `{}`", name.text), file, name.span, "not declared");
    if let Some(module) = standard::module_declaring("agent", &name.text) {
        return found.help(format!("it comes with `use {module}`: add that line"));
    }
    let found = suggested(found, file, (name.span, &name.text), known);
    if known.is_empty() {
        found.help(format!("declare it, `agent {} {{ … }}`, or `use std.team`", name.text))
    } else {
        found
    }
}
