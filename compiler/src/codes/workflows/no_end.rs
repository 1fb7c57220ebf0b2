//! E0833: stages from which no run comes to an end.

use language::syntax::Name;

use crate::codes::words;
use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0833",
    name: "no-end",
    severity: Severity::Error,
    page: r#"
From this stage a run goes round for ever: no way out, taken in whatever order, leads to an `end` or a `handoff`. While it is live, its
workflow cannot begin anew for that record.

```playbook wrong
use std.crm
workflow Caring for Contact {
  start on deal.won
  stage Steady {
    next Asking after 90 days
    next Gone   on deal.lost
  }
  stage Asking  { next Waiting after 1 day }
  stage Waiting { next Asking after 90 days }
  end Gone as gone
}
```

Say when it is over:

```playbook right
use std.crm
workflow Caring for Contact {
  start on deal.won
  stage Steady {
    next Asking after 90 days
    next Gone   on deal.lost
  }
  stage Asking  { next Waiting after 1 day }
  stage Waiting {
    next Gone   on deal.lost
    next Asking after 90 days
  }
  end Gone as gone
}
```
"#,
};

/// The first stage, and the others that are no better off.
pub(crate) fn diagnostic(file: FileId, name: &Name, others: &[(FileId, &Name)]) -> Diagnostic {
    let headline = format!("no path leads from stage `{}` to an end", name.text);
    let found = Diagnostic::new(&CODE, headline, file, name.span, "whoever comes here goes round for ever");
    let found = others.iter().take(3).fold(found, |found, (file, name)| found.label(*file, name.span, "and here"));
    let found = match others.split_at_checked(3) {
        Some((_, [])) | None => found,
        Some((_, more)) => {
            let names: Vec<&str> = more.iter().map(|(_, name)| name.text.as_str()).collect();
            found.note(format!("nor from {}", words::list(&names, "and", 6)))
        }
    };
    found.help("lead to an `end` or a `handoff` from one of them")
}
