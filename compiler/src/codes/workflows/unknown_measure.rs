//! E0824: a goal that measures what there is not.

use language::syntax::{Name, Path};
use smol_str::SmolStr;

use crate::diagnostics::{Code, Diagnostic, Edit, Severity};
use crate::nearest::nearest;
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0824",
    name: "unknown-measure",
    severity: Severity::Error,
    page: r#"
A goal measures something that there is not: a stage of no workflow, an event that is not declared, or a state that nothing is ever in. A
goal counts an event, a stage that is `entered` or `done`, a workflow that is `done`, or a score's route.

```playbook wrong
use std.crm
workflow Greeting for Contact {
  start on contact.created
  stage Hello { next Done after 2 days }
  end Done as greeted
}
goal hello "greetings" at least 5 per week of Greeting.Hello finished
```

Say what becomes of it:

```playbook right
use std.crm
workflow Greeting for Contact {
  start on contact.created
  stage Hello { next Done after 2 days }
  end Done as greeted
}
goal hello "greetings" at least 5 per week of Greeting.Hello done
```
"#,
};

/// A path that means nothing, and what could be counted.
pub(crate) fn diagnostic(file: FileId, path: &Path, known: &[String]) -> Diagnostic {
    let name = path.dotted();
    let headline = format!("nothing is called `{name}` that could be counted");
    let found = Diagnostic::new(&CODE, headline, file, path.span, "neither an event, nor a workflow, stage or score");
    match nearest(&name, known.iter().map(String::as_str)) {
        Some(meant) => {
            let edit = Edit { file, span: path.span, replacement: meant.to_owned() };
            found.help(format!("did you mean `{meant}`?")).fix(format!("write `{meant}`"), false, vec![edit])
        }
        None => found.help("count an event, a stage (`LeadGeneration.Rating done`), or a score's route (`icp hot`)"),
    }
}

/// A state that is none, or that is missing.
pub(crate) fn state(file: FileId, path: &Path, state: Option<&Name>) -> Diagnostic {
    let name = path.dotted();
    let found = match state {
        Some(state) => {
            let headline = format!("`{name}` is never `{}`", state.text);
            Diagnostic::new(&CODE, headline, file, state.span, "nothing becomes that")
        }
        None => {
            let headline = format!("it is not said what becomes of `{name}`");
            Diagnostic::new(&CODE, headline, file, path.span, "entered, or done?")
        }
    };
    found.help(format!("write `{name} entered` or `{name} done`"))
}

/// A score without one of its routes.
pub(crate) fn which_route(file: FileId, path: &Path, labels: &[SmolStr]) -> Diagnostic {
    let name = path.dotted();
    let found =
        Diagnostic::new(&CODE, format!("it is not said which route of `{name}` counts"), file, path.span, "which one?");
    match labels.first() {
        Some(label) => found.help(format!("write `{name} {label}`")),
        None => found.help(format!("`{name}` has no routes: give it a `route {{ … }}`")),
    }
}

/// A word behind what needs none.
pub(crate) fn stray(file: FileId, name: &Name) -> Diagnostic {
    Diagnostic::new(&CODE, format!("`{}` says nothing here", name.text), file, name.span, "this would be ignored")
        .help("leave it out")
}

/// `entering` a stage.
pub(crate) fn entering(file: FileId, path: &Path) -> Diagnostic {
    let name = path.dotted();
    let workflow = path.parts.first().map(|part| part.text.as_str()).unwrap_or_default();
    Diagnostic::new(
        &CODE,
        format!("`{name}` is a stage: a sum is over what enters a workflow"),
        file,
        path.span,
        "a stage",
    )
    .help(format!("write `entering {workflow}`"))
}

/// Something else than what is spent, by another.
pub(crate) fn per(file: FileId, path: &Path) -> Diagnostic {
    Diagnostic::new(
        &CODE,
        format!("`{}` is not divided by anything", path.dotted()),
        file,
        path.span,
        "only `spend` is",
    )
    .help("write `of spend per …`")
}

/// `every` something else.
pub(crate) fn maturity(file: FileId, every: &Name) -> Diagnostic {
    let edit = Edit { file, span: every.span, replacement: "workflow".to_owned() };
    Diagnostic::new(&CODE, format!("`{}` has no maturity", every.text), file, every.span, "only a workflow has")
        .help("write `every workflow at least approved`")
        .fix("write `workflow`", false, vec![edit])
}

/// A unit of time that is none.
pub(crate) fn unit(file: FileId, name: &Name) -> Diagnostic {
    Diagnostic::new(&CODE, format!("`{}` is no span of time", name.text), file, name.span, "not a unit of time")
        .help("write `hour`, `day`, `week`, `month` or `year`")
}
