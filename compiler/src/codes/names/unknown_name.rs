//! E0220: a name in a condition that nothing declares.

use language::syntax::Path;

use crate::codes::words;
use crate::diagnostics::{Code, Diagnostic, Edit, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0220",
    name: "unknown-name",
    severity: Severity::Error,
    page: r#"
A condition names something that is not there. It can name the fields of its record (`employees`), the fields of a record that this one
belongs to (`company.employees`), facts, scores and layers; in `where`, the event's own facts.

```playbook wrong
use std.crm
fact large of Contact is company.employes > 200
```

Write the name as it is declared, or declare it: `extend` adds fields to a record.

```playbook right
use std.crm
fact large of Contact is company.employees > 200
```
"#,
};

/// A path that means nothing in a condition about `entity`, whose fields are `known`.
pub(crate) fn diagnostic(file: FileId, path: &Path, entity: &str, meant: Option<&str>, known: &[String]) -> Diagnostic {
    let name = path.dotted();
    let headline = format!("nothing is called `{name}` here");
    let found = Diagnostic::new(
        &CODE,
        headline,
        file,
        path.span,
        format!("neither a field of {entity}, nor a fact, score or layer"),
    );
    suggested(found, file, path, meant, || format!("fields of {entity}: {}", words::list(known, "and", 12)))
}

/// The same, where it reads like a fact of an event.
pub(crate) fn of_event(found: Diagnostic, path: &Path, event: &str) -> Diagnostic {
    let name = path.dotted();
    let words = if name == event {
        format!("`{event}` is an event: ask whether it happened, `any {event}`, or how often, `count of {event}`")
    } else {
        format!("`{event}` can happen more than once: say which one is meant, as in `latest {name}` or `median {name}`")
    };
    Diagnostic { help: vec![words], ..found }
}

/// A source or a test names a field that the record has not.
pub(crate) fn field(file: FileId, path: &Path, entity: &str, meant: Option<&str>, known: &[String]) -> Diagnostic {
    let name = path.dotted();
    let found = Diagnostic::new(&CODE, format!("{entity} has no field `{name}`"), file, path.span, "not a field");
    let found =
        suggested(found, file, path, meant, || format!("fields of {entity}: {}", words::list(known, "and", 12)));
    if meant.is_some() { found } else { found.help(format!("to record it, write `extend {entity} {{ {name}: … }}`")) }
}

/// In `where`: a name that is no fact of the events; `of_record` where it is a field of the record.
pub(crate) fn event_fact(
    file: FileId,
    path: &Path,
    events: &[String],
    meant: Option<&str>,
    known: &[String],
    of_record: bool,
) -> Diagnostic {
    let name = path.dotted();
    let of = words::list(events, "and", 3);
    let found =
        Diagnostic::new(&CODE, format!("{of} has no fact `{name}`"), file, path.span, "not a fact of the event");
    if of_record && meant.is_none() {
        return found
            .note("`where` asks about the event itself, not about whose it is")
            .help(format!("ask about `{name}` beside it: `any … and {name} …`"));
    }
    suggested(found, file, path, meant, || match known {
        [] => format!("{of} records no facts: add some where the event is declared"),
        known => format!("facts of {of}: {}", words::list(known, "and", 12)),
    })
}

fn suggested(
    found: Diagnostic,
    file: FileId,
    path: &Path,
    meant: Option<&str>,
    known: impl FnOnce() -> String,
) -> Diagnostic {
    match meant {
        Some(meant) => {
            let edit = Edit { file, span: path.span, replacement: meant.to_owned() };
            found.help(format!("did you mean `{meant}`?")).fix(format!("write `{meant}`"), false, vec![edit])
        }
        None => found.help(known()),
    }
}
