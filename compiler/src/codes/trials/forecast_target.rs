//! E1111: something that is not foretold.

use language::syntax::Path;

use super::suggested;
use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E1111",
    name: "forecast-target",
    severity: Severity::Error,
    page: r#"
What is foretold is a field that holds a percentage or a number, of a record that is named.

```playbook wrong
use std.crm
score icp for Contact {
  +60 when country is NZ because "near"
}
forecast deal.stage from icp learn from deal.won, deal.lost
```

Foretell how probable it is:

```playbook right
use std.crm
score icp for Contact {
  +60 when country is NZ because "near"
}
forecast deal.probability from deal.stage, icp learn from deal.won, deal.lost
```
"#,
};

/// Of a record that there is not.
pub(crate) fn of_what(file: FileId, path: &Path, known: &[&str]) -> Diagnostic {
    let word = path.parts.first().map(|part| part.text.as_str()).unwrap_or_default();
    let span = path.parts.first().map_or(path.span, |part| part.span);
    let found = Diagnostic::new(&CODE, format!("there is no record `{word}`"), file, span, "whose field is foretold?");
    suggested(found, (file, span), word, known)
}

/// The record alone.
pub(crate) fn which_field(file: FileId, path: &Path) -> Diagnostic {
    let name = path.dotted();
    Diagnostic::new(&CODE, format!("it is not said what of `{name}` is foretold"), file, path.span, "which field?")
        .help(format!("name a field: `{name}.probability`"))
}

/// A field of another kind.
pub(crate) fn kind(file: FileId, path: &Path, kind: &str) -> Diagnostic {
    let headline = format!("`{}` cannot be foretold", path.dotted());
    Diagnostic::new(&CODE, headline, file, path.span, format!("{kind}, not a percentage or a number"))
        .help("name a field that holds how probable it is: `deal.probability`")
}
