//! E0418: a change of what cannot be compared with an earlier time.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0418",
    name: "change-of-what",
    severity: Severity::Error,
    page: r#"
`fell by` and `rose by` compare a count or a sum over a window with the same just before it. Both windows are of one length, and there has to
have been something before.

```playbook wrong
use std.crm
score health for Contact {
  -20 when average reply.words fell by 50% against the 30 days before because "goes quiet"
}
```

Count, or add up:

```playbook right
use std.crm
score health for Contact {
  -20 when count of reply.received fell by 50% against the 30 days before because "goes quiet"
}
```
"#,
};

/// Neither a count nor a sum.
pub(crate) fn diagnostic(file: FileId, span: Span, written: &str, kind: &str) -> Diagnostic {
    let headline = format!("`{written}` has no time before that it could be compared with");
    Diagnostic::new(&CODE, headline, file, span, format!("{kind}, not a count or a sum over events"))
        .help("write `count of EVENT` or `sum EVENT.FACT`")
}

/// The two windows are not of one length.
pub(crate) fn lengths(file: FileId, span: Span, own: &str, before: &str) -> Diagnostic {
    let headline = format!("the last {own} are compared with {before}");
    Diagnostic::new(&CODE, headline, file, span, "not as long").help(format!("write `against the {own} before`"))
}

/// By nothing, or by more than there was.
pub(crate) fn share(file: FileId, span: Span, written: &str, fell: bool) -> Diagnostic {
    let headline = format!("nothing {} by {written}", if fell { "falls" } else { "rises" });
    let label = if fell { "more than there was, or no change" } else { "no change" };
    Diagnostic::new(&CODE, headline, file, span, label)
        .help("write a share above 0%; what falls, falls by 100% at most")
}
