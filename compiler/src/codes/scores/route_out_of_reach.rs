//! E0404: a line of a route that asks for more, or less, than the score can be.

use language::Fixed;

use crate::checks::cards::{Card, Place};
use crate::checks::demand::{self, Demands};
use crate::checks::interval::Interval;
use crate::checks::reach::{Range, Reach};
use crate::checks::{describe, reach};
use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::ScoreRef;

pub(crate) static CODE: Code = Code {
    id: "E0404",
    name: "route-out-of-reach",
    severity: Severity::Error,
    page: r#"
A line of a route asks for a score that no contact can have: whatever the facts, the points of the rules do not go so far.

```playbook wrong
use std.crm
score fit for Contact {
  +40 when country is "NZ"
  +30 when country is "AU"
  route {
    hot  when fit >= 60
    cold otherwise
  }
}
```

Both rules look at one field, so that the best possible is 40. Lower the threshold, or give more points:

```playbook right
use std.crm
score fit for Contact {
  +40 when country is "NZ"
  +30 when job_title contains "owner"
  route {
    hot  when fit >= 60
    cold otherwise
  }
}
```
"#,
};

/// How many layers are shown.
const SHOWN: usize = 8;

/// A place, and what is to be said about it.
pub(crate) type Part = (Place, String);

/// The line, its label, the score or layer it asks, what it wants of it, and what there is: with the line's other demands, and without.
pub(crate) fn diagnostic(
    line: Place,
    label: &str,
    of: &str,
    wanted: Interval,
    (range, alone): (Range, Range),
    parts: &[Part],
) -> Diagnostic {
    let too_high = wanted.low > range.high.0;
    let (end, value) = if too_high { ("best", range.high) } else { ("least", range.low) };
    let headline =
        format!("`{label}` needs `{of}` to be {}, and the {end} possible is {value}", describe::interval(wanted));
    let mut diagnostic = Diagnostic::new(&CODE, headline, line.file, line.span, "no facts lead here");
    for (place, text) in parts.iter().take(SHOWN) {
        diagnostic = diagnostic.label(place.file, place.span, text.clone());
    }
    let by_itself = if too_high { alone.high } else { alone.low };
    if value != by_itself {
        diagnostic = diagnostic
            .note(format!("by itself `{of}` can be {by_itself}; what else this line asks for leaves {value}"));
    }
    if too_high && value == Fixed::from_integer(100) && parts.is_empty() {
        return diagnostic
            .note("a score with weights, and each of its layers, goes from 0 to 100")
            .help("ask for at most 100");
    }
    let (bound, points) = if too_high { ("most", "give more points") } else { ("least", "take more points away") };
    if wanted.meet(Interval::new(alone.low, alone.high)).is_empty() {
        diagnostic.help(format!("ask for at {bound} {value}, or {points}"))
    } else {
        // Without the rest of the line it can be so.
        diagnostic.help(format!("ask for at {bound} {value}, or leave out what else this line asks for"))
    }
}

/// A line that asks for things which do not come together.
pub(crate) fn not_together(line: Place, label: &str, score: &str, range: Range) -> Diagnostic {
    Diagnostic::new(
        &CODE,
        format!("this line to `{label}` holds for nobody"),
        line.file,
        line.span,
        "what it asks for does not come together",
    )
    .note(format!("by itself `{score}` goes from {} to {}", range.low, range.high))
    .help("change the condition, or leave the line out")
}

/// A line whose condition contradicts itself.
pub(crate) fn never(line: Place, label: &str, why: &str) -> Diagnostic {
    Diagnostic::new(&CODE, format!("this line to `{label}` can never hold"), line.file, line.span, why.to_owned())
        .help("change the condition, or leave the line out")
}

/// What the layers of a score contribute, and which rules of one exclude each other.
pub(crate) fn parts(card: &Card<'_>, reach: &Reach<'_>, of: ScoreRef, given: &Demands<'_>, high: bool) -> Vec<Part> {
    if of.score != card.id {
        return Vec::new();
    }
    let mut parts = Vec::new();
    for (at, layer) in card.layers.iter().enumerate() {
        let this = of.layer.is_none_or(|layer| layer as usize == at);
        if !this {
            continue;
        }
        let range = reach.layer(at, given);
        let value = if high { range.high } else { range.low };
        // A layer that reaches its end is not what keeps the score down.
        let full = card.score.weighted && high && value == Fixed::from_integer(100);
        if layer.layer.name.is_some() && !full {
            let worth = layer
                .layer
                .weight
                .filter(|_| of.layer.is_none())
                .map(|weight| weight.times(value).over(Fixed::from_integer(100)));
            let worth = worth.flatten().map(|worth| format!(", worth {worth} of the score")).unwrap_or_default();
            let bound = if high { "at most" } else { "at least" };
            parts.push((layer.header, format!("{bound} {value}{worth}")));
        }
        if high {
            entangled(layer, reach, at, given, &mut parts);
        }
    }
    // A plain sum of few rules that all come together: where the points come from.
    let few = card.layers.iter().map(|layer| layer.rules.len()).sum::<usize>() <= SHOWN;
    if high && few && parts.is_empty() && !card.score.weighted {
        for (at, layer) in card.layers.iter().enumerate() {
            for (piece, rule) in reach.pieces(at).iter().zip(&layer.rules).filter(|(piece, _)| piece.most > Fixed::ZERO)
            {
                parts.push((rule.points(), format!("at most {}", piece.most)));
            }
        }
    }
    parts
}

/// The rules of a layer that cannot fire together, and those that the line itself rules out.
fn entangled(
    layer: &crate::checks::cards::LayerCard<'_>,
    reach: &Reach<'_>,
    at: usize,
    given: &Demands<'_>,
    parts: &mut Vec<Part>,
) {
    let pieces = reach.pieces(at);
    let giving: Vec<usize> = pieces
        .iter()
        .enumerate()
        .filter(|(_, piece)| piece.most > Fixed::ZERO && piece.demands.is_ok())
        .map(|(at, _)| at)
        .collect();
    let demands: Vec<&Demands<'_>> = giving.iter().filter_map(|at| pieces.get(*at)?.demands.as_ref().ok()).collect();
    for (rule, demands) in giving.iter().zip(&demands) {
        let Some(card) = layer.rules.get(*rule) else { continue };
        if demand::exclude(demands, given) {
            parts.push((card.condition(), "excluded by what else this line asks for".to_owned()));
        }
    }
    let mut seen = Vec::new();
    for (one, other) in reach::exclusions(&demands) {
        let (Some(one), Some(other)) = (giving.get(one), giving.get(other)) else { continue };
        for (this, that) in [(one, other), (other, one)] {
            let (Some(card), Some(against)) = (layer.rules.get(*this), layer.rules.get(*that)) else { continue };
            if !seen.contains(this) {
                seen.push(*this);
                let points = describe::signed(against.rule.points);
                parts.push((
                    card.condition(),
                    format!("not together with the {points} of line {}", against.rule.origin.line),
                ));
            }
        }
    }
}
