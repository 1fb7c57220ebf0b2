//! `useless-points`: points that a cap or a clamp takes away again.

use crate::checks::cards::Place;
use crate::diagnostics::{Code, Diagnostic, Severity};

pub(crate) static CODE: Code = Code {
    id: "useless-points",
    name: "useless-points",
    severity: Severity::Warning,
    page: r#"
Points can never count in full. A layer with a weight counts from 0 to 100, and `up to` caps the points of an `each`: what lies beyond
is taken away again, whatever the facts.

```playbook wrong
use std.crm
score interest for Contact {
  +15 each email.clicked, up to 10
}
```

Give no more points than can count:

```playbook right
use std.crm
score interest for Contact {
  +5 each email.clicked, up to 10
}
```
"#,
};

/// One event gives more than the cap leaves.
pub(crate) fn beyond_cap(place: Place, points: &str, cap: &str) -> Diagnostic {
    Diagnostic::new(
        &CODE,
        format!("one event gives {points} points, and the cap leaves {cap}"),
        place.file,
        place.span,
        format!("capped at {cap}"),
    )
    .note("the second event and all after it change nothing")
    .help(format!("give at most {cap} points an event, or raise the cap"))
}

/// One rule alone gives more than its layer can count.
pub(crate) fn beyond_clamp(place: Place, points: &str, layer: &str) -> Diagnostic {
    Diagnostic::new(
        &CODE,
        format!("{points} points are more than layer `{layer}` can count"),
        place.file,
        place.span,
        "a layer with a weight ends at 100",
    )
    .help("give at most 100 points; the layer's weight says what they are worth")
}

/// The cap of an `each` is more than its layer can count.
pub(crate) fn cap_beyond_clamp(place: Place, cap: &str, layer: &str) -> Diagnostic {
    Diagnostic::new(
        &CODE,
        format!("a cap of {cap} points is more than layer `{layer}` can count"),
        place.file,
        place.span,
        "a layer with a weight ends at 100",
    )
    .help("cap it at 100 at most; the layer's weight says what they are worth")
}

/// Whenever the rule fires, its layer is at an end with it and without it.
pub(crate) fn never_count(rule: Place, points: &str, layer: &str, at_the_top: bool) -> Diagnostic {
    let (end, why) = if at_the_top {
        ("100", "has 100 points without it")
    } else {
        ("0", "has nothing that it could count against")
    };
    Diagnostic::new(
        &CODE,
        format!("these {points} points never count: layer `{layer}` is at {end} with them and without them"),
        rule.file,
        rule.span,
        format!("whenever this fires, the layer {why}"),
    )
    .note("a layer with a weight counts from 0 to 100")
    .help("leave the rule out, or move it to a layer where it counts")
}

/// A weighted layer that only takes points away.
pub(crate) fn never_above_zero(place: Place, layer: &str) -> Diagnostic {
    Diagnostic::new(
        &CODE,
        format!("layer `{layer}` only takes points away, and a layer with a weight starts at 0"),
        place.file,
        place.span,
        "always 0",
    )
    .help("put these rules into a layer that gives points, or leave the weights out: then nothing is clamped")
}

/// No points at all.
pub(crate) fn nought(place: Place) -> Diagnostic {
    Diagnostic::new(&CODE, "a rule gives 0 points", place.file, place.span, "changes nothing")
        .help("give it points, or leave it out")
}
