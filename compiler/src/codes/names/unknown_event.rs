//! E0222: an event that nothing declares.

use language::syntax::Path;

use crate::codes::words;
use crate::diagnostics::{Code, Diagnostic, Edit, Severity};
use crate::modules::standard;
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0222",
    name: "unknown-event",
    severity: Severity::Error,
    page: r#"
An event is named that is not declared. Those of `std.crm` are about mail, pages, meetings and deals; a client declares its own with
`event`. A name has two words: what it is about and what happened.

```playbook wrong
use std.crm
fact curious of Contact is any page.view in the last 7 days
```

Write the event as it is declared, or declare it:

```playbook right
use std.crm
fact curious of Contact is any page.viewed in the last 7 days
```
"#,
};

/// The name, the event likely meant, and the events that begin with the same word.
pub(crate) fn diagnostic(file: FileId, path: &Path, meant: Option<&str>, kin: &[String]) -> Diagnostic {
    let name = path.dotted();
    let found = Diagnostic::new(&CODE, format!("there is no event `{name}`"), file, path.span, "not declared");
    if name == "conversation" {
        return found.help("ask what was said: `any conversation mentions PHRASES`");
    }
    if let Some(meant) = meant {
        let edit = Edit { file, span: path.span, replacement: meant.to_owned() };
        return found.help(format!("did you mean `{meant}`?")).fix(format!("write `{meant}`"), false, vec![edit]);
    }
    if let Some(module) = standard::module_declaring("event", &name) {
        return found.help(format!("it comes with `use {module}`: add that line"));
    }
    let declare = if path.parts.len() == 2 {
        format!("declare it: `event {name} {{ }}`")
    } else {
        "an event has two words, as in `page.viewed`".to_owned()
    };
    match kin {
        [] => found.help(declare),
        kin => found.help(format!("events of that kind: {}", words::list(kin, "and", 8))).help(declare),
    }
}
