//! E0224: a type that there is not.

use language::syntax::Name;

use crate::codes::words;
use crate::diagnostics::{Code, Diagnostic, Edit, Severity};
use crate::nearest::nearest;
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0224",
    name: "unknown-type",
    severity: Severity::Error,
    page: r#"
A field has a type that there is not. Types are `text`, `number`, `yes/no`, `percent`, `money`, `duration`, `date`, `time`, `score`,
`objection`, `one of [a, b]`, `list of text`, and the names of record kinds.

```playbook wrong
use std.crm
extend Contact { home_owner: boolean? }
```

Write the type that says it:

```playbook right
use std.crm
extend Contact { home_owner: yes/no? }
```
"#,
};

/// What other languages call our types.
const CALLED: &[(&str, &str)] = &[
    ("string", "text"),
    ("str", "text"),
    ("varchar", "text"),
    ("char", "text"),
    ("email", "text"),
    ("phone", "text"),
    ("url", "text"),
    ("uuid", "text"),
    ("int", "number"),
    ("integer", "number"),
    ("float", "number"),
    ("double", "number"),
    ("decimal", "number"),
    ("numeric", "number"),
    ("bool", "yes/no"),
    ("boolean", "yes/no"),
    ("flag", "yes/no"),
    ("yes", "yes/no"),
    ("yesno", "yes/no"),
    ("checkbox", "yes/no"),
    ("datetime", "time"),
    ("timestamp", "time"),
    ("instant", "time"),
    ("day", "date"),
    ("currency", "money"),
    ("amount", "money"),
    ("price", "money"),
    ("percentage", "percent"),
    ("interval", "duration"),
    ("period", "duration"),
    ("enum", "one of […]"),
    ("picklist", "one of […]"),
    ("choice", "one of […]"),
    ("select", "one of […]"),
    ("array", "list of text"),
    ("list", "list of text"),
    ("multiselect", "list of text"),
];

/// The word, and the words that are types.
pub(crate) fn diagnostic<'a>(file: FileId, name: &Name, known: impl Iterator<Item = &'a str>) -> Diagnostic {
    let known: Vec<&str> = known.collect();
    let found = Diagnostic::new(&CODE, format!("there is no type `{}`", name.text), file, name.span, "not a type");
    let written = name.text.to_lowercase();
    let called = CALLED.iter().find(|(word, _)| *word == written).map(|(_, ours)| *ours);
    match called.or_else(|| nearest(&name.text, known.iter().copied())) {
        Some(meant) if meant.contains('…') => found.help("name the words that it can be: `one of [small, large]`"),
        Some(meant) => {
            let edit = Edit { file, span: name.span, replacement: meant.to_owned() };
            let help = if called.is_some() {
                format!("it is called `{meant}` here")
            } else {
                format!("did you mean `{meant}`?")
            };
            found.help(help).fix(format!("write `{meant}`"), true, vec![edit])
        }
        None => {
            found.help(format!("types are `yes/no`, `one of […]`, `list of text`, {}", words::list(&known, "and", 20)))
        }
    }
}
