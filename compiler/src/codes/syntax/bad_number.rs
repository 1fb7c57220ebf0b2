//! E0111: a number that cannot be held.

use language::{NumberError, Span};

use crate::diagnostics::{Code, Diagnostic, Files, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0111",
    name: "bad-number",
    severity: Severity::Error,
    page: r#"
A number is too large or too precise. Numbers reach up to nine trillion and have at most six decimals, so that every calculation
is exact and the same on every machine.

```playbook wrong
use std.crm
score fit for Company {
  +10 when employees > 0.12345678
}
```

Round it, or measure in a larger unit:

```playbook right
use std.crm
score fit for Company {
  +10 when employees > 0.123457
}
```

Decimals are written with a point, and `_` may group digits: `1_000_000.5`. `50k` and `2M` are numbers as well.
"#,
};

/// The number, and why it is none.
pub(super) fn diagnostic(files: &Files, file: FileId, span: Span, reason: NumberError) -> Diagnostic {
    let number = files.slice(file, span);
    let shown =
        if number.chars().count() <= 30 { number.to_owned() } else { number.chars().take(29).chain(['…']).collect() };
    let (why, help) = match reason {
        NumberError::NotANumber => {
            ("this is not a number", "write digits, with a point for decimals: `1_000.5`, `50k`, `2M`")
        }
        NumberError::TooLarge => ("numbers reach up to 9 trillion", "measure in a larger unit"),
        NumberError::TooPrecise => ("numbers have at most six decimals", "round it to six decimals"),
    };
    let what = match reason {
        NumberError::NotANumber => "is not a number",
        NumberError::TooLarge => "is too large",
        NumberError::TooPrecise => "is too precise",
    };
    Diagnostic::new(&CODE, format!("`{shown}` {what}"), file, span, why).help(help)
}
