//! E0322: a calculation that is too deep or too large.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0322",
    name: "too-much-to-calculate",
    severity: Severity::Error,
    page: r#"
A condition is nested deeper than anyone can read, or facts made of facts made of facts grow larger than the engine holds.

```playbook wrong
use std.crm
fact seen of Contact is count of page.viewed
fact ten of Contact is seen + seen + seen + seen + seen + seen + seen + seen + seen + seen
fact hundred of Contact is ten + ten + ten + ten + ten + ten + ten + ten + ten + ten
fact thousand of Contact is hundred + hundred + hundred + hundred + hundred + hundred + hundred + hundred + hundred + hundred
fact more of Contact is thousand + thousand + thousand + thousand + thousand + thousand + thousand + thousand
```

Say it in fewer steps:

```playbook right
use std.crm
fact seen of Contact is count of page.viewed
fact more of Contact is seen * 8000
```
"#,
};

/// Nested too deep.
pub(crate) fn nested(file: FileId, span: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "this is nested too deeply", file, span, "too many steps inside one another")
        .help("say it in fewer steps; facts of facts count as steps too")
}

/// Facts that grow too large where they are written out.
pub(crate) fn facts(file: FileId, span: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "facts made of facts grow too large here", file, span, "too much to calculate")
        .help("say it in fewer steps")
}
