//! E0904: a table of permissions whose rows do not have its columns.

use language::Span;

use crate::codes::words;
use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0904",
    name: "bad-table",
    severity: Severity::Error,
    page: r#"
The first row of `permissions` names the agents, each once; every other row says what it is about, then one cell for each of them. A
cell may be empty, and then that agent is denied; it cannot be left out, since nobody could tell whose it is.

```playbook wrong
use std.crm
agent Researcher { hands "prospect list" to human }
agent Closer     { hands "proposal" to human }

permissions {
  |          | Researcher | Closer |
  | Contact  | write      |
}
```

Write a cell for each agent:

```playbook right
use std.crm
agent Researcher { hands "prospect list" to human }
agent Closer     { hands "proposal" to human }

permissions {
  |          | Researcher | Closer |
  | Contact  | write      |        |
}
```
"#,
};

/// A row with too few or too many cells; the place is the first that is too many, else the row.
pub(crate) fn cells(file: FileId, span: Span, cells: usize, columns: usize, header: Span) -> Diagnostic {
    let has = words::count(cells, "cell", "cells");
    let wants = words::count(columns, "agent", "agents");
    let (label, help) = if cells > columns {
        ("no agent stands above this cell", "leave it out, or name its agent in the first row")
    } else {
        ("an agent has no cell here", "write a cell for each agent; an empty one, `|  |`, denies")
    };
    Diagnostic::new(&CODE, format!("this row has {has} for {wants}"), file, span, label)
        .label(file, header, words::count(columns, "agent is named here", "agents are named here"))
        .help(help)
}

/// A row before the agents are named.
pub(crate) fn no_agents(file: FileId, span: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "nobody knows whose these cells are", file, span, "no row above names the agents")
        .help("begin the table with a row of agents: `|  | LeadGen | Conversion |`")
}

/// A second row of agents.
pub(crate) fn agents_again(file: FileId, span: Span, first: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "the agents are named twice", file, span, "named again here")
        .label(file, first, "first named here")
        .help("write a `permissions { … }` of its own for other agents")
}

/// An agent that has two columns.
pub(crate) fn column_twice(file: FileId, span: Span, agent: &str, first: Span) -> Diagnostic {
    Diagnostic::new(&CODE, format!("agent `{agent}` has two columns"), file, span, "named again here")
        .label(file, first, "first named here")
        .help("leave one of the columns out")
}
