//! E0201: a `use` of a module that is not there.

use language::Span;
use language::syntax::Use;

use crate::codes::words;
use crate::diagnostics::{Code, Diagnostic, Edit, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0201",
    name: "unknown-module",
    severity: Severity::Error,
    page: r#"
A `use` names a module that is not there.

`use std.…` takes a module of the standard library, `use shared.…` one of the folder `playbooks/shared/`, and `use ./…` a file
beside the one that says so. Dots stand for folders, and the ending `.playbook` is left out.

```playbook wrong
use std.crmm
```

Write the name of a module that is there:

```playbook right
use std.crm
```
"#,
};

/// A module that is nowhere. `name` is its virtual name, `known` what there is in that place.
pub(crate) fn diagnostic(
    file: FileId,
    wanted: &Use,
    name: &str,
    meant: Option<String>,
    known: &[String],
) -> Diagnostic {
    let written = written(wanted);
    let whole = whole(wanted);
    let diagnostic = Diagnostic::new(&CODE, format!("there is no module `{written}`"), file, whole, "not found");
    let diagnostic = if let Some(meant) = meant {
        let edit = Edit { file, span: whole, replacement: meant.clone() };
        diagnostic.help(format!("did you mean `{meant}`?")).fix(format!("write `{meant}`"), false, vec![edit])
    } else if known.is_empty() {
        diagnostic.help(format!("write the module into the file `{}`", path(name)))
    } else {
        diagnostic.help(format!("there is {}", words::list(known, "and", 12)))
    };
    if wanted.beside || name.starts_with("shared:") {
        diagnostic.note(format!("it was looked for as `{}`", path(name)))
    } else {
        diagnostic
    }
}

/// A module that says not where it is: neither `std`, nor `shared`, nor `./`.
pub(crate) fn no_such_place(file: FileId, wanted: &Use) -> Diagnostic {
    let written = written(wanted);
    let diagnostic = Diagnostic::new(
        &CODE,
        format!("`use {written}` does not say where the module is"),
        file,
        whole(wanted),
        "starts with neither `std`, `shared` nor `./`",
    );
    let last = wanted.path.parts.last().map_or("", |part| part.text.as_str());
    diagnostic.help(format!(
        "`std.{last}` is one of the standard library, `shared.{last}` one of `playbooks/shared/`, `./{last}` a file beside this one"
    ))
}

fn written(wanted: &Use) -> String {
    if wanted.beside {
        let words: Vec<&str> = wanted.path.parts.iter().map(|part| part.text.as_str()).collect();
        return format!("./{}", words.join("/"));
    }
    wanted.path.dotted().to_string()
}

/// With the `./` in front.
fn whole(wanted: &Use) -> Span {
    let start = if wanted.beside { wanted.path.span.start.saturating_sub(2) } else { wanted.path.span.start };
    Span::new(start, wanted.path.span.end)
}

/// A virtual name as a path.
fn path(name: &str) -> String {
    match name.strip_prefix("shared:") {
        Some(path) => format!("playbooks/shared/{path}"),
        None => name.to_owned(),
    }
}
