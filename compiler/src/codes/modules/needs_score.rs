//! E0210: a module of the library that asks for a score, which the playbook that uses it does not declare.

use language::Span;

use crate::codes::words;
use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0210",
    name: "module-needs-score",
    severity: Severity::Error,
    page: r#"
The library's workflows decide by a score that each client declares for itself, because who fits differs from client to client. The
playbook uses such a workflow and has no score of that name.

```playbook wrong
use std.lead_generation
```

Declare it, with the routes that the workflows ask for: hot, warm and cold.

```playbook right
use std.lead_generation

score icp for Contact {
  +60 when country is "NZ"
  +30 when phone is known
  route {
    hot  when icp >= 60
    warm when icp >= 30
    cold otherwise
  }
}
```
"#,
};

/// So many places are named.
const PLACES: usize = 4;

/// The `use`, the module that it names, the score, whose it has to be, and where it is asked for.
pub(crate) fn diagnostic(
    (file, span): (FileId, Span),
    module: &str,
    score: &str,
    of: Option<&str>,
    places: &[String],
) -> Diagnostic {
    let module = module.trim_start_matches("use").trim();
    let record = of.unwrap_or("Contact");
    Diagnostic::new(
        &CODE,
        format!("`{module}` needs a score named `{score}` for {record}"),
        file,
        span,
        "its workflows decide by that score",
    )
    .note(format!("it is asked for in {}", words::list(places, "and", PLACES)))
    .help(format!("declare it: `score {score} for {record} {{ … }}`, with a route of hot, warm and cold"))
}
