//! E0229: a name that could mean several things.

use language::syntax::{Name, Path};
use smol_str::SmolStr;

use crate::codes::words;
use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0229",
    name: "ambiguous-name",
    severity: Severity::Error,
    page: r#"
A name could mean several things: a layer that two scores have, a field that is called like a layer, or a fact that two events have.

```playbook wrong
use std.crm
fact median_length of Contact is highest meeting.lasted
event meeting.moved { lasted: duration? }
```

Say which one is meant:

```playbook right
use std.crm
fact median_length of Contact is highest meeting.attended.lasted
event meeting.moved { lasted: duration? }
```
"#,
};

/// A field that is called like a layer of the score whose route it is.
pub(crate) fn field_or_layer(file: FileId, name: &Name, score: &str) -> Diagnostic {
    let text = &name.text;
    Diagnostic::new(
        &CODE,
        format!("`{text}` is a field and a layer of `{score}`"),
        file,
        name.span,
        "which one is meant?",
    )
    .help(format!("for the layer write `{score}.{text}`; for the field rename the layer"))
}

/// A layer that several scores have.
pub(crate) fn layers(file: FileId, name: &Name, scores: &[SmolStr]) -> Diagnostic {
    let text = &name.text;
    let full: Vec<String> = scores.iter().map(|score| format!("{score}.{text}")).collect();
    Diagnostic::new(&CODE, format!("several scores have a layer `{text}`"), file, name.span, "which one is meant?")
        .help(format!("write {}", words::list(&full, "or", 6)))
}

/// A fact that several events of that kind have.
pub(crate) fn event_fact(file: FileId, path: &Path, fact: &str, events: &[String]) -> Diagnostic {
    let full: Vec<String> = events.iter().map(|event| format!("{event}.{fact}")).collect();
    Diagnostic::new(
        &CODE,
        format!("several events have a fact `{}`", path.dotted()),
        file,
        path.span,
        "which one is meant?",
    )
    .help(format!("write {}", words::list(&full, "or", 6)))
}
