//! E1113: something that cannot be published.

use language::syntax::{Name, Path};

use crate::codes::words;
use crate::diagnostics::{Code, Diagnostic, Edit, Severity};
use crate::nearest::nearest;
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E1113",
    name: "publish-items",
    severity: Severity::Error,
    page: r#"
What is published is a score (`by layer`), `reasons`, `approvals`, the `outcome` of a run that ends, a field of the record, or a fact of the event.

```playbook wrong
use std.crm
score icp for Contact {
  +60 when country is NZ because "near"
}
workflow Greeting for Contact {
  start on contact.created
  stage Hello { next Done after 2 days }
  end Done as greeted
}
publish proof on end of Greeting { icp by layer, resons, outcome }
```

Write what there is:

```playbook right
use std.crm
score icp for Contact {
  +60 when country is NZ because "near"
}
workflow Greeting for Contact {
  start on contact.created
  stage Hello { next Done after 2 days }
  end Done as greeted
}
publish proof on end of Greeting { icp by layer, reasons, outcome }
```
"#,
};

/// Nothing at all.
pub(crate) fn nothing(file: FileId, name: &Name) -> Diagnostic {
    Diagnostic::new(&CODE, format!("`{}` publishes nothing", name.text), file, name.span, "an empty receipt")
        .help("say what: `icp by layer, reasons, outcome`")
}

/// A name that is none, and what there is.
pub(crate) fn unknown(file: FileId, path: &Path, known: &[String]) -> Diagnostic {
    let name = path.dotted();
    let found = Diagnostic::new(&CODE, format!("there is no `{name}` to publish"), file, path.span, "not known here");
    match nearest(&name, known.iter().map(String::as_str)) {
        Some(meant) => {
            let edit = Edit { file, span: path.span, replacement: meant.to_owned() };
            found.help(format!("did you mean `{meant}`?")).fix(format!("write `{meant}`"), false, vec![edit])
        }
        None => {
            let last: Vec<&String> = known.iter().rev().take(8).collect();
            found.help(format!("there is, for example, {}", words::list(&last, "and", 8)))
        }
    }
}

/// Layers of what has none.
pub(crate) fn no_layers(file: FileId, by: &Name, name: &str) -> Diagnostic {
    Diagnostic::new(&CODE, format!("`{name}` has no layers"), file, by.span, "only a score is split")
        .help(format!("leave `by {}` out", by.text))
}

/// An event is no run: it does not end, and nobody approves it.
pub(crate) fn no_run(file: FileId, path: &Path) -> Diagnostic {
    let headline = format!("an event has no `{}`", path.dotted());
    Diagnostic::new(&CODE, headline, file, path.span, "only a run of a workflow has")
        .help("publish it `on end of WORKFLOW`, or name a fact of the event")
}

/// A score of other records.
pub(crate) fn score_of_another(file: FileId, path: &Path, scored: &str, entity: &str) -> Diagnostic {
    let headline = format!("`{}` scores a {scored}, not a {entity}", path.dotted());
    Diagnostic::new(&CODE, headline, file, path.span, "a score of other records")
        .help(format!("name a score of {entity}"))
}
