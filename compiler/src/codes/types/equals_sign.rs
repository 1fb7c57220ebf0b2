//! E0305: an equals sign for `is`.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Edit, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0305",
    name: "equals-sign",
    severity: Severity::Error,
    page: r#"
A condition is written with an equals sign. Here it reads as one says it: `is`, and `is not`.

```playbook wrong
use std.crm
fact agency of Company is industry = agency
```

Write the word:

```playbook right
use std.crm
fact agency of Company is industry is agency
```
"#,
};

/// The sign, and whether it denies.
pub(crate) fn diagnostic(file: FileId, sign: Span, negated: bool) -> Diagnostic {
    let word = if negated { "is not" } else { "is" };
    let edit = Edit { file, span: sign, replacement: word.to_owned() };
    Diagnostic::new(&CODE, format!("equality is written `{word}`"), file, sign, "not a word of conditions")
        .help(format!("write `{word}`"))
        .fix(format!("write `{word}`"), true, vec![edit])
}
