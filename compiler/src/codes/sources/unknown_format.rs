//! E0501: a format that no source has.

use language::syntax::Name;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0501",
    name: "unknown-format",
    severity: Severity::Error,
    page: r#"
A source reads a format that there is not. Files are read as `csv`: values separated by commas, semicolons, tabs or another character.

```playbook wrong
use std.crm
source leads from xlsx "leads.xlsx" into Contact by email {
  email from "Email"
}
```

Save the file as CSV and read that:

```playbook right
use std.crm
source leads from csv "leads.csv" into Contact by email {
  email from "Email"
}
```
"#,
};

/// The format.
pub(crate) fn diagnostic(file: FileId, format: &Name) -> Diagnostic {
    let found =
        Diagnostic::new(&CODE, format!("files are not read as `{}`", format.text), file, format.span, "not a format");
    match format.text.to_lowercase().as_str() {
        "xlsx" | "xls" | "excel" | "ods" | "numbers" => found.help("save the sheet as CSV (UTF-8) and write `csv`"),
        "tsv" | "tab" => {
            found.help("write `csv`; the separator is found out from the first line, or said with `separator`")
        }
        _ => found.help("write `csv`"),
    }
}
