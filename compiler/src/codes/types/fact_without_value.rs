//! E0323: a fact that is neither a number nor a condition.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Edit, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0323",
    name: "fact-without-value",
    severity: Severity::Error,
    page: r#"
A fact is a number (money, a duration, a date, …) or a condition. A text, a list or a record is named by its field.

```playbook wrong
use std.crm
fact trade of Contact is company.industry
```

Say what is asked of it:

```playbook right
use std.crm
fact builder of Contact is company.industry is construction
```
"#,
};

/// The value, and what it is.
pub(crate) fn diagnostic(file: FileId, span: Span, written: &str, kind: &str) -> Diagnostic {
    let found = Diagnostic::new(
        &CODE,
        format!("a fact is a number or a condition, and `{written}` is {kind}"),
        file,
        span,
        kind,
    );
    match kind {
        "yes or no" => {
            let edit = Edit { file, span: Span::new(span.end, span.end), replacement: " is yes".to_owned() };
            found.help(format!("write `{written} is yes`")).fix(format!("write `{written} is yes`"), true, vec![edit])
        }
        _ => found.help(format!("say what is asked of it, or write `{written}` where it is needed")),
    }
}
