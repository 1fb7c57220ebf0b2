//! E0817: a handoff to a workflow of a record that this one does not lead to.

use language::syntax::Name;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0817",
    name: "handoff-out-of-reach",
    severity: Severity::Error,
    page: r#"
A handoff leads to a workflow for another record, and there is no saying which one: a company has many contacts. From a contact a
workflow can go on with its company or its deal, from a deal with its contact or its company.

```playbook wrong
use std.crm
workflow Watching for Company {
  stage Look { next Talk after 2 days }
  handoff Talk to Talking {
    brief company
    accepted within 1 business day
  }
}
workflow Talking for Contact {
  stage Call { next Done after 5 days }
  end Done as talked
}
```

Hand over to a workflow for the same record, or for one that it belongs to:

```playbook right
use std.crm
workflow Watching for Contact {
  stage Look { next Talk after 2 days }
  handoff Talk to Talking {
    brief company
    accepted within 1 business day
  }
}
workflow Talking for Contact {
  stage Call { next Done after 5 days }
  end Done as talked
}
```
"#,
};

/// The workflow named, and what the one and the other run for.
pub(crate) fn diagnostic(file: FileId, to: &Name, (from, target): (&str, &str)) -> Diagnostic {
    let headline = format!("`{}` runs for {target}, and a {from} leads to none", to.text);
    Diagnostic::new(&CODE, headline, file, to.span, format!("which {target}?"))
        .help(format!("hand over to a workflow for {from}, or for a record that it belongs to"))
}
