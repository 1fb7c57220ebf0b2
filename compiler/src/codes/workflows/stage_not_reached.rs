//! E0815: a stage, handoff or end that nothing leads to.

use language::syntax::Name;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0815",
    name: "stage-not-reached",
    severity: Severity::Error,
    page: r#"
A stage, handoff or end is there, and no way out, cap or `else` leads to it, so no run ever comes to it. A run begins in the first stage.

```playbook wrong
use std.crm
workflow Greeting for Contact {
  stage Hello   { next Done after 2 days }
  stage Reminder { next Done after 5 days }
  end Done as greeted
}
```

Lead to it, or leave it out:

```playbook right
use std.crm
workflow Greeting for Contact {
  stage Hello   {
    next Done     on reply.received
    next Reminder after 2 days
  }
  stage Reminder { next Done after 5 days }
  end Done as greeted
}
```

What a shared workflow has and a refinement of it no longer leads to is left behind without a word.
"#,
};

/// What it is, and its name.
pub(crate) fn diagnostic(file: FileId, what: &str, name: &Name) -> Diagnostic {
    let headline = format!("nothing leads to {what} `{}`", name.text);
    Diagnostic::new(&CODE, headline, file, name.span, "no run ever comes here")
        .help(format!("lead to it, `next {} …`, or leave it out", name.text))
}
