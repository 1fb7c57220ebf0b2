//! E0401: weights that do not add up to 100%.

use language::Fixed;

use crate::checks::cards::Place;
use crate::diagnostics::{Code, Diagnostic, Edit, Severity};

pub(crate) static CODE: Code = Code {
    id: "E0401",
    name: "weights-sum",
    severity: Severity::Error,
    page: r#"
The weights of a score's layers do not add up to 100%. Each layer counts from 0 to 100, and its weight is its part of the whole; with
weights that add up to 95% the best contact there could be would get 95, and every threshold would mean something else.

```playbook wrong
use std.crm
score fit for Contact {
  layer place weight 60% { +100 when country is "NZ" }
  layer role weight 35% { +100 when job_title contains "owner" }
}
```

Change one of them, so that they do:

```playbook right
use std.crm
score fit for Contact {
  layer place weight 60% { +100 when country is "NZ" }
  layer role weight 40% { +100 when job_title contains "owner" }
}
```

Leave all weights out where a plain sum of points is meant.
"#,
};

/// How many layers are shown.
const SHOWN: usize = 12;

/// The score's name, what its weights add up to, and each weight.
pub(crate) fn diagnostic(name: Place, score: &str, sum: Fixed, weights: &[(Fixed, Place)]) -> Diagnostic {
    let hundred = Fixed::from_integer(100);
    let off = hundred.minus(sum);
    let headline = format!("the weights of `{score}` add up to {sum}%, not to 100%");
    let (how, verb) =
        if off > Fixed::ZERO { (off, "are missing") } else { (Fixed(off.0.saturating_neg()), "are too many") };
    let mut diagnostic = Diagnostic::new(&CODE, headline, name.file, name.span, format!("{how}% {verb}"));
    for (weight, place) in weights.iter().take(SHOWN) {
        diagnostic = diagnostic.label(place.file, place.span, format!("{weight}%"));
    }
    if let [(_, place)] = weights {
        let edit = Edit { file: place.file, span: place.span, replacement: "weight 100%".to_owned() };
        return diagnostic.help("a single layer has all the weight").fix("write `weight 100%`", false, vec![edit]);
    }
    // Where one layer can take the difference and stays above nought, say what it would have to be.
    let (smallest, largest) = (weights.iter().map(|one| one.0).min(), weights.iter().map(|one| one.0).max());
    let example = if off > Fixed::ZERO { smallest } else { largest };
    match example.map(|weight| (weight, weight.plus(off))).filter(|(_, mended)| *mended > Fixed::ZERO) {
        Some((weight, mended)) => {
            let verb = if off > Fixed::ZERO { "raise" } else { "lower" };
            diagnostic.help(format!("{verb} one of them by {how}%: the {weight}%, for example, to {mended}%"))
        }
        None => diagnostic.help("lower some of them until they add up to 100%"),
    }
}
