//! E0306: a value where a condition belongs.

use language::Span;
use smol_str::SmolStr;

use crate::codes::words;
use crate::diagnostics::{Code, Diagnostic, Edit, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0306",
    name: "not-a-condition",
    severity: Severity::Error,
    page: r#"
A value stands where a condition belongs. A condition is true or false: it says what is asked of the value. A yes/no field is asked
whether it `is yes`, a score whether it `is hot`, a number whether it is more or less than another.

```playbook wrong
use std.crm
extend Contact { home_owner: yes/no? }
score fit for Contact {
  +10 when home_owner because "owns the house"
}
```

Say what is asked:

```playbook right
use std.crm
extend Contact { home_owner: yes/no? }
score fit for Contact {
  +10 when home_owner is yes because "owns the house"
}
```
"#,
};

/// A yes/no without its answer.
pub(crate) fn yes_no(file: FileId, span: Span, written: &str) -> Diagnostic {
    let edit = Edit { file, span: Span::new(span.end, span.end), replacement: " is yes".to_owned() };
    Diagnostic::new(&CODE, format!("`{written}` does not say whether it is yes or no"), file, span, "asks nothing")
        .help(format!("write `{written} is yes`, or `{written} is no`"))
        .fix(format!("write `{written} is yes`"), true, vec![edit])
}

/// A score without its route.
pub(crate) fn score(file: FileId, span: Span, written: &str, labels: &[SmolStr]) -> Diagnostic {
    let found = Diagnostic::new(&CODE, format!("`{written}` is a score, not a condition"), file, span, "asks nothing");
    match labels {
        [] => found.help(format!("compare its points: `{written} >= 70`")),
        labels => {
            found.help(format!("ask for its route, {}, or its points: `{written} >= 70`", words::list(labels, "or", 6)))
        }
    }
}

/// Any other value, and what it is.
pub(crate) fn diagnostic(file: FileId, span: Span, written: &str, kind: &str) -> Diagnostic {
    let help = match kind {
        "a list" => "say what it has to hold: `has \"…\"`, `has any of [a, b]`",
        "a record" => "ask for one of its fields, or whether it `is known`",
        "a text" | "a word" | "one of its declared words" => {
            "say what it has to be: `is …`, `is one of [a, b]`, `is known`"
        }
        _ => "compare it with another: `> 3`, `is from 1 to 5`",
    };
    Diagnostic::new(&CODE, format!("`{written}` is {kind}, not a condition"), file, span, "asks nothing").help(help)
}
