//! E0303: an amount in another currency than the client's.

use language::Span;
use language::syntax::Name;

use crate::diagnostics::{Code, Diagnostic, Edit, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0303",
    name: "other-currency",
    severity: Severity::Error,
    page: r#"
An amount is in another currency than the client's. All money of a playbook is in one currency: rates change, and a rule that was true
yesterday would not be today.

```playbook wrong
client "Acme" {
  currency NZD
}
use std.crm
fact big of Deal is value > AUD 50k
```

Write the amount in the client's currency:

```playbook right
client "Acme" {
  currency NZD
}
use std.crm
fact big of Deal is value > NZD 50k
```
"#,
};

/// The currency as written, the client's, and where the client says so.
pub(crate) fn diagnostic(
    file: FileId,
    span: Span,
    written: &Name,
    clients: &str,
    said: Option<(FileId, Span)>,
) -> Diagnostic {
    let headline = format!("{} is not the client's currency, {clients}", written.text);
    let found = Diagnostic::new(&CODE, headline, file, span, format!("in {}", written.text));
    let found = match said {
        Some((file, span)) => found.label(file, span, format!("all money is in {clients}")),
        None => found.note(format!("without `currency` in the `client` block, money is in {clients}")),
    };
    let edit = Edit { file, span: written.span, replacement: clients.to_owned() };
    found.help(format!("write the amount in {clients}")).fix(
        format!("write `{clients}` (the amount stays as it is)"),
        false,
        vec![edit],
    )
}
