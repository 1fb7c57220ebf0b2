//! E0807: an act that no action declares.

use language::syntax::Name;
use smol_str::SmolStr;

use super::suggested;
use crate::codes::words;
use crate::diagnostics::{Code, Diagnostic, Files, Severity};
use crate::modules::standard;
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0807",
    name: "unknown-action",
    severity: Severity::Error,
    page: r#"
A stage does something that nobody can do: no `action` declares the verb. `use std.team` brings what the built-in workers can do.

```playbook wrong
use std.crm
action research internal
workflow Greeting for Contact {
  stage Hello {
    do reserch contact
    next Done after 2 days
  }
  end Done as greeted
}
```

Write something that can be done, or declare it:

```playbook right
use std.crm
action research internal
workflow Greeting for Contact {
  stage Hello {
    do research contact
    next Done after 2 days
  }
  end Done as greeted
}
```
"#,
};

/// The verb, and those that are declared.
pub(crate) fn diagnostic(files: &Files, file: FileId, verb: &Name, known: &[SmolStr]) -> Diagnostic {
    let headline = format!("nobody can `{}`", verb.text);
    let found = Diagnostic::new(&CODE, headline, file, verb.span, "no `action` of that name");
    if let Some(module) = standard::module_declaring("action", &verb.text) {
        return words::used(found, files, file, &module);
    }
    let declare = format!("declare it: `action {} internal`, or `external` where it reaches somebody", verb.text);
    suggested(found, file, verb.span, &verb.text, known).help(declare)
}
