//! E1002: a template that uses a fact that may be missing.

use language::Span;
use language::syntax::Path;

use crate::diagnostics::{Code, Diagnostic, Edit, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E1002",
    name: "without-else",
    severity: Severity::Error,
    page: r#"
A fact that a template uses may be missing: CRM data is full of gaps, and "Hi ," is worse than no message.

```playbook wrong
use std.crm
template hello {
  body "Hi {contact.first_name}, how is it going?"
}
```

Say what stands there then:

```playbook right
use std.crm
template hello {
  body "Hi {contact.first_name else "there"}, how is it going?"
}
```

Whatever belongs to a company or a deal may be missing, since a contact may have none.
"#,
};

/// The placeholder's path, and all of it.
pub(crate) fn diagnostic(file: FileId, path: &Path, span: Span) -> Diagnostic {
    let end = Span::new(path.span.end, path.span.end);
    let edit = Edit { file, span: end, replacement: " else \"…\"".to_owned() };
    Diagnostic::new(&CODE, format!("`{}` may be missing", path.dotted()), file, span, "nothing stands here then")
        .note("a template says what stands there where a fact is not known")
        .help(format!("write `{{{} else \"…\"}}`", path.dotted()))
        .fix("say what stands there otherwise", false, vec![edit])
}
