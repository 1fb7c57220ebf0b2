//! E0810: an answer that is nearly one of the known ones.

use language::syntax::Name;

use crate::diagnostics::{Code, Diagnostic, Edit, Severity};
use crate::nearest::nearest;
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0810",
    name: "mistyped-answer",
    severity: Severity::Error,
    page: r#"
A question offers an answer that is nearly `approve` or `change`. Whoever is asked could not give it.

```playbook wrong
use std.crm
workflow Greeting for Contact {
  stage Hello {
    ask human to aprove the_list
    next Done on approved or rejected
  }
  end Done as greeted
}
```

Write `approve`, `change` or another verb of your own; rejecting is always possible:

```playbook right
use std.crm
workflow Greeting for Contact {
  stage Hello {
    ask human to approve the_list within 2 days
    next Done on approved or rejected or expired
  }
  end Done as greeted
}
```
"#,
};

/// What was likely meant, where it is not what was written.
pub(crate) fn meant(option: &str) -> Option<&'static str> {
    nearest(option, KNOWN.iter().copied()).filter(|meant| *meant != option)
}

const KNOWN: &[&str] = &["approve", "change"];

/// The answer, and the one likely meant.
pub(crate) fn diagnostic(file: FileId, option: &Name, meant: &str) -> Diagnostic {
    let edit = Edit { file, span: option.span, replacement: meant.to_owned() };
    Diagnostic::new(&CODE, format!("nobody can answer `{}`", option.text), file, option.span, "not an answer")
        .help(format!("did you mean `{meant}`?"))
        .fix(format!("write `{meant}`"), false, vec![edit])
}
