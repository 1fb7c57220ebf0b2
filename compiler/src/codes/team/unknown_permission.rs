//! E0905: a row of permissions about nothing that there is.

use language::syntax::Path;

use super::suggested;
use crate::codes::words;
use crate::diagnostics::{Code, Diagnostic, Files, Severity};
use crate::modules::standard;
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0905",
    name: "unknown-permission",
    severity: Severity::Error,
    page: r#"
A row of `permissions` is about a record kind (`Contact`), a field or score of one (`Deal.stage`, `Contact.icp`), an action (`send`, or
one way of doing it, `send.email`), or `spend`: whatever costs money.

```playbook wrong
use std.crm
agent Researcher { hands "prospect list" to human }

permissions {
  |         | Researcher |
  | Contcat | write      |
}
```

Write what is there:

```playbook right
use std.crm
agent Researcher { hands "prospect list" to human }

permissions {
  |         | Researcher |
  | Contact | write      |
}
```
"#,
};

/// The path, and what a row can begin with.
pub(crate) fn diagnostic(files: &Files, file: FileId, path: &Path, known: &[&str]) -> Diagnostic {
    let name = path.dotted();
    let found = Diagnostic::new(
        &CODE,
        format!("nothing is called `{name}` that an agent could touch or do"),
        file,
        path.span,
        "neither a record kind nor an action",
    );
    // What the library declares was not misspelled, however like something else it looks.
    let module = path.parts.first().and_then(|verb| standard::module_declaring("action", &verb.text));
    if let Some(module) = module {
        return words::used(found, files, file, &module);
    }
    suggested(found, file, (path.span, &name), known)
}

/// `send.emial`
pub(crate) fn variant(file: FileId, path: &Path, verb: &str, known: &[&str]) -> Diagnostic {
    let name = path.dotted();
    let found = Diagnostic::new(&CODE, format!("there is no action `{name}`"), file, path.span, "not declared");
    if known.is_empty() {
        return found.help(format!("`{verb}` is done in one way only: write `{verb}`"));
    }
    suggested(found, file, (path.span, &name), known)
}

/// `Deal.contact.email`, where `Contact.email` is meant.
pub(crate) fn elsewhere(file: FileId, path: &Path, owner: &str, field: &str) -> Diagnostic {
    let meant = format!("{owner}.{field}");
    let edit = crate::diagnostics::Edit { file, span: path.span, replacement: meant.clone() };
    Diagnostic::new(
        &CODE,
        format!("`{}` is a field of {owner}", path.dotted()),
        file,
        path.span,
        "a row names a field of the record that has it",
    )
    .help(format!("write `{meant}`"))
    .fix(format!("write `{meant}`"), true, vec![edit])
}
