//! `band-dip`: a band that gives fewer points than both its neighbours.

use crate::checks::cards::Place;
use crate::diagnostics::{Code, Diagnostic, Severity};

pub(crate) static CODE: Code = Code {
    id: "band-dip",
    name: "band-dip",
    severity: Severity::Note,
    page: r#"
Rules of a layer divide one scale into bands, and the points fall and then rise again. A best range in the middle is common, a worst one
seldom meant: most often two numbers were exchanged, or a digit is missing.

```playbook wrong
use std.crm
score fit for Company {
  +10 when employees >= 10 and employees < 50
  +2  when employees >= 50 and employees < 200
  +30 when employees >= 200
}
```

```playbook right
use std.crm
score fit for Company {
  +10 when employees >= 10 and employees < 50
  +20 when employees >= 50 and employees < 200
  +30 when employees >= 200
}
```
"#,
};

/// The band and its two neighbours with their points, and what they are about.
pub(crate) fn diagnostic(
    (band, points): (Place, &str),
    (lower, lower_points): (Place, &str),
    (upper, upper_points): (Place, &str),
    field: &str,
) -> Diagnostic {
    let headline = format!("{points} for more `{field}`, after {lower_points} and before {upper_points}");
    Diagnostic::new(&CODE, headline, band.file, band.span, "fewer than on either side")
        .label(lower.file, lower.span, "below it")
        .label(upper.file, upper.span, "above it")
        .help("where it is meant, say so: `// allow band-dip because \"…\"`")
}
