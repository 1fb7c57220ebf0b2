//! E0821: something that nobody can be told.

use language::Span;

use crate::codes::words;
use crate::diagnostics::{Code, Diagnostic, Edit, Severity};
use crate::nearest::nearest;
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0821",
    name: "unknown-brief",
    severity: Severity::Error,
    page: r#"
A handoff briefs something that there is not: the receiver can be told records beside this one, scores, the reasons of a score, open
questions, the last activities, and fields of the contact by how they begin.

```playbook wrong
use std.crm
workflow Greeting for Contact {
  stage Hello { next Talk after 2 days }
  handoff Talk to Talking {
    brief contact, top 5 resons
    accepted within 1 business day
  }
}
workflow Talking for Contact {
  stage Call { next Done after 5 days }
  end Done as talked
}
```

Write something that there is:

```playbook right
use std.crm
workflow Greeting for Contact {
  stage Hello { next Talk after 2 days }
  handoff Talk to Talking {
    brief contact, needs, top 5 reasons
    accepted within 1 business day
  }
}
workflow Talking for Contact {
  stage Call { next Done after 5 days }
  end Done as talked
}
```
"#,
};

/// What is written, and what can be briefed.
pub(crate) fn diagnostic(file: FileId, span: Span, written: &str, known: &[String]) -> Diagnostic {
    let headline = format!("nobody can be told `{written}`");
    let found = Diagnostic::new(&CODE, headline, file, span, "not something to brief");
    match nearest(written, known.iter().map(String::as_str)) {
        Some(meant) => {
            let edit = Edit { file, span, replacement: meant.to_owned() };
            found.help(format!("did you mean `{meant}`?")).fix(format!("write `{meant}`"), false, vec![edit])
        }
        None => found.help(format!("there is {}", words::list(known, "and", 12))),
    }
}
