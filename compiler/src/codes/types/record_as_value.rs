//! E0320: a record, or a constant, asked what it is.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0320",
    name: "record-as-value",
    severity: Severity::Error,
    page: r#"
Something is asked what it is that has no value of its own: a record that this one belongs to has fields, and those have values; what is written
out is what it is.

```playbook wrong
use std.crm
fact acme of Contact is company is "Acme"
```

Ask for a field of it:

```playbook right
use std.crm
fact acme of Contact is company.name is "Acme"
```
"#,
};

/// A record.
pub(crate) fn diagnostic(file: FileId, span: Span, written: &str) -> Diagnostic {
    Diagnostic::new(&CODE, format!("`{written}` is a record, not a value"), file, span, "a record")
        .help(format!("ask for one of its fields, as in `{written}.name`, or whether it `is known`"))
}

/// A text, a word or an answer on the left.
pub(crate) fn constant(file: FileId, span: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "what is written out is what it is: nothing is asked", file, span, "not a field")
        .help("write the field first, and what it has to be behind `is`")
}
