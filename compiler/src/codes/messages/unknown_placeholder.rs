//! E1001: a placeholder that nothing fills.

use language::syntax::Path;

use crate::codes::words;
use crate::diagnostics::{Code, Diagnostic, Edit, Severity};
use crate::nearest::nearest;
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E1001",
    name: "unknown-placeholder",
    severity: Severity::Error,
    page: r#"
A template is filled with what is known of the contact (`{contact.city}`), of its company (`{company.name}`), of its deal
(`{deal.value}`), of the person who approves the message (`{sender.first_name}`, `name`, `email`, `title`), and with `{client.name}`.

```playbook wrong
use std.crm
template hello {
  body "Hi {first_name else "there"}, how is it going?"
}
```

Say whose it is:

```playbook right
use std.crm
template hello {
  body "Hi {contact.first_name else "there"}, how is it going?"
}
```
"#,
};

/// The placeholder, and what there is.
pub(crate) fn diagnostic(file: FileId, path: &Path, known: &[&str]) -> Diagnostic {
    let name = path.dotted();
    let found = Diagnostic::new(&CODE, format!("nothing fills `{{{name}}}`"), file, path.span, "nothing is called so");
    match nearest(&name, known.iter().copied()) {
        Some(meant) => suggested(found, file, path, meant),
        None if known.len() <= 4 => found.help(format!("there is {}", words::list(known, "and", 4))),
        None => found
            .help("say whose it is: `contact.…`, `company.…`, `deal.…`, `sender.first_name`, or write `client.name`"),
    }
}

/// `{first_name}`, which the contact has.
pub(crate) fn of_contact(file: FileId, path: &Path) -> Diagnostic {
    let name = path.dotted();
    let found =
        Diagnostic::new(&CODE, format!("nobody knows whose `{name}` is meant"), file, path.span, "the contact has it");
    suggested(found, file, path, &format!("contact.{name}"))
}

fn suggested(found: Diagnostic, file: FileId, path: &Path, meant: &str) -> Diagnostic {
    let edit = Edit { file, span: path.span, replacement: meant.to_owned() };
    found.help(format!("did you mean `{meant}`?")).fix(format!("write `{meant}`"), false, vec![edit])
}
