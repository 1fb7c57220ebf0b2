//! E0231: a standard field that is given another type.

use language::Span;
use language::syntax::FieldDeclaration;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0231",
    name: "field-type-fixed",
    severity: Severity::Error,
    page: r#"
`extend` gives a standard field another type. It may only say which words a text, or a list of words, can be: presets and the engine
rely on everything else.

```playbook wrong
use std.crm
extend Company { employees: text? }
```

Leave the field as it is, or record yours under another name:

```playbook right
use std.crm
extend Company {
  headcount: text?
  industry:  one of [construction, solar_epc, other]
}
```
"#,
};

/// The field as declared again, its record kind, and where the standard declares it.
pub(crate) fn diagnostic(file: FileId, field: &FieldDeclaration, entity: &str, standard: (FileId, Span)) -> Diagnostic {
    let name = field.name.dotted();
    Diagnostic::new(
        &CODE,
        format!("the type of `{entity}.{name}` is given"),
        file,
        field.span,
        "declared with another type",
    )
    .label(standard.0, standard.1, "it is a standard field")
    .note("a client may only say which words a standard text can be: `one of [a, b]`")
    .help("leave it out, or give yours another name")
}
