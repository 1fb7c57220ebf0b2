//! E0825: a limit in another unit than what is measured.

use language::Span;
use language::syntax::Path;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::lower::Unit;
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0825",
    name: "limit-does-not-fit",
    severity: Severity::Error,
    page: r#"
A goal's limit is in another unit than what it measures: a count is a number, a share (`with`) a percentage, spending money, and a sum is
in the unit of its field.

```playbook wrong
use std.crm
goal answers "they answer" at least 20% per week of reply.received
```

Write the limit in the unit of what is measured, or say of what it is a share:

```playbook right
use std.crm
goal answers "they answer" at least 20% per week of outreach.sent with reply.received
```
"#,
};

/// The limit, what it is a limit of, and which unit that has.
pub(crate) fn diagnostic(file: FileId, span: Span, written: &str, of: &str, unit: &str, example: &str) -> Diagnostic {
    Diagnostic::new(&CODE, format!("{of} is {unit}, and `{written}` is none"), file, span, format!("not {unit}"))
        .help(format!("write, for example, `{example}`"))
}

/// A limit in that unit.
pub(crate) fn example(unit: Unit, currency: &str) -> String {
    match unit {
        Unit::Percent => "at least 70%".to_owned(),
        Unit::Money => format!("over {currency} 50k"),
        Unit::Duration => "under 3 days".to_owned(),
        _ => "at least 20".to_owned(),
    }
}

/// A field that cannot be added up.
pub(crate) fn no_sum(file: FileId, path: &Path, kind: &str) -> Diagnostic {
    Diagnostic::new(&CODE, format!("`{}` cannot be added up", path.dotted()), file, path.span, kind)
        .help("name a field that holds a number or an amount of money, as in `deal.value`")
}
