//! E0227: a name that means something else already.

use language::syntax::FieldDeclaration;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0227",
    name: "reserved-name",
    severity: Severity::Error,
    page: r#"
A field has a name that means something else already: a word that databases keep for themselves, `id`, `today`, `now`, or, in an
event, what every event has: `contact`, `at`, `name` and `external_id`.

```playbook wrong
use std.crm
extend Deal { order: number? }
```

Say more exactly what it is:

```playbook right
use std.crm
extend Deal { order_number: number? }
```
"#,
};

/// A field of a record, with the column that it would have.
pub(crate) fn field(file: FileId, field: &FieldDeclaration, column: &str) -> Diagnostic {
    let name = field.name.dotted();
    let what = match column {
        "today" | "now" => "in a condition it means the present",
        "yes" | "no" => "in a condition it is an answer",
        "id" => "every record has one of its own",
        _ => "databases keep the word for themselves",
    };
    let instead = match column {
        "today" | "now" | "yes" | "no" => "give it another name",
        "id" => "call it by whose it is, as in `external_id`",
        _ => "say more exactly what it is, as in `order_number` for `order`",
    };
    Diagnostic::new(&CODE, format!("a field cannot be called `{name}`"), file, field.name.span, what).help(instead)
}

/// A fact that every event has.
pub(crate) fn event_fact(file: FileId, field: &FieldDeclaration) -> Diagnostic {
    let name = field.name.dotted();
    let (what, instead) = match name.as_str() {
        "at" => (
            "every event has a time, `at`: when it happened",
            "for another time, write `starts_at: time`, and for no other leave it out",
        ),
        "contact" => ("every event has a `contact`: whose it is", "leave it out"),
        "name" => ("sources say with `name` which event it is", "call it `title` or `full_name`"),
        _ => ("sources know an event again by `external_id`", "call it by what it identifies, as in `order_number`"),
    };
    Diagnostic::new(&CODE, format!("an event's fact cannot be called `{name}`"), file, field.name.span, what)
        .help(instead)
}
