//! E0808: a template, score, rubric, record or channel that an act or a rating names and nothing declares.

use language::Span;
use language::syntax::{Name, Path};
use smol_str::SmolStr;

use super::suggested;
use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0808",
    name: "unknown-object",
    severity: Severity::Error,
    page: r#"
An act or a requirement names a template, a score, a rubric, a record or a channel that is not there.

```playbook wrong
use std.crm
action write internal
template hello { body "Hi there" }
workflow Greeting for Contact {
  stage Hello {
    do write helo
    next Done after 2 days
  }
  end Done as greeted
}
```

Write one that is declared:

```playbook right
use std.crm
action write internal
template hello { body "Hi there" }
workflow Greeting for Contact {
  stage Hello {
    do write hello
    next Done after 2 days
  }
  end Done as greeted
}
```
"#,
};

/// The name, what it should be, and those that there are.
pub(crate) fn diagnostic(file: FileId, name: &Name, what: &str, known: &[SmolStr]) -> Diagnostic {
    at(file, name.span, &name.text, what, known)
}

/// The same of a path.
pub(crate) fn path(file: FileId, path: &Path, what: &str, known: &[SmolStr]) -> Diagnostic {
    at(file, path.span, &path.dotted(), what, known)
}

fn at(file: FileId, span: Span, typed: &str, what: &str, known: &[SmolStr]) -> Diagnostic {
    let headline = format!("there is no {what} `{typed}`");
    let label = if what == "record" { "not the record, nor one beside it" } else { "not declared" };
    suggested(Diagnostic::new(&CODE, headline, file, span, label), file, span, typed, known)
}

/// Whether it is a score that is not there.
pub(crate) fn is_score(found: &Diagnostic) -> bool {
    found.code.id == CODE.id && found.headline.starts_with("there is no score `")
}

/// A rating that is asked anything but how many points it is.
pub(crate) fn rating(file: FileId, span: Span, rubric: &str) -> Diagnostic {
    Diagnostic::new(&CODE, "a rating is compared with a number", file, span, "how the message is rated")
        .help(format!("write, for example, `message.{rubric} >= 60`"))
}
