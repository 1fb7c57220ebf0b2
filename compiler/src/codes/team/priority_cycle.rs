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
third before the first. Where all of them meet, nobody could go first. So do lines with `while`, where all that they ask for can be so at once.

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

Leave one of the lines out, or turn it round:

```playbook right
use std.crm
agent Researcher { hands "prospect list" to human }
agent Writer     { hands "drafts" to human }
agent Closer     { hands "proposal" to human }

priority {
  Closer     over Writer
  Writer     over Researcher
  Closer     over Researcher
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
    found.help("leave one of the lines out, or turn it round")
}

/// The line that closes the circle, the agents, the other lines, and all of their words: while all of them hold.
pub(crate) fn while_all_hold(
    (file, span): (FileId, Span),
    way: &[SmolStr],
    others: &[(FileId, Span)],
    words: &[&str],
) -> Diagnostic {
    let circle: Vec<String> = way.iter().chain(way.first()).map(|agent| format!("`{agent}`")).collect();
    let headline = "these priorities go round in a circle while all of them hold";
    let mut found = Diagnostic::new(&CODE, headline, file, span, "closes the circle");
    for (file, span) in others {
        found = found.label(*file, *span, "and this");
    }
    let words: Vec<String> = words.iter().map(|words| format!("`{words}`")).collect();
    found.note(circle.join(" before ")).note(format!("nothing keeps {} from holding at once", words.join(", "))).help(
        "put a line above them that decides between two of these agents, or let one hold only where another does not",
    )
}
