//! E0223: phrases that nothing declares.

use language::syntax::Name;

use crate::codes::words;
use crate::diagnostics::{Code, Diagnostic, Edit, Severity};
use crate::nearest::nearest;
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0223",
    name: "unknown-phrases",
    severity: Severity::Error,
    page: r#"
`mentions` names phrases that are not declared. They are declared with `phrases` or `objection`, with what people say.

```playbook wrong
use std.crm
fact pained of Contact is any conversation mentions bid_pain
```

Declare them:

```playbook right
use std.crm
phrases bid_pain { "tender deadline", "copy and paste" }
fact pained of Contact is any conversation mentions bid_pain
```
"#,
};

/// The name, and the phrases and objections that there are.
pub(crate) fn diagnostic(file: FileId, name: &Name, known: &[String]) -> Diagnostic {
    let found =
        Diagnostic::new(&CODE, format!("there are no phrases `{}`", name.text), file, name.span, "not declared");
    if let Some(meant) = nearest(&name.text, known.iter().map(String::as_str)) {
        let edit = Edit { file, span: name.span, replacement: meant.to_owned() };
        return found.help(format!("did you mean `{meant}`?")).fix(format!("write `{meant}`"), false, vec![edit]);
    }
    let declare = format!("declare them: `phrases {} {{ \"…\" }}`", name.text);
    match known {
        [] => found.help(declare),
        known => found.help(format!("there are {}", words::list(known, "and", 12))).help(declare),
    }
}
