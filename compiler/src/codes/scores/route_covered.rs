//! E0405: a line of a route that the lines above leave nothing to.

use crate::checks::cards::Place;
use crate::diagnostics::{Code, Diagnostic, Severity};

pub(crate) static CODE: Code = Code {
    id: "E0405",
    name: "route-covered",
    severity: Severity::Error,
    page: r#"
A line of a route is never reached. The first line that holds counts, and whenever this one holds, one above it holds as well.

```playbook wrong
use std.crm
score fit for Contact {
  +50 when country is "NZ"
  +50 when job_title contains "owner"
  route {
    warm when fit >= 45
    hot  when fit >= 80
    cold otherwise
  }
}
```

Put the stricter line first:

```playbook right
use std.crm
score fit for Contact {
  +50 when country is "NZ"
  +50 when job_title contains "owner"
  route {
    hot  when fit >= 80
    warm when fit >= 45
    cold otherwise
  }
}
```
"#,
};

/// The line, its label, and those above that cover it: where, and whether it is an `otherwise`.
pub(crate) fn diagnostic(line: Place, label: &str, above: &[(Place, bool)]) -> Diagnostic {
    let headline = format!("this line to `{label}` is never reached");
    let diagnostic = Diagnostic::new(&CODE, headline, line.file, line.span, "whenever this holds …");
    if let [(place, true)] = above {
        let mut diagnostic = diagnostic.label(place.file, place.span, "this holds for everything");
        diagnostic.primary.text = "nothing is left for this line".to_owned();
        return diagnostic.help("let the line with `otherwise` be the last one");
    }
    let text =
        if above.len() == 1 { "… this holds, and comes first" } else { "… one of these holds, and comes first" };
    let diagnostic =
        above.iter().take(6).fold(diagnostic, |diagnostic, (place, _)| diagnostic.label(place.file, place.span, text));
    let help = if above.len() == 1 {
        "put the stricter line first, or leave this one out"
    } else {
        "leave this line out, or let those above hold for fewer"
    };
    diagnostic.note("the first line that holds counts").help(help)
}
