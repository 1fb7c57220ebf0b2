//! E0819: an answer, or none, that leads nowhere.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::{FileId, Settlement};

pub(crate) static CODE: Code = Code {
    id: "E0819",
    name: "question-without-way",
    severity: Severity::Error,
    page: r#"
A question is asked, and one way of settling it leads nowhere: a run would stand there for ever. Whoever is asked may always reject,
and where there is a time limit, it may pass without an answer.

```playbook wrong
use std.crm
workflow Greeting for Contact {
  stage Hello {
    ask human to approve the_list within 1 business day
    next Done on approved
    next Out  on rejected
  }
  end Done as greeted
  end Out  as refused
}
```

Say what happens then, or write `otherwise`:

```playbook right
use std.crm
workflow Greeting for Contact {
  stage Hello {
    ask human to approve the_list within 1 business day
    next Done on approved
    next Out  on rejected or expired
  }
  end Done as greeted
  end Out  as refused
}
```
"#,
};

/// The question, and what has no way out.
pub(crate) fn diagnostic(file: FileId, ask: Span, missing: Settlement) -> Diagnostic {
    let (headline, word) = match missing {
        Settlement::Approved | Settlement::Changed => ("a question that is approved leads nowhere", "approved"),
        Settlement::Rejected => ("a question that is rejected leads nowhere", "rejected"),
        Settlement::Expired => ("a question whose time limit passes leads nowhere", "expired"),
    };
    let label = match missing {
        Settlement::Expired => "after the time limit a run would wait for ever",
        _ => "a run would wait for ever",
    };
    Diagnostic::new(&CODE, headline, file, ask, label)
        .help(format!("say where it goes on: `next … on {word}`, or `next … otherwise` as the last way out"))
}
