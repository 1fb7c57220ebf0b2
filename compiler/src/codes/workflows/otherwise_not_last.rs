//! E0804: a way out behind `otherwise` that is never taken.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0804",
    name: "otherwise-not-last",
    severity: Severity::Error,
    page: r#"
Ways out are read from the top, and `otherwise` takes whatever the lines above it left. A condition, an answer or another `otherwise`
below it is never looked at.

```playbook wrong
use std.crm
workflow Greeting for Contact {
  stage Hello {
    next Near when country is NZ
    next Far  otherwise
    next Near when country is AU
  }
  end Near as near
  end Far  as far
}
```

Put `otherwise` last:

```playbook right
use std.crm
workflow Greeting for Contact {
  stage Hello {
    next Near when country is NZ
    next Near when country is AU
    next Far  otherwise
  }
  end Near as near
  end Far  as far
}
```
"#,
};

/// The way with `otherwise`, and one below that is never taken.
pub(crate) fn diagnostic(file: FileId, otherwise: Span, below: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "`otherwise` is not the last way out", file, otherwise, "takes whatever is left …")
        .label(file, below, "… so that this is never taken")
        .help("put the line with `otherwise` last")
}
