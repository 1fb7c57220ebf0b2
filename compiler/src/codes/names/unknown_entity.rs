//! E0221: a record kind that nothing declares.

use language::syntax::Name;

use crate::codes::words;
use crate::diagnostics::{Code, Diagnostic, Edit, Severity};
use crate::modules::standard;
use crate::nearest::nearest;
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0221",
    name: "unknown-entity",
    severity: Severity::Error,
    page: r#"
A record kind is named that is not declared. `Contact`, `Company`, `Deal`, `Activity`, `Task` and `User` come with `use std.crm`.

```playbook wrong
use std.crm
extend Client { referred_by: text? }
```

Write a record kind that is there:

```playbook right
use std.crm
extend Contact { referred_by: text? }
```
"#,
};

/// The name, and the record kinds that there are.
pub(crate) fn diagnostic<'a>(file: FileId, name: &Name, known: impl Iterator<Item = &'a str>) -> Diagnostic {
    let known: Vec<&str> = known.collect();
    let found =
        Diagnostic::new(&CODE, format!("there is no record kind `{}`", name.text), file, name.span, "not declared");
    let capital = |meant: &&str| meant.eq_ignore_ascii_case(&name.text);
    if let Some(meant) = known.iter().copied().find(capital).or_else(|| nearest(&name.text, known.iter().copied())) {
        let edit = Edit { file, span: name.span, replacement: meant.to_owned() };
        return found.help(format!("did you mean `{meant}`?")).fix(format!("write `{meant}`"), false, vec![edit]);
    }
    match standard::module_declaring("entity", &name.text) {
        Some(module) => found.help(format!("it comes with `use {module}`: add that line")),
        None if known.is_empty() => found.help("`use std.crm` brings Contact, Company, Deal, Activity, Task and User"),
        None => found.help(format!("there is {}", words::list(&known, "and", 12))),
    }
}
