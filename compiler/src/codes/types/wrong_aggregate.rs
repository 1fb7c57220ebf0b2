//! E0315: a calculation over what it cannot be over.

use language::Span;
use language::syntax::{AggregateFunction, Path};

use crate::codes::words;
use crate::diagnostics::{Code, Diagnostic, Edit, Severity};
use crate::nearest::nearest;
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0315",
    name: "wrong-aggregate",
    severity: Severity::Error,
    page: r#"
`average`, `median`, `sum`, `highest` and `lowest` calculate over a fact of an event that is a number; `latest` gives any fact of the newest
one; `count of` counts the events themselves.

```playbook wrong
use std.crm
fact length of Contact is average reply.received in the last 60 days > 60
```

Name a fact of the event that is a number:

```playbook right
use std.crm
fact length of Contact is average reply.received.words in the last 60 days > 60
```
"#,
};

/// An event without the fact that is meant.
pub(crate) fn which_fact(file: FileId, path: &Path, known: &[String]) -> Diagnostic {
    let name = path.dotted();
    let found = Diagnostic::new(
        &CODE,
        format!("it is not said which fact of `{name}` is meant"),
        file,
        path.span,
        "an event, not one of its facts",
    );
    match known.first() {
        Some(only) if known.len() == 1 => found.help(format!("write `{name}.{only}`")),
        Some(first) => found.help(format!("write `{name}.{first}`; its facts are {}", words::list(known, "and", 8))),
        None => found.help(format!("`{name}` records no facts; `count of {name}` counts it")),
    }
}

/// A fact that the event has not.
pub(crate) fn no_such_fact(file: FileId, path: &Path, event: &str, fact: &str, known: &[String]) -> Diagnostic {
    let span = path.parts.last().map_or(path.span, |part| part.span);
    let found = Diagnostic::new(&CODE, format!("`{event}` has no fact `{fact}`"), file, span, "not one of its facts");
    match (nearest(fact, known.iter().map(String::as_str)), known) {
        (Some(meant), _) => {
            let edit = Edit { file, span, replacement: meant.to_owned() };
            found.help(format!("did you mean `{meant}`?")).fix(format!("write `{meant}`"), false, vec![edit])
        }
        (None, []) => found.help(format!("it records none: add `{fact}` where the event is declared")),
        (None, known) => found.help(format!("its facts are {}", words::list(known, "and", 12))),
    }
}

/// Several events, where a fact of one is meant.
pub(crate) fn several(file: FileId, span: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "only `count of` takes several events", file, span, "several")
        .help("name one event and one of its facts, as in `median reply.received.delay`")
}

/// A fact that is no number.
pub(crate) fn not_a_number(file: FileId, path: &Path, function: AggregateFunction, kind: &str) -> Diagnostic {
    let word = match function {
        AggregateFunction::Count => "count",
        AggregateFunction::Average => "average",
        AggregateFunction::Median => "median",
        AggregateFunction::Sum => "sum",
        AggregateFunction::Highest => "highest",
        AggregateFunction::Lowest => "lowest",
        AggregateFunction::Latest => "latest",
    };
    let headline = format!("`{}` is {kind}, and that has no {word}", path.dotted());
    Diagnostic::new(&CODE, headline, file, path.span, kind)
        .help("calculate over a number, an amount of money or a duration; `latest` gives any fact of the newest event")
}
