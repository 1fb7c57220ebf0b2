//! E0839: a goal that is met, or missed, whatever is done.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0839",
    name: "goal-settled",
    severity: Severity::Error,
    page: r#"
A goal asks for something that is always so, `at least 0`, or never, `over 100%` of a share: it says nothing about the work. Often a percent
sign or a figure is wrong.

```playbook wrong
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
goal guests "they come" over 100% of Inviting.Waiting entered with meeting.attended
```

Ask for what can be missed and can be met:

```playbook right
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
goal guests "they come" at least 60% of Inviting.Waiting entered with meeting.attended
```
"#,
};

/// The goal's title, whether it is met, and why.
pub(crate) fn diagnostic(file: FileId, title: Span, met: bool, why: &str) -> Diagnostic {
    let headline = if met { "this goal cannot be missed" } else { "this goal cannot be met" };
    Diagnostic::new(&CODE, headline, file, title, why).help("ask for what can be missed and can be met")
}
