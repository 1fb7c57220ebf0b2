//! E0312: a range that ends before it begins.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Edit, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0312",
    name: "backwards-range",
    severity: Severity::Error,
    page: r#"
A range ends before it begins, so nothing is in it. `is from A to B` holds both ends.

```playbook wrong
use std.crm
fact middle of Company is employees is from 250 to 20
```

Write the smaller end first:

```playbook right
use std.crm
fact middle of Company is employees is from 20 to 250
```
"#,
};

/// Both ends with their texts.
pub(crate) fn diagnostic(file: FileId, low: (Span, &str), high: (Span, &str)) -> Diagnostic {
    let edits = vec![
        Edit { file, span: low.0, replacement: high.1.to_owned() },
        Edit { file, span: high.0, replacement: low.1.to_owned() },
    ];
    Diagnostic::new(
        &CODE,
        format!("nothing is from `{}` to `{}`", low.1, high.1),
        file,
        low.0.to(high.0),
        "ends before it begins",
    )
    .help("write the smaller end first")
    .fix(format!("write `from {} to {}`", high.1, low.1), true, edits)
}
