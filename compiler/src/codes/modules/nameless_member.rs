//! E0207: a refinement that brings rules without a layer.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0207",
    name: "nameless-member",
    severity: Severity::Error,
    page: r#"
A `refine` of a score brings a rule that stands in no layer. A refinement replaces members by their names, and a rule has none: it
could be meant to come on top of the base's rules as well as to replace them.

```playbook wrong
use std.crm
score fit for Contact {
  layer place { +10 when country is "NZ" }
}
refine score fit {
  +5 when country is "AU"
}
```

Write the layer that the rule belongs to, whole:

```playbook right
use std.crm
score fit for Contact {
  layer place { +10 when country is "NZ" }
}
refine score fit {
  layer place {
    +10 when country is "NZ"
    +5  when country is "AU"
  }
}
```
"#,
};

/// The first such rule, and the score that it refines.
pub(crate) fn diagnostic(file: FileId, span: Span, base: &str) -> Diagnostic {
    Diagnostic::new(&CODE, "a rule has no name by which it could refine another", file, span, "in no layer")
        .note("a refinement replaces named members: a layer, or the `route`")
        .help(format!("write the whole layer of `{base}` that this rule belongs to"))
}
