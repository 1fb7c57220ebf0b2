//! E0915: a person that the client has not named.

use language::syntax::Name;

use super::suggested;
use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0915",
    name: "unknown-person",
    severity: Severity::Error,
    page: r#"
Somebody is named who is not among the client's `people`. `human` alone is any of them.

```playbook wrong
client "Acme" { people founder "Founder" }
agent Researcher { hands "prospect list" to foundre }
```

Write a person of the client, or add one to `people`:

```playbook right
client "Acme" { people founder "Founder" }
agent Researcher { hands "prospect list" to founder }
```

A module knows no client: where it names a person whom a client has not, it means any person.
"#,
};

/// The name, and the client's people.
pub(crate) fn diagnostic(file: FileId, name: &Name, known: &[&str]) -> Diagnostic {
    let found = Diagnostic::new(
        &CODE,
        format!("nobody is called `{}` here", name.text),
        file,
        name.span,
        "not among the client's people",
    );
    let mut known: Vec<&str> = known.to_vec();
    known.push("human");
    suggested(found, file, (name.span, &name.text), &known)
        .help(format!("or name them in the client's block: `people {} \"…\"`", name.text))
}
