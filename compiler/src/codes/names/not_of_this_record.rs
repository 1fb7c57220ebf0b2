//! E0232: a fact or score of another record kind.

use language::syntax::Path;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0232",
    name: "not-of-this-record",
    severity: Severity::Error,
    page: r#"
A condition about one record kind names a fact or a score of another. Each is about one kind only: a fact of Company has no value for a
contact.

```playbook wrong
use std.crm
fact large of Company is employees > 200
score fit for Contact {
  +10 when large is yes because "many seats"
}
```

Ask for the field by way of the record that it belongs to, or declare the fact for this one:

```playbook right
use std.crm
fact large of Contact is company.employees > 200
score fit for Contact {
  +10 when large is yes because "many seats"
}
```
"#,
};

/// The path, what it names (`fact`, `score`), of which record kind that is, and which one is asked about.
pub(crate) fn diagnostic(file: FileId, path: &Path, what: &str, name: &str, of: &str, wanted: &str) -> Diagnostic {
    let headline = format!("{what} `{name}` is about {of}, and this is about {wanted}");
    Diagnostic::new(&CODE, headline, file, path.span, format!("a {what} of {of}")).help(match what {
        "fact" => format!("declare one for {wanted}: `fact {name}_of_{} of {wanted} is …`", wanted.to_lowercase()),
        _ => format!("only a score for {wanted} has a value here"),
    })
}
