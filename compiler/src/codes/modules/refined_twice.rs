//! E0208: two refinements of one member.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0208",
    name: "refined-twice",
    severity: Severity::Error,
    page: r#"
One member of a declaration is refined twice by the same playbook. Each refinement replaces the member whole, so that one of them
would silently undo the other.

```playbook wrong
phrases authority { "i sign" }
refine phrases authority { "i decide" }
refine phrases authority { "my budget" }
```

Say it once:

```playbook right
phrases authority { "i sign" }
refine phrases authority { "i decide", "my budget" }
```

A client may well refine what a module that it uses has refined before.
"#,
};

/// The second refinement of a member, and the first.
pub(crate) fn diagnostic(file: FileId, span: Span, member: &str, base: &str, first: (FileId, Span)) -> Diagnostic {
    let headline = match member {
        "phrases" => format!("the phrases `{base}` are refined twice"),
        _ => format!("the {member} of `{base}` is refined twice"),
    };
    Diagnostic::new(&CODE, headline, file, span, "refined again here")
        .label(first.0, first.1, "first refined here")
        .help("keep one of them: each replaces the member whole")
}
