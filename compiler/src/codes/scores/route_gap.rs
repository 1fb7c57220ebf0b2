//! E0406: a route that has no line for some.

use language::Span;

use crate::checks::cards::{Place, RouteCard};
use crate::diagnostics::{Code, Diagnostic, Edit, Severity};

pub(crate) static CODE: Code = Code {
    id: "E0406",
    name: "route-gap",
    severity: Severity::Error,
    page: r#"
A route has no line for some records: none of its lines holds for them, and they would be routed nowhere.

```playbook wrong
use std.crm
score fit for Contact {
  +50 when country is "NZ"
  route {
    hot  when fit >= 40
    warm when fit >= 20
  }
}
```

Let the last line say what becomes of all others:

```playbook right
use std.crm
score fit for Contact {
  +50 when country is "NZ"
  route {
    hot  when fit >= 40
    cold otherwise
  }
}
```
"#,
};

/// The route, its score, its last line, and an example of what has no line: `icp below 45`.
pub(crate) fn diagnostic(
    route: Place,
    score: &str,
    last: &RouteCard<'_>,
    label: &str,
    example: Option<&str>,
) -> Diagnostic {
    let whom = example.unwrap_or("what none of its lines is about");
    let line = last.place();
    let edit = Edit {
        file: line.file,
        span: Span::new(line.span.end, line.span.end),
        replacement: format!("\n    {label} otherwise"),
    };
    Diagnostic::new(
        &CODE,
        format!("the route of `{score}` has no line for {whom}"),
        route.file,
        route.span,
        "no line holds for these",
    )
    .label(line.file, line.span, "the last line")
    .help(format!("end the route with a line for all others: `{label} otherwise`, for example"))
    .fix(format!("let all others be `{label}`"), false, vec![edit])
}
