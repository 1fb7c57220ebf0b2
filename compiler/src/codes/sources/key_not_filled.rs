//! E0505: a key that cannot tell records apart.

use language::Span;
use language::syntax::Path;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0505",
    name: "bad-key",
    severity: Severity::Error,
    page: r#"
`by` names the field by which a row is known again, so that the next import updates instead of doubling. The source has to fill it, and it is a
text or a number. Events are known again by `external_id`.

```playbook wrong
use std.crm
source leads from csv "leads.csv" into Contact by email {
  first_name from "First name"
}
```

Fill the key:

```playbook right
use std.crm
source leads from csv "leads.csv" into Contact by email {
  email      from "Email"
  first_name from "First name"
}
```
"#,
};

/// A key that no line fills.
pub(crate) fn diagnostic(file: FileId, key: &Path) -> Diagnostic {
    let name = key.dotted();
    Diagnostic::new(&CODE, format!("the key `{name}` is not filled"), file, key.span, "no line fills it")
        .help(format!("add the column that it stands in: `{name} from \"…\"`"))
}

/// A field of a type that is no key.
pub(crate) fn not_a_key(file: FileId, key: &Path, kind: &str) -> Diagnostic {
    Diagnostic::new(
        &CODE,
        format!("`{}` is {kind}, and a key is a text or a number", key.dotted()),
        file,
        key.span,
        kind.to_owned(),
    )
    .help("choose a field that is different for each record, such as `email` or `external_id`")
}

/// Events known by something else.
pub(crate) fn event(file: FileId, key: &Path) -> Diagnostic {
    Diagnostic::new(&CODE, "events are known again by `external_id`", file, key.span, "not a key of events")
        .help("write `by external_id` and fill it, or leave `by` out: then an event is known by all it says")
}

/// Updates without a key.
pub(crate) fn existing(file: FileId, into: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "existing records are found by a key, and none is named", file, into, "which ones?")
        .help("write by which field: `by external_id`")
}
