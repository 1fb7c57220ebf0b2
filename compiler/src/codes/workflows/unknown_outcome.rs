//! E0823: an outcome that no end of a workflow has.

use language::syntax::Name;
use smol_str::SmolStr;

use super::suggested;
use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0823",
    name: "unknown-outcome",
    severity: Severity::Error,
    page: r#"
A feedback waits for an outcome that no end of the workflow has, so it would never be heard.

```playbook wrong
use std.crm
workflow Talking for Contact {
  stage Call { next Done after 5 days }
  end Done as disqualified
}
feedback from Talking to Talking {
  when 3 disqualifed in a row share a reason, ask human to refine questions
}
```

Write the word that stands behind `as`:

```playbook right
use std.crm
workflow Talking for Contact {
  stage Call { next Done after 5 days }
  end Done as disqualified
}
feedback from Talking to Talking {
  when 3 disqualified in a row share a reason, ask human to refine questions
}
```
"#,
};

/// The outcome, the workflow, and the outcomes of its ends.
pub(crate) fn diagnostic(file: FileId, outcome: &Name, workflow: &str, known: &[SmolStr]) -> Diagnostic {
    let headline = format!("`{workflow}` never ends as `{}`", outcome.text);
    let found = Diagnostic::new(&CODE, headline, file, outcome.span, "not the outcome of an end");
    suggested(found, file, outcome.span, &outcome.text, known)
}
