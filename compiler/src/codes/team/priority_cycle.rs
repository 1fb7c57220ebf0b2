//! E0909: priorities that go round in a circle.

use language::Span;
use smol_str::SmolStr;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0909",
    name: "priority-cycle",
    severity: Severity::Error,
    page: r#"
Lines of `priority` that always hold put an agent before itself: the first before the second, the second before the third, and the
third before the first. Where all of them meet, nobody could go first.

```playbook wrong
use std.crm
agent Researcher { hands "prospect list" to human }
agent Writer     { hands "drafts" to human }
agent Closer     { hands "proposal" to human }

priority {
  Closer     over Writer
  Writer     over Researcher
  Researcher over Closer
}
```

Leave one of the lines out, or say when it holds:

```playbook right
use std.crm
agent Researcher { hands "prospect list" to human }
agent Writer     { hands "drafts" to human }
agent Closer     { hands "proposal" to human }

priority {
  Researcher over Closer while contact is lead
  Closer     over Writer
  Writer     over Researcher
}
```
"#,
};

/// The line that closes the circle, the agents on the way back, and the lines that say so.
pub(crate) fn diagnostic(file: FileId, span: Span, way: &[SmolStr], by: &[(FileId, Span)]) -> Diagnostic {
    let circle: Vec<String> = way.iter().map(|agent| format!("`{agent}`")).collect();
    let headline = match way {
        [one, other] => format!("`{one}` and `{other}` each go before the other"),
        _ => "these priorities go round in a circle".to_owned(),
    };
    let mut found = Diagnostic::new(&CODE, headline, file, span, "closes the circle");
    for (at, (file, span)) in by.iter().enumerate() {
        if let (Some(first), Some(second)) = (way.get(at), way.get(at + 1)) {
            found = found.label(*file, *span, format!("{first} before {second}"));
        }
    }
    if way.len() > 2 {
        found =
            found.note(format!("{} before {}", circle.join(" before "), circle.first().cloned().unwrap_or_default()));
    }
    found.help("leave one of the lines out, or say with `while` when it holds, above the others")
}
