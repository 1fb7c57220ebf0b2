//! E0601: a test that expects nothing.

use language::syntax::Text;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0601",
    name: "nothing-expected",
    severity: Severity::Error,
    page: r#"
A test expects nothing, so it could never fail.

```playbook wrong
use std.crm
test "a builder" {
  given contact { city: "Auckland" }
}
```

Say what has to come out:

```playbook right
use std.crm
test "a builder" {
  given contact { city: "Auckland" }
  expect city is "Auckland"
}
```
"#,
};

/// The test's name.
pub(crate) fn diagnostic(file: FileId, name: &Text) -> Diagnostic {
    Diagnostic::new(&CODE, format!("test \"{}\" expects nothing", name.value), file, name.span, "cannot fail")
        .help("say what has to come out: `expect SCORE is LABEL`, `expect SCORE is 55`")
}
