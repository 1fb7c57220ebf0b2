//! `cannot-run-yet`: a construct of the language whose engine is not here yet.

use language::Span;

use crate::checks::cannot_run::Construct;
use crate::codes::words;
use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::modules::Modules;
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "cannot-run-yet",
    name: "cannot-run-yet",
    severity: Severity::Error,
    page: r#"
The language knows a construct that this version cannot run: a `publish`, a `forecast`. It is read
and formatted, and it is refused, because what is written in a playbook and does nothing would be believed to work.

```playbook wrong
use std.crm
forecast deal.probability from deal.stage
```

Leave it out, or say in the client's block that you know. All such constructs are then counted in one note.

```playbook right
client "Acme" {
  allow cannot-run-yet because "written down for the next release"
}
use std.crm
forecast deal.probability from deal.stage
```
"#,
};

const HELP: &str = "leave it out, or write `allow cannot-run-yet because \"…\"` in the client's block";

/// One construct.
pub(crate) fn diagnostic(construct: &Construct) -> Diagnostic {
    let Construct { what, name, file, span } = construct;
    let headline = match name {
        Some(name) if matches!(what.as_str(), "learn" | "kill") => {
            format!("`{what}` of score `{name}` cannot run yet")
        }
        Some(name) => format!("{what} `{name}` cannot run yet"),
        None => format!("`{what}` cannot run yet"),
    };
    Diagnostic::new(&CODE, headline, *file, *span, "this is read, but nothing acts on it").help(HELP)
}

/// What a used module brings, at the `use` of it.
pub(crate) fn brought(modules: &Modules, file: FileId, span: Span, constructs: &[Construct]) -> Diagnostic {
    let used = modules.text(file, span);
    let module = used.strip_prefix("use").unwrap_or(used).trim();
    let first = constructs.first().map(|construct| modules.files.name(construct.file)).unwrap_or_default();
    Diagnostic::new(&CODE, format!("some of what `{module}` brings cannot run yet"), file, span, counts(constructs))
        .note(format!("it stands in `{first}`:\n{}", names(constructs)))
        .help(HELP)
}

/// All that somebody allowed, as one note.
pub(crate) fn summary(file: FileId, span: Span, constructs: &[Construct]) -> Diagnostic {
    let number = words::count(constructs.len(), "construct", "constructs");
    let verb = if constructs.len() == 1 { "is" } else { "are" };
    let mut diagnostic = Diagnostic::new(
        &CODE,
        format!("{number} that cannot run yet {verb} left out: {}", counts(constructs)),
        file,
        span,
        "allowed here",
    );
    // Without their names: it stands under every check, and whoever allows them knows them.
    diagnostic.severity = Severity::Note;
    diagnostic
}

/// `4 workflows, 1 permissions`
fn counts(constructs: &[Construct]) -> String {
    let kinds = by_kind(constructs);
    let counted: Vec<String> =
        kinds.iter().map(|(what, names)| words::count(names.len(), what, &plural(what))).collect();
    counted.join(", ")
}

/// ``workflow `A`, `B`; permissions``
fn names(constructs: &[Construct]) -> String {
    let kinds = by_kind(constructs);
    let named = kinds.iter().map(|(what, names)| {
        let names: Vec<&str> = names.iter().flatten().copied().collect();
        if names.is_empty() { (*what).to_owned() } else { format!("{what} {}", words::list(&names, "and", 4)) }
    });
    named.collect::<Vec<_>>().join("\n")
}

type Names<'a> = Vec<Option<&'a str>>;

fn by_kind(constructs: &[Construct]) -> Vec<(&str, Names<'_>)> {
    let mut kinds: Vec<(&str, Names<'_>)> = Vec::new();
    for construct in constructs {
        match kinds.iter_mut().find(|(what, _)| *what == construct.what) {
            Some((_, names)) => names.push(construct.name.as_deref()),
            None => kinds.push((&construct.what, vec![construct.name.as_deref()])),
        }
    }
    kinds
}

fn plural(what: &str) -> String {
    match what.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None if what.ends_with('s') => what.to_owned(),
        None if what.ends_with("sh") => format!("{what}es"),
        None => format!("{what}s"),
    }
}
