//! E0902: an action with a block.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0902",
    name: "action-block",
    severity: Severity::Error,
    page: r#"
An action is a line: its verb, what it is for, whether it stays with us, and what one costs. It has no fields of its own: what is done
with what is said where a stage does it.

```playbook wrong
action send fax external { number: text }
```

Leave the block out:

```playbook right
action send fax external
```
"#,
};

/// The first of its fields, and the action.
pub(crate) fn diagnostic(file: FileId, span: Span, name: &str) -> Diagnostic {
    Diagnostic::new(&CODE, format!("action `{name}` has no fields of its own"), file, span, "nothing would read this")
        .help("leave the block out: a stage says what it is done with, as in `do send message`")
}

/// `refine action …`
pub(crate) fn refined(file: FileId, span: Span, name: &str) -> Diagnostic {
    Diagnostic::new(
        &CODE,
        format!("action `{name}` has nothing to refine"),
        file,
        span,
        "an action is one line without members",
    )
    .help("to say what it costs, declare it again: `action send sms external cost NZD 0.12`")
}
