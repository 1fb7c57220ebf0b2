//! E0830: split by something else than layers.

use language::syntax::Name;

use crate::diagnostics::{Code, Diagnostic, Edit, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0830",
    name: "bad-split",
    severity: Severity::Error,
    page: r#"
Whoever is asked why a score does not work is shown its layers, and nothing else that it could be split by.

```playbook wrong
use std.crm
workflow Greeting for Contact {
  stage Hello { next Done after 2 days }
  end Done as greeted
}
score fit for Contact {
  +60 when country is NZ because "near"
  kill when 50 scored contacts bring fewer than 3 deal.won within 60 days {
    pause Greeting
    ask human to diagnose by country
  }
}
```

Write `by layer`, or leave it out:

```playbook right
use std.crm
workflow Greeting for Contact {
  stage Hello { next Done after 2 days }
  end Done as greeted
}
score fit for Contact {
  +60 when country is NZ because "near"
  kill when 50 scored contacts bring fewer than 3 deal.won within 60 days {
    pause Greeting
    ask human to diagnose by layer
  }
}
```
"#,
};

/// By what.
pub(crate) fn diagnostic(file: FileId, by: &Name) -> Diagnostic {
    let edit = Edit { file, span: by.span, replacement: "layer".to_owned() };
    Diagnostic::new(&CODE, format!("a score is not split by `{}`", by.text), file, by.span, "only by layer")
        .help("write `by layer`")
        .fix("write `layer`", false, vec![edit])
}
