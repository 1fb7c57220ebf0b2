//! E0822: a handoff that nobody accepts goes to a stage.

use language::syntax::Name;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0822",
    name: "not-accepted",
    severity: Severity::Error,
    page: r#"
A handoff that nobody accepts in time asks a person. It does not lead to another stage: the run has left this workflow.

```playbook wrong
use std.crm
workflow Greeting for Contact {
  stage Hello { next Talk after 2 days }
  handoff Talk to Talking {
    brief contact
    accepted within 1 business day, else Hello
  }
}
workflow Talking for Contact {
  stage Call { next Done after 5 days }
  end Done as talked
}
```

Ask somebody:

```playbook right
use std.crm
workflow Greeting for Contact {
  stage Hello { next Talk after 2 days }
  handoff Talk to Talking {
    brief contact
    accepted within 1 business day, else ask human
  }
}
workflow Talking for Contact {
  stage Call { next Done after 5 days }
  end Done as talked
}
```
"#,
};

/// Where it should go.
pub(crate) fn diagnostic(file: FileId, name: &Name) -> Diagnostic {
    let headline = format!("a handoff that nobody accepts cannot go to `{}`", name.text);
    Diagnostic::new(&CODE, headline, file, name.span, "the run has left this workflow")
        .help("ask a person: `else ask human`")
}
