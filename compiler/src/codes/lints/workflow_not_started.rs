//! `workflow-not-started`: a workflow that nothing starts, and that nobody hands over to.

use language::syntax::Name;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "workflow-not-started",
    name: "workflow-not-started",
    severity: Severity::Warning,
    page: r#"
A workflow has no `start`, and no workflow that is started hands over to it: nothing of it ever happens. Perhaps the start was left out, or the
handoff that led to it.

```playbook wrong
client "Example" { currency NZD }
use std.crm
workflow Inviting for Contact {
  stage Waiting {
    next Comes on meeting.attended
    next Left  after 14 days
  }
  end Comes as guest
  end Left  as left
}
```

Say when it starts, or hand over to it:

```playbook right
client "Example" { currency NZD }
use std.crm
workflow Inviting for Contact {
  start on contact.created
  stage Waiting {
    next Comes on meeting.attended
    next Left  after 14 days
  }
  end Comes as guest
  end Left  as left
}
```
"#,
};

/// The workflow's name.
pub(crate) fn diagnostic(file: FileId, name: &Name) -> Diagnostic {
    let headline = format!("nothing starts `{}`", name.text);
    Diagnostic::new(&CODE, headline, file, name.span, "no `start`, and no handoff of what is started leads here")
        .help("say when it starts, `start on …`, or hand over to it")
}
