//! E0835: a round without a person and without time.

use language::Span;

use crate::codes::words;
use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0835",
    name: "endless-round",
    severity: Severity::Error,
    page: r#"
A run can go round in these stages without anybody being asked and without any time passing. Nothing that they ask about changes
meanwhile, so it would go round for ever, as fast as it can.

```playbook wrong
use std.crm
workflow Sorting for Contact {
  start on contact.created
  stage Looking {
    next Weighing when email is known
    next Out      after 5 days
  }
  stage Weighing {
    next Looking when country is "NZ"
    next Out     otherwise
  }
  end Out as sorted
}
```

Let time pass, ask somebody, or say how often:

```playbook right
use std.crm
workflow Sorting for Contact {
  start on contact.created
  stage Looking at most 3 times, then Out {
    next Weighing when email is known
    next Out      after 5 days
  }
  stage Weighing {
    next Looking when country is "NZ"
    next Out     otherwise
  }
  end Out as sorted
}
```
"#,
};

/// The steps of the round: where each stands, and the stage that it leads out of. None of no steps.
pub(crate) fn diagnostic(steps: &[(FileId, Span, &str)]) -> Option<Diagnostic> {
    let ((file, span, _), others) = steps.split_first()?;
    let mut names: Vec<&str> = steps.iter().map(|(.., name)| *name).collect();
    names.dedup();
    let headline = match names.as_slice() {
        [only] => format!("a run can go round in `{only}` without an end"),
        names => format!("a run can go round in {} without an end", words::list(names, "and", 6)),
    };
    let found = Diagnostic::new(&CODE, headline, *file, *span, "goes on here at once …");
    let found = others.iter().take(8).fold(found, |found, (file, span, _)| found.label(*file, *span, "… and here"));
    Some(
        found.note("nobody is asked and no time passes in between").help(
            "let time pass, `next … after 1 day`, ask somebody, or say how often: `stage … at most 3 times, then …`",
        ),
    )
}
