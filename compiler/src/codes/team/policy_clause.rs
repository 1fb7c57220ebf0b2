//! E0913: a clause of a contact policy that says what cannot be.

use language::Span;
use language::syntax::{Name, Path};

use crate::diagnostics::{Code, Diagnostic, Edit, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0913",
    name: "policy-clause",
    severity: Severity::Error,
    page: r#"
A contact policy names the channels that need consent once, says once how sends are ended, in every `send`, and knows the hours of
the contact by `contact.timezone`.

```playbook wrong
contact policy {
  quiet outside hours of contact.country
}
```

```playbook right
contact policy {
  quiet outside hours of contact.timezone
}
```
"#,
};

/// A clause that is there already.
pub(crate) fn twice(file: FileId, span: Span, word: &str, first: Span) -> Diagnostic {
    Diagnostic::new(&CODE, format!("`{word}` is said twice"), file, span, "said again here")
        .label(file, first, "first said here")
        .help("write one clause that says all")
}

/// `unsubscribe in every …`
pub(crate) fn not_a_send(file: FileId, act: &Name) -> Diagnostic {
    let edit = Edit { file, span: act.span, replacement: "send".to_owned() };
    Diagnostic::new(&CODE, format!("`{}` is not what is ended", act.text), file, act.span, "nothing is sent so")
        .help("write `in every send`")
        .fix("write `send`", true, vec![edit])
}

/// `quiet outside hours of …`
pub(crate) fn not_a_timezone(file: FileId, path: &Path) -> Diagnostic {
    let edit = Edit { file, span: path.span, replacement: "contact.timezone".to_owned() };
    Diagnostic::new(&CODE, format!("`{}` has no hours", path.dotted()), file, path.span, "not a time zone")
        .help("write `contact.timezone`; a contact without one has the client's")
        .fix("write `contact.timezone`", false, vec![edit])
}
