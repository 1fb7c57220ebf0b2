//! E1004: a template without a text, or with two.

use language::Span;
use language::syntax::Name;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E1004",
    name: "template-parts",
    severity: Severity::Error,
    page: r#"
A template has one `body`, and at most one `subject`, which channels without one leave out.

```playbook wrong
template hello {
  subject "Hello"
}
```

```playbook right
template hello {
  subject "Hello"
  body    "How is it going?"
}
```
"#,
};

/// A part that is there already.
pub(crate) fn twice(file: FileId, span: Span, first: (FileId, Span)) -> Diagnostic {
    Diagnostic::new(&CODE, "a template says this once", file, span, "said again here")
        .label(first.0, first.1, "first said here")
        .help("keep one of them")
}

/// Nothing to say.
pub(crate) fn no_body(file: FileId, name: &Name) -> Diagnostic {
    Diagnostic::new(&CODE, format!("template `{}` says nothing", name.text), file, name.span, "it has no `body`")
        .help("write the text of the message: `body \"…\"`")
}
