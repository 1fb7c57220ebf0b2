//! E0415: a score that learns from nothing, or from what is good and bad at once.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0415",
    name: "learn-outcome",
    severity: Severity::Error,
    page: r#"
A score learns by comparing those who turned out well with those who did not. So it needs both, and nothing can be both.

```playbook wrong
use std.crm
score fit for Contact {
  +60 when country is NZ because "near"
  learn {
    good on deal.won
  }
}
```

Say what was bad as well; what has neither is still open, and teaches nothing:

```playbook right
use std.crm
score fit for Contact {
  +60 when country is NZ because "near"
  learn {
    good on deal.won
    bad  on deal.lost, no reply.received 21 days after outreach.sent
  }
}
```

Data with outcomes and no events say it by a field:

```playbook right
use std.crm
extend Contact { converted: yes/no? }
score fit for Contact {
  +60 when country is NZ because "near"
  learn {
    good when converted is yes
    bad  when converted is no
  }
}
```
"#,
};

/// One side is missing: good, or bad.
pub(crate) fn missing(file: FileId, learn: Span, score: &str, good: bool) -> Diagnostic {
    let (side, example) = if good { ("good", "good on deal.won") } else { ("bad", "bad on deal.lost") };
    Diagnostic::new(
        &CODE,
        format!("score `{score}` does not say what turned out {side}"),
        file,
        learn,
        "nothing can be learned from one side alone",
    )
    .help(format!("name what tells it: `{example}`, or `{side} when CONDITION`"))
}

/// On both sides.
pub(crate) fn both(file: FileId, bad: Span, text: &str, good: Span) -> Diagnostic {
    Diagnostic::new(&CODE, format!("`{text}` is good and bad at once"), file, bad, "bad here")
        .label(file, good, "good here")
        .help("leave one of them out")
}

/// Twice on one side.
pub(crate) fn twice(file: FileId, again: Span, text: &str, first: Span) -> Diagnostic {
    Diagnostic::new(&CODE, format!("`{text}` is said twice"), file, again, "again here")
        .label(file, first, "first here")
        .help("leave one of them out")
}
