//! E0502: a source that fills what is not there.

use language::Span;
use language::syntax::Name;

use crate::codes::words;
use crate::diagnostics::{Code, Diagnostic, Edit, Severity};
use crate::modules::standard;
use crate::nearest::nearest;
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0502",
    name: "unknown-target",
    severity: Severity::Error,
    page: r#"
A source fills a record kind or an event: `into Contact`, `into quiz.completed`, or `into Event`, where a column says which event each row is.

```playbook wrong
use std.crm
source leads from csv "leads.csv" into Contacts by email {
  email from "Email"
}
```

Name what it fills:

```playbook right
use std.crm
source leads from csv "leads.csv" into Contact by email {
  email from "Email"
}
```
"#,
};

/// The name, and the record kinds that there are.
pub(crate) fn diagnostic(file: FileId, name: &Name, known: &[String]) -> Diagnostic {
    let found = Diagnostic::new(
        &CODE,
        format!("there is no record kind `{}` to fill", name.text),
        file,
        name.span,
        "not declared",
    );
    let known = || known.iter().map(String::as_str).chain(["Event"]);
    if let Some(meant) = nearest(&name.text, known()) {
        let edit = Edit { file, span: name.span, replacement: meant.to_owned() };
        return found.help(format!("did you mean `{meant}`?")).fix(format!("write `{meant}`"), false, vec![edit]);
    }
    match standard::module_declaring("entity", &name.text) {
        Some(module) => found.help(format!("it comes with `use {module}`: add that line")),
        None => found.help(format!(
            "there is {}, and an event by its name",
            words::list(&known().collect::<Vec<_>>(), "and", 12)
        )),
    }
}

/// Events that are there already.
pub(crate) fn existing_events(file: FileId, span: Span, written: &str) -> Diagnostic {
    Diagnostic::new(&CODE, "an event has happened or not: none is updated", file, span, "events")
        .help(format!("write `into {written}` without `existing`"))
}
