//! `implied-rule`: a rule that fires whenever another one of its layer does.

use crate::checks::cards::Place;
use crate::diagnostics::{Code, Diagnostic, Severity};

pub(crate) static CODE: Code = Code {
    id: "implied-rule",
    name: "implied-rule",
    severity: Severity::Note,
    page: r#"
Whenever one rule of a layer fires, another one fires as well, so that both give their points together. That may be meant: then the
first one's points come on top. Where it is not, one of the conditions is too wide.

Thresholds on one scale, `employees >= 20` beside `employees >= 100`, are a common way to write tiers, and not reported.

```playbook wrong
use std.crm
score fit for Company {
  +20 when industry is one of [construction, solar_epc]
  +30 when industry is construction
}
```

Where each contact should get one of the two, let the conditions exclude each other:

```playbook right
use std.crm
score fit for Company {
  +20 when industry is solar_epc
  +30 when industry is construction
}
```
"#,
};

/// The narrower rule, and the one that always fires with it.
pub(crate) fn diagnostic(
    narrow: Place,
    narrow_points: &str,
    wide: Place,
    wide_points: &str,
    together: &str,
) -> Diagnostic {
    Diagnostic::new(
        &CODE,
        format!("these {narrow_points} points never come without {wide_points} others of the same layer"),
        narrow.file,
        narrow.span,
        "whenever this fires …",
    )
    .label(wide.file, wide.span, "… this fires as well")
    .note(format!("together they give {together}"))
    .help("where only one of them is meant, let the conditions exclude each other")
}
