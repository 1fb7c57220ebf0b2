//! `short-layer`: a weighted layer whose rules do not add up to 100 points.

use crate::checks::cards::Place;
use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::Fixed;

pub(crate) static CODE: Code = Code {
    id: "short-layer",
    name: "short-layer",
    severity: Severity::Warning,
    page: r#"
A layer with a weight counts from 0 to 100, and the rules of this one never add up to 100. Part of its weight is out of reach: with a
weight of 40% and at most 60 points it is worth 24 points of the score, and not 40.

```playbook wrong
use std.crm
score fit for Contact {
  layer place weight 60% { +100 when country is "NZ" }
  layer role weight 40% {
    +60 when job_title contains "owner"
    +40 when job_title is missing
  }
}
```

Both rules of the second layer look at one field, so that only one of them counts. Give the points that are missing, or lower the weight:

```playbook right
use std.crm
score fit for Contact {
  layer place weight 60% { +100 when country is "NZ" }
  layer role weight 40% {
    +100 when job_title contains "owner"
    +40  when job_title is missing
  }
}
```
"#,
};

/// The layer's header, its name, its weight, the most it can be, and what that is worth.
pub(crate) fn diagnostic(header: Place, layer: &str, weight: Fixed, most: Fixed, worth: Fixed) -> Diagnostic {
    Diagnostic::new(
        &CODE,
        format!("layer `{layer}` never goes beyond {most} of 100"),
        header.file,
        header.span,
        format!("at most {most}"),
    )
    .note(format!("of its {weight}% of the score it can bring {worth}"))
    .help("give its rules 100 points that can come together, or lower its weight")
}
