//! E1112: a forecast that has nothing to learn from.

use language::Span;
use language::syntax::Path;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E1112",
    name: "forecast-from",
    severity: Severity::Error,
    page: r#"
A forecast compares what was known of those that went well with what was known of those that did not. It reads fields and scores (numbers, words,
yes or no), of the record or one beside it, and names both outcomes; the first is what is foretold.

```playbook wrong
use std.crm
score icp for Contact {
  +60 when country is NZ because "near"
}
forecast deal.probability from deal.stage, icp learn from deal.won
```

Name the other outcome as well:

```playbook right
use std.crm
score icp for Contact {
  +60 when country is NZ because "near"
}
forecast deal.probability from deal.stage, icp learn from deal.won, deal.lost
```
"#,
};

/// Fewer than two outcomes.
pub(crate) fn no_outcomes(file: FileId, span: Span, outcomes: usize) -> Diagnostic {
    let headline =
        if outcomes == 0 { "this forecast learns from nothing" } else { "this forecast learns from one outcome alone" };
    Diagnostic::new(&CODE, headline, file, span, "nothing to compare")
        .help("name both, the good one first: `learn from deal.won, deal.lost`")
}

/// Of a kind that says nothing by itself.
pub(crate) fn kind(file: FileId, path: &Path, kind: &str) -> Diagnostic {
    let headline = format!("nothing is foretold from `{}`", path.dotted());
    Diagnostic::new(&CODE, headline, file, path.span, kind.to_owned())
        .help("name a number, a word, a yes or no, or a score")
}

/// From what is foretold.
pub(crate) fn itself(file: FileId, path: &Path) -> Diagnostic {
    let headline = format!("`{}` is foretold from itself", path.dotted());
    Diagnostic::new(&CODE, headline, file, path.span, "what is foretold").help("leave it out")
}

/// Named before.
pub(crate) fn twice(file: FileId, path: &Path) -> Diagnostic {
    Diagnostic::new(&CODE, format!("`{}` is named twice", path.dotted()), file, path.span, "again here")
        .help("leave it out")
}
