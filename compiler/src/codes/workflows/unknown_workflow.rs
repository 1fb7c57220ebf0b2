//! E0801: a workflow that nothing declares.

use language::syntax::Name;
use smol_str::SmolStr;

use super::suggested;
use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::modules::standard;
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0801",
    name: "unknown-workflow",
    severity: Severity::Error,
    page: r#"
A workflow is named that is not declared: by a handoff, an agent's `runs`, a goal, a feedback, `pause` or `is in`.

```playbook wrong
use std.crm
workflow Greeting for Contact {
  stage Hello { next Talk after 2 days }
  handoff Talk to Talkng {
    brief contact
    accepted within 1 business day
  }
}
workflow Talking for Contact {
  stage Call { next Done after 5 days }
  end Done as talked
}
```

Write a workflow that is there:

```playbook right
use std.crm
workflow Greeting for Contact {
  stage Hello { next Talk after 2 days }
  handoff Talk to Talking {
    brief contact
    accepted within 1 business day
  }
}
workflow Talking for Contact {
  stage Call { next Done after 5 days }
  end Done as talked
}
```
"#,
};

/// The name, and the workflows that there are.
pub(crate) fn diagnostic(file: FileId, name: &Name, known: &[SmolStr]) -> Diagnostic {
    let headline = format!("there is no workflow `{}`", name.text);
    let found = Diagnostic::new(&CODE, headline, file, name.span, "not declared");
    if let Some(module) = standard::module_declaring("workflow", &name.text) {
        return found.help(format!("it comes with `use {module}`: add that line"));
    }
    if known.is_empty() {
        return found.help(format!("declare it, `workflow {} for Contact {{ … }}`, or `use std.workflows`", name.text));
    }
    suggested(found, file, name.span, &name.text, known)
}
