//! E0403: a weight of nought or below.

use language::Fixed;

use crate::checks::cards::Place;
use crate::diagnostics::{Code, Diagnostic, Severity};

pub(crate) static CODE: Code = Code {
    id: "E0403",
    name: "weight-not-positive",
    severity: Severity::Error,
    page: r#"
A layer has a weight of 0% or below. With 0% its rules count for nothing, and a layer cannot count backwards: points are taken away by
rules, `-20 when …`.

```playbook wrong
use std.crm
score fit for Contact {
  layer place weight 100% { +100 when country is "NZ" }
  layer role weight 0% { +100 when job_title contains "owner" }
}
```

Give it a weight above nought, or leave the layer out:

```playbook right
use std.crm
score fit for Contact {
  layer place weight 100% { +100 when country is "NZ" }
}
```
"#,
};

/// The weight.
pub(crate) fn diagnostic(place: Place, layer: &str, weight: Fixed) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        &CODE,
        format!("layer `{layer}` has a weight of {weight}%"),
        place.file,
        place.span,
        "has to be above 0%",
    );
    if weight < Fixed::ZERO {
        return diagnostic.help("to take points away, write rules with a minus: `-20 when …`");
    }
    diagnostic.help("give it a weight above 0%, or leave the layer out")
}
