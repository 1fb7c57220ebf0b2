//! E0226: a field that is there twice.

use language::Span;
use language::syntax::FieldDeclaration;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0226",
    name: "duplicate-field",
    severity: Severity::Error,
    page: r#"
Two fields have the same name, or would have the same column in the CRM: dots become `_`, and what belongs to another record ends in `_id`.

```playbook wrong
use std.crm
extend Company {
  tools: list of text?
  tools: text?
}
```

Keep one of them:

```playbook right
use std.crm
extend Company {
  tools: list of text?
}
```
"#,
};

/// The second field, and the place of the first.
pub(crate) fn diagnostic(file: FileId, field: &FieldDeclaration, first: (FileId, Span)) -> Diagnostic {
    let name = field.name.dotted();
    Diagnostic::new(&CODE, format!("field `{name}` is declared twice"), file, field.name.span, "declared again here")
        .label(first.0, first.1, "first declared here")
        .help("keep one of them")
}

/// Two names of one column.
pub(crate) fn column(file: FileId, field: &FieldDeclaration, column: &str, first: (FileId, Span, &str)) -> Diagnostic {
    let name = field.name.dotted();
    let headline = format!("fields `{name}` and `{}` would share one column", first.2);
    Diagnostic::new(&CODE, headline, file, field.name.span, format!("column `{column}`"))
        .label(first.0, first.1, format!("column `{column}` as well"))
        .note("in the CRM dots become `_`, capitals do not count, and what belongs to another record ends in `_id`")
        .help("give one of them another name")
}
