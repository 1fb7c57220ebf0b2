//! E0602: a value that the field cannot hold.

use language::Span;
use language::syntax::Path;

use crate::diagnostics::{Code, Diagnostic, Edit, Severity};
use crate::program::FileId;
use crate::program::Type;

pub(crate) static CODE: Code = Code {
    id: "E0602",
    name: "given-value",
    severity: Severity::Error,
    page: r#"
A test gives a field a value that it cannot hold.

```playbook wrong
use std.crm
test "a large one" {
  given contact { company { employees: "many" } }
  expect company.employees > 20
}
```

Give it a value of its type, or `missing`:

```playbook right
use std.crm
test "a large one" {
  given contact { company { employees: 80 } }
  expect company.employees > 20
}
```
"#,
};

/// The value, the field, what that is, and how one writes such a value.
pub(crate) fn diagnostic(file: FileId, span: Span, written: &str, of: &str, kind: &str, example: &str) -> Diagnostic {
    Diagnostic::new(&CODE, format!("`{of}` is {kind}, and `{written}` is none"), file, span, format!("not {kind}"))
        .help(format!("write it as in `{of}: {example}`, or `{of}: missing`"))
}

/// A single value for a list.
pub(crate) fn not_a_list(file: FileId, span: Span, written: &str, of: &str) -> Diagnostic {
    let edits = vec![
        Edit { file, span: Span::new(span.start, span.start), replacement: "[".to_owned() },
        Edit { file, span: Span::new(span.end, span.end), replacement: "]".to_owned() },
    ];
    Diagnostic::new(&CODE, format!("`{of}` is a list"), file, span, "a single value")
        .help(format!("write `{of}: [{written}]`"))
        .fix(format!("write `[{written}]`"), true, edits)
}

/// A single value for a record.
pub(crate) fn record(file: FileId, span: Span, field: &Path, written: &str) -> Diagnostic {
    let name = field.dotted();
    Diagnostic::new(&CODE, format!("`{name}` is a record, and `{written}` is a value"), file, span, "a single value")
        .help(format!("give its fields: `{name} {{ name: … }}`"))
}

/// Fields for what is no record.
pub(crate) fn not_a_record(file: FileId, span: Span, field: &Path, kind: &str) -> Diagnostic {
    let name = field.dotted();
    Diagnostic::new(&CODE, format!("`{name}` is {kind}: it has no fields"), file, span, "not a record")
        .help(format!("write `{name}: …`"))
}

/// How one writes a value of that type.
pub(crate) fn example(ty: &Type, currency: &str) -> String {
    match ty {
        Type::Text => "\"…\"".to_owned(),
        Type::Number | Type::Score => "80".to_owned(),
        Type::YesNo => "yes".to_owned(),
        Type::Percent => "25%".to_owned(),
        Type::Money => format!("{currency} 50k"),
        Type::Duration => "3 hours".to_owned(),
        Type::Date => "2026-03-01".to_owned(),
        Type::Time => "2026-03-01 09:00".to_owned(),
        Type::OneOf(words) => words.first().map_or_else(String::new, ToString::to_string),
        Type::List(_) => "[\"…\"]".to_owned(),
        Type::Record(_) => "{ … }".to_owned(),
    }
}
