//! E0321: a type that no field can have.

use language::Span;
use language::syntax::{Name, TypeExpression};

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0321",
    name: "bad-type",
    severity: Severity::Error,
    page: r#"
`one of` needs words, each once; `list of` holds texts or words of a declared list.

```playbook wrong
use std.crm
extend Company { visits: list of number? }
```

Use a type that a field can have; what happens again and again is an `event`:

```playbook right
use std.crm
extend Company { tools: list of text? }
event office.visited { people: number? }
```
"#,
};

/// A list of something else.
pub(crate) fn list(file: FileId, of: &TypeExpression, written: &str) -> Diagnostic {
    Diagnostic::new(&CODE, format!("a list holds texts or words, not `{written}`"), file, of.span, "not a text")
        .help("write `list of text` or `list of one of [a, b]`; for what happens again and again declare an `event`")
}

/// `one of []`
pub(crate) fn empty(file: FileId, span: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "`one of` needs words", file, span, "no words")
        .help("name what it can be: `one of [small, large]`")
}

/// A word that is there twice.
pub(crate) fn twice(file: FileId, word: &Name) -> Diagnostic {
    Diagnostic::new(&CODE, format!("`{}` is there twice", word.text), file, word.span, "again")
        .help("leave one of them out")
}
