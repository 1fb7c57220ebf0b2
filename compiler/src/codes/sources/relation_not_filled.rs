//! E0508: a field of another record that the source does not look up.

use language::syntax::Path;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0508",
    name: "record-not-found-first",
    severity: Severity::Error,
    page: r#"
A line fills a field of a record that this one belongs to, and no line of the source says which record that is.

```playbook wrong
use std.crm
source leads from csv "leads.csv" into Contact by email {
  email             from "Email"
  company.employees from "Staff"
}
```

Look the record up in the same source:

```playbook right
use std.crm
source leads from csv "leads.csv" into Contact by email {
  email             from "Email"
  company           from "Domain" lookup Company by domain or create
  company.employees from "Staff"
}
```
"#,
};

/// The target, the relation that nobody fills, and the other record kind.
pub(crate) fn diagnostic(file: FileId, target: &Path, relation: &str, entity: &str) -> Diagnostic {
    let headline = format!("`{}` needs to know which {relation} it is", target.dotted());
    Diagnostic::new(&CODE, headline, file, target.span, format!("no line fills `{relation}`"))
        .help(format!("look it up in this source: `{relation} from \"…\" lookup {entity} by … or create`"))
}

/// A field two records away, or a record of a record.
pub(crate) fn too_far(file: FileId, target: &Path) -> Diagnostic {
    Diagnostic::new(
        &CODE,
        format!("`{}` is too far away for a row to fill", target.dotted()),
        file,
        target.span,
        "beyond the record that is looked up",
    )
    .help("fill it with a source of its own")
}
