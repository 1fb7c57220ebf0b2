//! E0832: a way out that one above it always takes first.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0832",
    name: "way-shadowed",
    severity: Severity::Error,
    page: r#"
Ways out are read from the top, and the first one that is open is taken. Whenever this one is open, one above it is as well, so that no
run ever goes this way.

```playbook wrong
use std.crm
workflow Sizing for Company {
  stage Weighing {
    next Small  when employees < 200
    next Tiny   when employees < 20
    next Nobody after 5 days
  }
  end Small  as small
  end Tiny   as tiny
  end Nobody as unknown
}
```

Put the narrower one first:

```playbook right
use std.crm
workflow Sizing for Company {
  stage Weighing {
    next Tiny   when employees < 20
    next Small  when employees < 200
    next Nobody after 5 days
  }
  end Small  as small
  end Tiny   as tiny
  end Nobody as unknown
}
```

An answer opens the first way that names it, and `on approved` is open to a change as well; what happens opens the first way that waits
for it. Where nothing is left over, there is no `otherwise`.
"#,
};

/// The way, the one above it, and why that one is taken.
pub(crate) fn diagnostic(file: FileId, way: Span, above: Span, why: &str) -> Diagnostic {
    Diagnostic::new(&CODE, "this way out is never taken", file, way, why)
        .label(file, above, "this one is taken first")
        .help("put the narrower way first, or leave this one out")
}

/// The way, and the one above it that routes by a score: while that is provisional, a person may say no to it.
pub(crate) fn refused(file: FileId, way: Span, above: Span) -> Diagnostic {
    let headline = "this way out is only taken once a person has said no to one above";
    Diagnostic::new(&CODE, headline, file, way, "whenever this holds, that does")
        .label(file, above, "this one is taken first")
        .help("put the narrower way first, or leave this one out")
}
