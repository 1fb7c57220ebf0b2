//! E0812: records of another kind than the workflow or score is about.

use language::syntax::Name;

use crate::diagnostics::{Code, Diagnostic, Edit, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0812",
    name: "wrong-plural",
    severity: Severity::Error,
    page: r#"
A schedule or a `kill` names records of another kind than its workflow or score is about.

```playbook wrong
use std.crm
workflow Greeting for Contact {
  start every mon at 08:00 for deals, at most 20
  stage Hello { next Done after 2 days }
  end Done as greeted
}
```

Write the records that it is about:

```playbook right
use std.crm
workflow Greeting for Contact {
  start every mon at 08:00 for contacts, at most 20
  stage Hello { next Done after 2 days }
  end Done as greeted
}
```
"#,
};

/// What is written, and what belongs there.
pub(crate) fn diagnostic(file: FileId, name: &Name, plural: &str) -> Diagnostic {
    let edit = Edit { file, span: name.span, replacement: plural.to_owned() };
    Diagnostic::new(&CODE, format!("this is about {plural}, not about `{}`", name.text), file, name.span, "not these")
        .help(format!("write `{plural}`"))
        .fix(format!("write `{plural}`"), true, vec![edit])
}
