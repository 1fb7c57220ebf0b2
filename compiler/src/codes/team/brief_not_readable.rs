//! E0919: a handoff that tells what the receiver may not read.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0919",
    name: "brief-not-readable",
    severity: Severity::Error,
    page: r#"
A handoff briefs the agent of the next workflow on something that this agent may not read. At run time that part of the packet would be
empty, and the agent would go on without it.

```playbook wrong
use std.crm
agent Finder { hands "names" to human }
agent Guide  { hands "visits" to human }
permissions {
  |         | Finder | Guide |
  | Contact | write  | read  |
  | Company | write  |       |
}
workflow Finding for Contact by Finder {
  start on contact.created
  stage Looking { next Show after 5 days }
  handoff Show to Showing {
    brief contact, company
    accepted within 1 business day, else ask human
  }
}
workflow Showing for Contact by Guide {
  stage Walking { next Out after 5 days }
  end Out as seen
}
```

Leave it out of the brief, or let the receiver read it:

```playbook right
use std.crm
agent Finder { hands "names" to human }
agent Guide  { hands "visits" to human }
permissions {
  |         | Finder | Guide |
  | Contact | write  | read  |
  | Company | write  | read  |
}
workflow Finding for Contact by Finder {
  start on contact.created
  stage Looking { next Show after 5 days }
  handoff Show to Showing {
    brief contact, company
    accepted within 1 business day, else ask human
  }
}
workflow Showing for Contact by Guide {
  stage Walking { next Out after 5 days }
  end Out as seen
}
```
"#,
};

/// What is told, who may not read it and what, that agent's cell (and whether it is empty), and the table.
pub(crate) fn diagnostic(
    file: FileId,
    span: Span,
    (receiver, object): (&str, &str),
    cell: Option<(FileId, Span, bool)>,
    table: Option<(FileId, Span)>,
) -> Diagnostic {
    let headline = format!("`{receiver}` is told what it may not read: `{object}`");
    let found = Diagnostic::new(&CODE, headline, file, span, format!("`{receiver}` goes on from here"));
    let found = match (cell, table) {
        (Some((file, span, true)), _) => found.label(file, span, format!("{receiver}'s cell is empty")),
        (Some((file, span, false)), _) => found.label(file, span, format!("{receiver} may not read it")),
        (None, Some((file, span))) => {
            found.label(file, span, format!("no row about `{object}` has a cell for {receiver}"))
        }
        (None, None) => found.note("there is no table of permissions, and what no row allows is denied"),
    };
    found.help(format!("leave it out of the brief, or let {receiver} read it"))
}
