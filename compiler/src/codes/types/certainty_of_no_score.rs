//! E0319: `certainly` of what is no score.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0319",
    name: "certainty-of-no-score",
    severity: Severity::Error,
    page: r#"
`certainly` and `provisionally` ask whether a route could still change by what is unknown. Only a score has routes.

```playbook wrong
use std.crm
fact builder of Company is industry is certainly construction
```

Leave the word out:

```playbook right
use std.crm
fact builder of Company is industry is construction
```
"#,
};

/// The word, and the subject with what it is.
pub(crate) fn diagnostic(file: FileId, word: Span, subject: Span, written: &str, kind: &str) -> Diagnostic {
    Diagnostic::new(
        &CODE,
        format!("only the route of a score is certain or provisional, and `{written}` is {kind}"),
        file,
        word,
        "asks how certain it is",
    )
    .label(file, subject, kind)
    .help("leave the word out")
}
