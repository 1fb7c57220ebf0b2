//! `limit-while-closed`: an answer that is due before anybody is back.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "limit-while-closed",
    name: "limit-while-closed",
    severity: Severity::Warning,
    page: r#"
A person has so little time to answer that all of it may pass while the client is closed: asked on the evening before days off, the question
has expired before anybody is back. Holidays come on top.

```playbook wrong
client "Example" {
  currency NZD
  timezone "Pacific/Auckland"
  hours    mon to fri, 09:00 to 17:00
}
use std.crm
workflow Asking for Contact by human {
  start on contact.created
  stage Question {
    ask human to approve contact within 12 hours
    next Done on approved or rejected
    next Late on expired
  }
  end Done as answered
  end Late as forgotten
}
```

Count in business time:

```playbook right
client "Example" {
  currency NZD
  timezone "Pacific/Auckland"
  hours    mon to fri, 09:00 to 17:00
}
use std.crm
workflow Asking for Contact by human {
  start on contact.created
  stage Question {
    ask human to approve contact within 12 business hours
    next Done on approved or rejected
    next Late on expired
  }
  end Done as answered
  end Late as forgotten
}
```
"#,
};

/// The limit, and how long the client may be closed in a row.
pub(crate) fn diagnostic(file: FileId, span: Span, closed: &str) -> Diagnostic {
    let label = format!("the client is closed for up to {closed} in a row");
    Diagnostic::new(&CODE, "this time may pass while nobody is there", file, span, label)
        .help("count in business time: `4 business hours`, `1 business day`")
}
