//! E0106: an escape that texts do not know.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Edit, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0106",
    name: "unknown-escape",
    severity: Severity::Error,
    page: r#"
A text holds a backslash before a letter that means nothing there. Texts know `\"` for a quote, `\\` for a backslash, `\n` for the
end of a line and, for templates, `\{` for a brace.

```playbook wrong
phrases pain { "C:\tenders" }
```

Double the backslash where one is meant:

```playbook right
phrases pain { "C:\\tenders" }
```
"#,
};

/// The letter behind the backslash.
pub(super) fn diagnostic(file: FileId, span: Span, escape: char) -> Diagnostic {
    let edit = Edit { file, span: Span::new(span.start, span.start), replacement: "\\".to_owned() };
    Diagnostic::new(&CODE, format!("`\\{escape}` means nothing in a text"), file, span, "not an escape")
        .note(
            "texts know `\\\"` for a quote, `\\\\` for a backslash, `\\n` for the end of a line and `\\{` for a brace",
        )
        .help("double the backslash where one is meant")
        .fix("double the backslash", false, vec![edit])
}
