//! E0233: a phrase that is empty or there twice.

use language::Span;
use language::syntax::{Phrases, Text};

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0233",
    name: "useless-phrase",
    severity: Severity::Error,
    page: r#"
A phrase finds nothing, or nothing more: it has no letters, or it is there already. Phrases are found whatever the case and the blanks.

```playbook wrong
use std.crm
phrases bid_pain { "Tender deadline", "tender  deadline" }
```

Keep each phrase once:

```playbook right
use std.crm
phrases bid_pain { "tender deadline" }
```
"#,
};

/// The second one, and the place of the first.
pub(crate) fn diagnostic(file: FileId, text: &Text, first: (FileId, Span)) -> Diagnostic {
    Diagnostic::new(
        &CODE,
        format!("the phrase \"{}\" is there twice", text.value),
        file,
        text.span,
        "found whatever the case and the blanks",
    )
    .label(first.0, first.1, "the same phrase")
    .help("leave one of them out")
}

/// Nothing to find.
pub(crate) fn empty(file: FileId, span: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "a phrase needs a letter or digit to be found by", file, span, "nothing to find")
        .help("write what people say")
}

/// No phrases at all.
pub(crate) fn none(file: FileId, phrases: &Phrases) -> Diagnostic {
    let name = &phrases.name;
    Diagnostic::new(&CODE, format!("`{}` has no phrases", name.text), file, name.span, "finds nothing")
        .help("write what people say: `{ \"too expensive\" }`")
}
