//! E0703: business hours that nobody could keep.

use language::Span;
use language::syntax::Name;

use crate::diagnostics::{Code, Diagnostic, Edit, Severity};
use crate::nearest::nearest;
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0703",
    name: "bad-hours",
    severity: Severity::Error,
    page: r#"
Business hours begin in the morning and end later on the same day, the same on each of the days named.

```playbook wrong
client "Acme" {
  hours mon to fri, 17:30 to 08:30
}
```

Write when they begin and when they end:

```playbook right
client "Acme" {
  hours mon to fri, 08:30 to 17:30
}
```
"#,
};

/// A day that is none.
pub(crate) fn weekday(file: FileId, name: &Name, days: &[&str]) -> Diagnostic {
    let found = Diagnostic::new(
        &CODE,
        format!("there is no weekday `{}`", name.text),
        file,
        name.span,
        "not a day of the week",
    );
    let short: String = name.text.to_lowercase().chars().take(3).collect();
    match days.iter().copied().find(|day| *day == short).or_else(|| nearest(&name.text, days.iter().copied())) {
        Some(meant) => {
            let edit = Edit { file, span: name.span, replacement: meant.to_owned() };
            found.help(format!("write `{meant}`")).fix(format!("write `{meant}`"), true, vec![edit])
        }
        None => found.help(format!("days are {}", days.join(", "))),
    }
}

/// Hours that end before they begin.
pub(crate) fn backwards(file: FileId, clause: Span, from: Span, to: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "business hours end before they begin", file, to, "not later than the beginning")
        .label(file, from, "begin here")
        .label(file, clause, "")
        .help("write when they begin and when they end on the same day, as in `08:30 to 17:30`")
}
