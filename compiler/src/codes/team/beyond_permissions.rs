//! E0916: a stage that does more than the agent that runs it may.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0916",
    name: "beyond-permissions",
    severity: Severity::Error,
    page: r#"
A stage may do no more than the agent that runs it. What an act takes: `score` the right to write that score, `research` to write the
record, `write` to write or create an Activity and to read what the template uses, an external action a cell that is not empty. What
a requirement or a way out asks about, the agent has to be allowed to read. A handoff takes reading what it briefs, and, from a contact to a
workflow for deals, creating a Deal. What no row is about is denied.

```playbook wrong
use std.crm
use std.actions
score icp for Contact {
  +60 when company.employees > 20 because "large enough"
  route {
    hot  when icp >= 50
    cold otherwise
  }
}
agent Researcher { runs Rating }
agent Rater      { hands "ratings" to human }

permissions {
  |             | Researcher | Rater |
  | Contact     | write      | read  |
  | Contact.icp | read       | write |
}

workflow Rating for Contact by Researcher {
  start on contact.created
  stage Rate {
    do score contact by icp
    next Rated when icp is hot or cold
    next Rated after 10 days
  }
  end Rated as rated
}
```

Let an agent do it that may, or give this one the right:

```playbook right
use std.crm
use std.actions
score icp for Contact {
  +60 when company.employees > 20 because "large enough"
  route {
    hot  when icp >= 50
    cold otherwise
  }
}
agent Researcher { runs Rating }
agent Rater      { hands "ratings" to human }

permissions {
  |             | Researcher | Rater |
  | Contact     | write      | read  |
  | Contact.icp | read       | write |
}

workflow Rating for Contact by Researcher {
  start on contact.created
  stage Rate by Rater {
    do score contact by icp
    next Rated when icp is hot or cold
    next Rated after 10 days
  }
  end Rated as rated
}
```
"#,
};

/// Who wants what.
pub(crate) struct Beyond<'a> {
    pub(crate) agent: &'a str,
    pub(crate) stage: &'a str,
    /// `read`, `write`, `do`
    pub(crate) verb: &'a str,
    /// As a row names it.
    pub(crate) object: &'a str,
    /// What the row that decides is about.
    pub(crate) row: Option<String>,
    /// Where the agent's cell stands, and what it says.
    pub(crate) cell: Option<(FileId, Span, &'a str)>,
    /// The table.
    pub(crate) table: Option<(FileId, Span)>,
    /// Where it says that the agent runs the stage.
    pub(crate) by: Option<(FileId, Span)>,
}

/// Where the stage asks for it.
pub(crate) fn diagnostic(file: FileId, span: Span, beyond: &Beyond<'_>) -> Diagnostic {
    taken(file, span, beyond, "stage")
        .help(format!("let an agent run the stage that may, or give {} the right", beyond.agent))
}

/// Where a handoff does.
pub(crate) fn handoff(file: FileId, span: Span, beyond: &Beyond<'_>) -> Diagnostic {
    taken(file, span, beyond, "handoff").help(format!("give {} the right, or leave it out", beyond.agent))
}

fn taken(file: FileId, span: Span, beyond: &Beyond<'_>, what: &str) -> Diagnostic {
    let Beyond { agent, stage, verb, object, row, cell, table, by } = beyond;
    let found = Diagnostic::new(
        &CODE,
        format!("`{agent}` may not {verb} `{object}`"),
        file,
        span,
        format!("{what} `{stage}` takes the right to {verb} `{object}`"),
    );
    let found = match (cell, table) {
        (Some((file, span, "")), _) => found.label(*file, *span, format!("{agent}'s cell is empty")),
        (Some((file, span, words)), _) => found.label(*file, *span, format!("{agent} may {words}, no more")),
        (None, Some((file, span))) => {
            let what = match row {
                Some(row) => format!("the row about `{row}` has no cell for {agent}"),
                None => format!("no row is about `{object}`"),
            };
            found.label(*file, *span, what)
        }
        (None, None) => found.note("there is no table of permissions, and what no row allows is denied"),
    };
    match by {
        Some((file, span)) => found.label(*file, *span, format!("{agent} runs it")),
        None => found,
    }
}
