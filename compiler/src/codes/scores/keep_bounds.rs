//! E0416: bounds of weights that no weights can keep.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::{FileId, Fixed};

pub(crate) static CODE: Code = Code {
    id: "E0416",
    name: "keep-bounds",
    severity: Severity::Error,
    page: r#"
`keep each weight from 10% to 40%` bounds what learning may propose. The weights of a score add up to 100%, so there have to be weights
between the bounds that do, and those that are written down lie between them too.

```playbook wrong
use std.crm
score fit for Contact {
  layer place weight 50% { +100 when country is NZ because "near" }
  layer size  weight 50% { +100 when company.employees > 20 because "large" }
  learn {
    good on deal.won
    bad  on deal.lost
    keep each weight from 10% to 40%
  }
}
```

With two layers, one of them weighs 50% at least:

```playbook right
use std.crm
score fit for Contact {
  layer place weight 50% { +100 when country is NZ because "near" }
  layer size  weight 50% { +100 when company.employees > 20 because "large" }
  learn {
    good on deal.won
    bad  on deal.lost
    keep each weight from 30% to 70%
  }
}
```
"#,
};

/// From more to less, or beyond a hundred.
pub(crate) fn backwards(file: FileId, span: Span, from: Fixed, to: Fixed) -> Diagnostic {
    let headline = if from > to {
        format!("no weight is from {from}% to {to}%")
    } else {
        format!("no weight is as high as {to}%")
    };
    Diagnostic::new(&CODE, headline, file, span, "no weight lies between these")
        .help("write the lower one first, and no more than 100%: `from 10% to 40%`")
}

/// The score is a plain sum.
pub(crate) fn no_weights(file: FileId, span: Span, score: &str) -> Diagnostic {
    Diagnostic::new(&CODE, format!("score `{score}` has no weights to keep"), file, span, "bounds of nothing")
        .help("leave it out, or give the layers weights: `layer place weight 50% { … }`")
}

/// So many layers of so much are more than all.
pub(crate) fn too_high(file: FileId, span: Span, layers: usize, from: Fixed) -> Diagnostic {
    let headline = format!("{layers} weights of {from}% and more are over 100%");
    Diagnostic::new(&CODE, headline, file, span, "too much for each")
        .help(format!("with {layers} layers, one of them weighs {}% at most", share(layers, false)))
}

/// So many layers of so little are less than all.
pub(crate) fn too_low(file: FileId, span: Span, layers: usize, to: Fixed) -> Diagnostic {
    let headline = format!("{layers} weights of {to}% and less are under 100%");
    Diagnostic::new(&CODE, headline, file, span, "too little for each")
        .help(format!("with {layers} layers, one of them weighs {}% at least", share(layers, true)))
}

/// A layer whose weight is beyond them as it is.
pub(crate) fn outside(file: FileId, span: Span, layer: &str, weight: Fixed) -> Diagnostic {
    let headline = format!("layer `{layer}` weighs {weight}%, beyond its own bounds");
    Diagnostic::new(&CODE, headline, file, span, "the bounds of each weight")
        .help("widen the bounds, or change the weight")
}

/// A hundred by so many, in whole percents.
const fn share(layers: usize, up: bool) -> usize {
    if up { 100_usize.div_ceil(layers) } else { 100 / layers }
}
