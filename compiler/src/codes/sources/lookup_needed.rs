//! E0507: a record that is not looked up, or looked up as another.

use language::Span;
use language::syntax::{FieldMapping, Name, Path};

use crate::diagnostics::{Code, Diagnostic, Edit, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0507",
    name: "wrong-lookup",
    severity: Severity::Error,
    page: r#"
A field that is a record (`company`, `owner`, an event's `contact`) is found by one of that record's own fields: `lookup Company by domain`.
Other fields are filled from the cell itself.

```playbook wrong
use std.crm
source leads from csv "leads.csv" into Contact by email {
  email   from "Email"
  company from "Company"
}
```

Say by what it is found, and whether to create it where it is not there:

```playbook right
use std.crm
source leads from csv "leads.csv" into Contact by email {
  email   from "Email"
  company from "Company" lookup Company by name or create
}
```
"#,
};

/// A record without a lookup: the line, the record kind, and a field that could find it.
pub(crate) fn diagnostic(file: FileId, line: &FieldMapping, entity: &str, key: &str) -> Diagnostic {
    let name = line.target.dotted();
    let end = line.span.end;
    let edit = Edit { file, span: Span::new(end, end), replacement: format!(" lookup {entity} by {key}") };
    Diagnostic::new(
        &CODE,
        format!("it is not said how `{name}` is found"),
        file,
        line.span,
        format!("`{name}` is a record: {entity}"),
    )
    .help(format!("say by which of its fields: `lookup {entity} by {key}`, or `… or create` to make new ones"))
    .fix(format!("write `lookup {entity} by {key}`"), false, vec![edit])
}

/// A lookup of another record kind.
pub(crate) fn other_entity(file: FileId, line: &FieldMapping, entity: &Name, wanted: &str) -> Diagnostic {
    let edit = Edit { file, span: entity.span, replacement: wanted.to_owned() };
    let headline = format!("`{}` is a {wanted}, and {} is looked up", line.target.dotted(), entity.text);
    Diagnostic::new(&CODE, headline, file, entity.span, "another record kind")
        .help(format!("write `lookup {wanted}`"))
        .fix(format!("write `{wanted}`"), false, vec![edit])
}

/// A lookup by a field that is no key.
pub(crate) fn not_a_key(file: FileId, by: &Path, kind: &str) -> Diagnostic {
    Diagnostic::new(
        &CODE,
        format!("`{}` is {kind}, and a key is a text or a number", by.dotted()),
        file,
        by.span,
        kind.to_owned(),
    )
    .help("choose a field that is different for each record, such as `email` or `external_id`")
}

/// A lookup where no record is.
pub(crate) fn no_relation(file: FileId, span: Span, target: &Path) -> Diagnostic {
    Diagnostic::new(
        &CODE,
        format!("`{}` is no record, so nothing can be looked up", target.dotted()),
        file,
        span,
        "filled from the cell itself",
    )
    .help("leave it out")
}
