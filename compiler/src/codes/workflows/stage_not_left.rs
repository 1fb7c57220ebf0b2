//! E0816: a stage that no run leaves.

use language::syntax::Name;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0816",
    name: "stage-not-left",
    severity: Severity::Error,
    page: r#"
A stage has no way out, or only ways that lead back into it: a run that comes here stays for ever.

```playbook wrong
use std.crm
action write internal
template hello { body "Hi there" }
workflow Greeting for Contact {
  stage Hello {
    do write hello
  }
}
```

Say how it goes on. A stage ends with `next`, and time is always a way out:

```playbook right
use std.crm
action write internal
template hello { body "Hi there" }
workflow Greeting for Contact {
  stage Hello {
    do write hello
    next Done after 2 days
  }
  end Done as greeted
}
```
"#,
};

/// The stage; `nowhere` where it has no way out at all.
pub(crate) fn diagnostic(file: FileId, name: &Name, nowhere: bool) -> Diagnostic {
    let headline = format!("stage `{}` is never left", name.text);
    let label = if nowhere { "has no way out" } else { "each way out leads back here" };
    Diagnostic::new(&CODE, headline, file, name.span, label)
        .help("say how it goes on: `next … when …`, `next … on EVENT`, `next … after 7 days`")
}

/// Whoever does not enter a stage is sent to that very stage.
pub(crate) fn itself(file: FileId, target: &Name, name: &Name) -> Diagnostic {
    let headline = format!("who does not enter `{}` is sent to `{}`", name.text, target.text);
    Diagnostic::new(&CODE, headline, file, target.span, "this very stage").help("name another stage, or an end")
}
