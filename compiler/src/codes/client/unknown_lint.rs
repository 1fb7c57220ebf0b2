//! E0790: an `allow` of a lint that is not there.

use language::syntax::Name;

use crate::codes;
use crate::codes::words;
use crate::diagnostics::{Code, Diagnostic, Edit, Severity};
use crate::nearest::nearest;
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0790",
    name: "unknown-lint",
    severity: Severity::Error,
    page: r#"
An `allow` names a lint that is not there. Only lints can be allowed, and they are called by their names: an error, with a number, has
to be mended.

```playbook wrong
client "Acme" {
  allow band-dipp because "known"
}
```

Write the lint's name as the finding shows it:

```playbook right
client "Acme" {
  allow unused-declaration because "known"
}
use std.crm
event quiz.completed { result: text? }
```
"#,
};

/// The name that is none.
pub(crate) fn diagnostic(file: FileId, lint: &Name) -> Diagnostic {
    let names: Vec<&str> = codes::all().filter(|code| codes::is_lint(code)).map(|code| code.name).collect();
    let diagnostic =
        Diagnostic::new(&CODE, format!("there is no lint `{}`", lint.text), file, lint.span, "not the name of a lint");
    match nearest(&lint.text, names.iter().copied()) {
        Some(meant) => {
            let edit = Edit { file, span: lint.span, replacement: meant.to_owned() };
            diagnostic.help(format!("did you mean `{meant}`?")).fix(format!("write `{meant}`"), false, vec![edit])
        }
        None => diagnostic.help(format!("there is {}", words::list(&names, "and", 20))),
    }
}

/// The name of an error, which nobody can allow.
pub(crate) fn of_an_error(file: FileId, lint: &Name, code: &Code) -> Diagnostic {
    let headline = format!("`{}` is an error, and errors cannot be allowed", lint.text);
    Diagnostic::new(&CODE, headline, file, lint.span, "not the name of a lint")
        .help(format!("mend what it says: `playbook explain {}`", code.id))
}
