//! E0506: a source that leaves out what has to be there.

use language::Span;

use crate::codes::words;
use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0506",
    name: "not-filled",
    severity: Severity::Error,
    page: r#"
A source leaves out a field that every record has: one without `?`. An event needs its `contact` and its time, `at`, and where several events
come in one file, its `name`.

```playbook wrong
use std.crm
source calls from csv "calls.csv" into call.made {
  contact from "Email" lookup Contact by email
}
```

Fill it:

```playbook right
use std.crm
source calls from csv "calls.csv" into call.made {
  contact from "Email" lookup Contact by email
  at      from "When"
}
```
"#,
};

/// A source of records: its name, the record kind, and the fields.
pub(crate) fn diagnostic(file: FileId, span: Span, source: &str, entity: &str, missing: &[&str]) -> Diagnostic {
    let fields = words::list(missing, "and", 6);
    Diagnostic::new(&CODE, format!("source `{source}` does not fill {fields}"), file, span, format!("every {entity} has to have {fields}"))
        .help(format!("fill it with a column, or declare it with `?` where it may be missing; to update only, write `into existing {entity}`"))
}

/// A source of events.
pub(crate) fn event(file: FileId, span: Span, source: &str, missing: &[&str]) -> Diagnostic {
    let fields = words::list(missing, "and", 6);
    let found = Diagnostic::new(
        &CODE,
        format!("source `{source}` does not fill {fields}"),
        file,
        span,
        format!("every event has to have {fields}"),
    );
    missing.iter().fold(found, |found, field| match *field {
        "contact" => found.help("say whose it is: `contact from \"Email\" lookup Contact by email`"),
        "at" => found.help("say when it happened: `at from \"When\"`"),
        _ => found.help("say which event it is: `name from \"What\", \"click\" means email.clicked`"),
    })
}
