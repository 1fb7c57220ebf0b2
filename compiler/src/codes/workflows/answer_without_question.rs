//! E0805: a way out by an answer in a stage that asks nothing.

use language::Span;
use language::syntax::Name;

use crate::diagnostics::{Code, Diagnostic, Edit, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0805",
    name: "answer-without-question",
    severity: Severity::Error,
    page: r#"
A way out waits for how a question was settled (`approved`, `changed`, `rejected`, `expired`), and its stage asks none.

```playbook wrong
use std.crm
workflow Greeting for Contact {
  stage Hello {
    next Done on approved
  }
  end Done as greeted
}
```

Ask somebody:

```playbook right
use std.crm
workflow Greeting for Contact {
  stage Hello {
    ask human to approve the_list within 2 days
    next Done on approved or rejected or expired
  }
  end Done as greeted
}
```
"#,
};

/// The answer, as written.
pub(crate) fn diagnostic(file: FileId, span: Span, written: &str) -> Diagnostic {
    let headline = format!("nothing is asked here that could be `{written}`");
    Diagnostic::new(&CODE, headline, file, span, "this stage has no question")
        .help("ask somebody: `ask human to approve … within 1 business day`")
}

/// A word that is nearly one.
pub(crate) fn mistyped(file: FileId, word: &Name, meant: &str) -> Diagnostic {
    let headline = format!("`{}` is neither an event nor how a question is settled", word.text);
    let edit = Edit { file, span: word.span, replacement: meant.to_owned() };
    Diagnostic::new(&CODE, headline, file, word.span, "neither").help(format!("did you mean `{meant}`?")).fix(
        format!("write `{meant}`"),
        false,
        vec![edit],
    )
}
