//! E0402: a layer without a weight beside others that have one.

use language::Fixed;
use language::Span;
use language::syntax::Layer;

use crate::checks::cards::Place;
use crate::codes::words;
use crate::diagnostics::{Code, Diagnostic, Edit, Severity};

pub(crate) static CODE: Code = Code {
    id: "E0402",
    name: "weight-missing",
    severity: Severity::Error,
    page: r#"
Some layers of a score have a weight and others have none. Either all layers have one: then each counts from 0 to 100 and the weights
say what it is worth. Or none has: then the score is the plain sum of all points.

```playbook wrong
use std.crm
score fit for Contact {
  layer place weight 60% { +100 when country is "NZ" }
  layer role { +100 when job_title contains "owner" }
}
```

Give every layer a weight, or none:

```playbook right
use std.crm
score fit for Contact {
  layer place weight 60% { +100 when country is "NZ" }
  layer role weight 40% { +100 when job_title contains "owner" }
}
```
"#,
};

/// The layers without one, what the others add up to, and one that has a weight.
pub(crate) fn diagnostic(missing: &[(&Layer, Place)], sum: Fixed, other: Option<Place>) -> Diagnostic {
    let names: Vec<&str> = missing.iter().map(|(layer, _)| layer.name.text.as_str()).collect();
    let has = if names.len() == 1 { "has" } else { "have" };
    let layers = if names.len() == 1 { "layer" } else { "layers" };
    let first =
        missing.first().map_or(Place { file: crate::program::FileId(0), span: Span::default() }, |(_, place)| *place);
    let headline = format!("{layers} {} {has} no weight, and others do", words::list(&names, "and", 6));
    let mut diagnostic = Diagnostic::new(&CODE, headline, first.file, first.span, "no weight");
    for (_, place) in missing.iter().skip(1).take(11) {
        diagnostic = diagnostic.label(place.file, place.span, "no weight");
    }
    if let Some(other) = other {
        diagnostic = diagnostic.label(other.file, other.span, "has one");
    }
    let rest = Fixed::from_integer(100).minus(sum);
    if missing.len() == 1 && rest > Fixed::ZERO {
        let edit = Edit {
            file: first.file,
            span: Span::new(first.span.end, first.span.end),
            replacement: format!(" weight {rest}%"),
        };
        return diagnostic.help(format!("the others add up to {sum}%: {rest}% are left for this one")).fix(
            format!("give it the {rest}% that are left"),
            false,
            vec![edit],
        );
    }
    diagnostic.help(format!("give every layer a weight, 100% together (the others have {sum}%), or none a weight"))
}

/// Rules that stand in no layer, beside layers that have weights.
pub(crate) fn of_rules(rule: Place, score: &str, other: Option<Place>) -> Diagnostic {
    let headline = format!("a rule of `{score}` stands in no layer, and the layers have weights");
    let diagnostic = Diagnostic::new(&CODE, headline, rule.file, rule.span, "without a layer it has no weight");
    let diagnostic = match other {
        Some(other) => diagnostic.label(other.file, other.span, "this layer has one"),
        None => diagnostic,
    };
    diagnostic
        .help("put the rule into a layer, or leave the weights out: then the score is the plain sum of all points")
}
