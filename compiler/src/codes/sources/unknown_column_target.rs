//! E0503: a column for a fact that the event has not.

use language::syntax::Path;

use crate::codes::words;
use crate::diagnostics::{Code, Diagnostic, Edit, Severity};
use crate::nearest::nearest;
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0503",
    name: "unknown-event-fact",
    severity: Severity::Error,
    page: r#"
A source of events fills a fact that none of them has. Every event has `contact`, `at` and, to be known again, `external_id`; where
several events come in one file, `name` says which one a row is. The rest are the event's own facts.

```playbook wrong
use std.crm
event quiz.completed { result: one of [dry, damp]? }
source quizzes from csv "quizzes.csv" into quiz.completed {
  contact from "Email" lookup Contact by email
  at      from "When"
  score   from "Result"
}
```

Name a fact that is declared:

```playbook right
use std.crm
event quiz.completed { result: one of [dry, damp]? }
source quizzes from csv "quizzes.csv" into quiz.completed {
  contact from "Email" lookup Contact by email
  at      from "When"
  result  from "Result"
}
```
"#,
};

/// The target, the event where it is only one, and what can be filled.
pub(crate) fn diagnostic(file: FileId, target: &Path, event: Option<&str>, known: &[String]) -> Diagnostic {
    let name = target.dotted();
    let headline = match event {
        Some(event) => format!("`{event}` has no fact `{name}`"),
        None => format!("no event has a fact `{name}`"),
    };
    let found = Diagnostic::new(&CODE, headline, file, target.span, "not a fact of the event");
    match nearest(&name, known.iter().map(String::as_str)) {
        Some(meant) => {
            let edit = Edit { file, span: target.span, replacement: meant.to_owned() };
            found.help(format!("did you mean `{meant}`?")).fix(format!("write `{meant}`"), false, vec![edit])
        }
        None => found.help(format!("what can be filled: {}", words::list(known, "and", 16))),
    }
}
