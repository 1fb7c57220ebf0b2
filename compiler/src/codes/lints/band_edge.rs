//! `band-edge`: two bands of one scale that meet in a value which gets both, or none.

use crate::checks::cards::Place;
use crate::diagnostics::{Code, Diagnostic, Severity};

pub(crate) static CODE: Code = Code {
    id: "band-edge",
    name: "band-edge",
    severity: Severity::Warning,
    page: r#"
Two rules of a layer are neighbours on one scale, and the one value between them gets the points of both, or of neither. `from A to B`
includes both ends; `<` and `>` leave theirs out.

```playbook wrong
use std.crm
score fit for Company {
  +10 when employees is from 10 to 50
  +20 when employees is from 50 to 200
}
```

Let one of the two have the value. Half-open bands are written with `>=` and `<`:

```playbook right
use std.crm
score fit for Company {
  +10 when employees >= 10 and employees < 50
  +20 when employees >= 50 and employees <= 200
}
```
"#,
};

/// The lower rule and the upper one with their points, what they are about, and the value that gets both, or else neither.
pub(crate) fn diagnostic(
    (lower, lower_points): (Place, &str),
    (upper, upper_points): (Place, &str),
    field: &str,
    value: &str,
    both: bool,
) -> Diagnostic {
    let headline = if both {
        format!("`{field}` of {value} gets both {lower_points} and {upper_points}")
    } else {
        format!("`{field}` of {value} gets neither {lower_points} nor {upper_points}")
    };
    let (below, above) = if both { ("up to it", "and from it") } else { ("below it", "and above it") };
    let diagnostic =
        Diagnostic::new(&CODE, headline, upper.file, upper.span, above).label(lower.file, lower.span, below);
    if both {
        diagnostic
            .help(format!("let one of them leave {value} out: `from A to B` includes both ends, `< {value}` does not"))
    } else {
        diagnostic.help(format!("let one of them have {value}: with `>=` or `<=`"))
    }
}
