//! E0514: an encoding that there is not.

use language::syntax::Text;

use crate::diagnostics::{Code, Diagnostic, Edit, Severity};
use crate::nearest::nearest;
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0514",
    name: "unknown-encoding",
    severity: Severity::Error,
    page: r#"
A file is said to be in an encoding that there is not. Without the line it is read as UTF-8, or as its byte order mark says.

```playbook wrong
use std.crm
source leads from csv "leads.csv" into Contact by email {
  encoding "ansi-latin"
  email    from "Email"
}
```

Write the encoding's name on the web:

```playbook right
use std.crm
source leads from csv "leads.csv" into Contact by email {
  encoding "windows-1252"
  email    from "Email"
}
```
"#,
};

/// What files from the desks of this world are in.
const COMMON: &[&str] = &[
    "utf-8",
    "utf-16le",
    "utf-16be",
    "windows-1252",
    "iso-8859-1",
    "iso-8859-15",
    "macintosh",
    "windows-1250",
    "windows-1251",
    "shift_jis",
    "gbk",
    "big5",
    "euc-kr",
];

/// The name.
pub(crate) fn diagnostic(file: FileId, text: &Text) -> Diagnostic {
    let found =
        Diagnostic::new(&CODE, format!("there is no encoding \"{}\"", text.value), file, text.span, "not an encoding");
    match nearest(&text.value, COMMON.iter().copied()) {
        Some(meant) => {
            let edit = Edit { file, span: text.span, replacement: format!("\"{meant}\"") };
            found.help(format!("did you mean \"{meant}\"?")).fix(format!("write \"{meant}\""), false, vec![edit])
        }
        None => found.help("most files are \"utf-8\", and older ones from Windows \"windows-1252\""),
    }
}
