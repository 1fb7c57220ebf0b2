//! `undeclared-permission`: a row of permissions about a field that the record does not have.

use language::syntax::Path;

use crate::diagnostics::{Code, Diagnostic, Edit, Severity};
use crate::nearest::nearest;
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "undeclared-permission",
    name: "undeclared-permission",
    severity: Severity::Warning,
    page: r#"
A row of `permissions` names a field that is not declared. It may be meant for later; until then it allows nothing and denies nothing,
and a slip of the keyboard would look the same.

```playbook wrong
use std.crm
agent Keeper { hands "health report" to human }

permissions {
  |                 | Keeper |
  | Deal.churn_risk | write  |
}
```

Declare the field, or correct its name:

```playbook right
use std.crm
extend Deal { churn_risk: percent? }
agent Keeper { hands "health report" to human }

permissions {
  |                 | Keeper |
  | Deal.churn_risk | write  |
}
```
"#,
};

/// The path, its record kind, the name behind it, and the fields that there are.
pub(crate) fn diagnostic(file: FileId, path: &Path, (entity, field): (&str, &str), known: &[&str]) -> Diagnostic {
    let found = Diagnostic::new(
        &CODE,
        format!("{entity} has no field or score `{field}`"),
        file,
        path.span,
        "this row is about nothing yet",
    );
    match nearest(field, known.iter().copied()) {
        Some(meant) => {
            let meant = format!("{entity}.{meant}");
            let edit = Edit { file, span: path.span, replacement: meant.clone() };
            found.help(format!("did you mean `{meant}`?")).fix(format!("write `{meant}`"), false, vec![edit])
        }
        None => found.help(format!("declare it, `extend {entity} {{ {field}: … }}`, or leave the row out")),
    }
}
