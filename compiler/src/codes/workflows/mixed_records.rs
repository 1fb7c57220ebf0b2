//! E0811: one comparison about two records.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0811",
    name: "mixed-records",
    severity: Severity::Error,
    page: r#"
One comparison asks about two records at once: a deal and its contact, say. Each may be missing or change by itself, so a workflow asks
about one at a time.

```playbook wrong
use std.crm
workflow Selling for Contact {
  stage Talk {
    next Done when deal.created > last_activity
    next Done after 2 days
  }
  end Done as sold
}
```

Ask about each by itself, with `and` or `or` between:

```playbook right
use std.crm
workflow Selling for Contact {
  stage Talk {
    next Done when deal.created > 2026-03-01 00:00 and last_activity is known
    next Done after 2 days
  }
  end Done as sold
}
```
"#,
};

/// The comparison, and a place of each of two records.
pub(crate) fn diagnostic(file: FileId, whole: Span, one: (Span, &str), other: (Span, &str)) -> Diagnostic {
    let headline = format!("one comparison asks about the {} and about the {}", one.1, other.1);
    Diagnostic::new(&CODE, headline, file, whole, "")
        .label(file, one.0, format!("the {}'s", one.1))
        .label(file, other.0, format!("the {}'s", other.1))
        .note("each of them may be missing, or change by itself")
        .help("ask about each by itself, with `and` or `or` between")
}
