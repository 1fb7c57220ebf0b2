//! E0923: an agent that is said to run a workflow that another one runs.

use language::Span;
use language::syntax::Name;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0923",
    name: "runs-of-another",
    severity: Severity::Error,
    page: r#"
An agent says that it runs a workflow, and the workflow says that another agent does, in every stage. Whose permissions and whose priority hold
is what the workflow says: who reads the agent's line reads something that is not so.

```playbook wrong
use std.crm
agent Finder { hands "names" to human }
agent Idle   { runs Finding }
workflow Finding for Contact by Finder {
  start on contact.created
  stage Looking { next Out after 5 days }
  end Out as found
}
```

Say it of the one that runs it, or let the other one run a stage:

```playbook right
use std.crm
agent Finder { runs Finding }
workflow Finding for Contact by Finder {
  start on contact.created
  stage Looking { next Out after 5 days }
  end Out as found
}
```
"#,
};

/// The workflow's name in the agent's line, that agent, the one that runs it, and where it says so.
pub(crate) fn diagnostic(
    (file, name): (FileId, &Name),
    agent: &str,
    runner: &str,
    workflow: (FileId, Span),
) -> Diagnostic {
    let headline = format!("`{agent}` does not run `{}`: `{runner}` does", name.text);
    Diagnostic::new(&CODE, headline, file, name.span, format!("no stage of it is `{agent}`'s"))
        .label(workflow.0, workflow.1, format!("run by `{runner}`"))
        .help(format!("leave it out here, or let `{agent}` run it: `workflow {} … by {agent}`", name.text))
}
