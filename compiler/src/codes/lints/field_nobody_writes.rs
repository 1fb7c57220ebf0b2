//! `field-nobody-writes`: a row of permissions in which nobody may write.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "field-nobody-writes",
    name: "field-nobody-writes",
    severity: Severity::Warning,
    page: r#"
A row of `permissions` is about a field or a score that some agents may read and none may write, and no source fills it. It stays as it is
for ever, which for a score means that no agent ever asks for it.

```playbook wrong
use std.crm
agent Finder { hands "names" to human }
agent Keeper { hands "reports" to human }
permissions {
  |            | Finder | Keeper |
  | Deal       | read   | write  |
  | Deal.value | read   | read   |
}
```

Let one of them write it, or say that people do, `// allow field-nobody-writes because "…"`:

```playbook right
use std.crm
agent Finder { hands "names" to human }
agent Keeper { hands "reports" to human }
permissions {
  |            | Finder | Keeper |
  | Deal       | read   | write  |
  | Deal.value | read   | write  |
}
```
"#,
};

/// A cell of the row, what the row is about, and whether that is a score.
pub(crate) fn diagnostic(file: FileId, span: Span, object: &str, is_score: bool) -> Diagnostic {
    let headline = if is_score { "nobody may ask for" } else { "nobody may write" };
    let label =
        if is_score { "no agent of this row may have it computed" } else { "no agent of this row may write it" };
    Diagnostic::new(&CODE, format!("{headline} `{object}`"), file, span, label)
        .help("give one agent the right, or leave the row out: the record's own row decides then")
}
