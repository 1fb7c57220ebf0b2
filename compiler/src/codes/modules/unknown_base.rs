//! E0205: a `refine` of what is not there.

use language::syntax::Refine;

use crate::diagnostics::{Code, Diagnostic, Edit, Severity};
use crate::modules::Declared;
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0205",
    name: "unknown-base",
    severity: Severity::Error,
    page: r#"
A `refine` names a declaration that is not there. It changes members of a declaration that a used module brings, so that has to
be there under the same keyword and name.

```playbook wrong
phrases authority { "i sign" }
refine phrases autority { "i decide" }
```

Write the keyword and the name as they are declared, and see that the module is in `use`:

```playbook right
phrases authority { "i sign" }
refine phrases authority { "i decide" }
```
"#,
};

/// The refinement, the nearest name of its kind, and a declaration of another kind that has the name.
pub(crate) fn diagnostic(
    file: FileId,
    refine: &Refine,
    meant: Option<&str>,
    elsewhere: Option<(&str, &Declared)>,
) -> Diagnostic {
    let kind = &refine.kind.text;
    let Some(name) = &refine.name else {
        return Diagnostic::new(
            &CODE,
            format!("there is no `{kind}` to refine"),
            file,
            refine.kind.span,
            "nothing of that kind is used",
        )
        .help("see that the module that brings it is in `use`");
    };
    let dotted = name.dotted();
    let headline = match kind.as_str() {
        "phrases" => format!("there are no phrases `{dotted}` to refine"),
        _ => format!("there is no {kind} `{dotted}` to refine"),
    };
    if let Some((word, declared)) = elsewhere {
        let edit = Edit { file, span: refine.kind.span, replacement: word.to_owned() };
        return Diagnostic::new(&CODE, headline, file, refine.kind.span, format!("`{dotted}` is of another kind"))
            .label(declared.file, declared.declaration.keyword, format!("`{dotted}` is declared here, as {word}"))
            .help(format!("write `refine {word} {dotted}`"))
            .fix(format!("write `{word}`"), true, vec![edit]);
    }
    let diagnostic = Diagnostic::new(&CODE, headline, file, name.span, "not declared");
    match meant {
        Some(meant) => {
            let edit = Edit { file, span: name.span, replacement: meant.to_owned() };
            diagnostic.help(format!("did you mean `{meant}`?")).fix(format!("write `{meant}`"), false, vec![edit])
        }
        None => diagnostic
            .help(format!("use the module that declares it, or declare it yourself: `{kind} {dotted} … {{ … }}`")),
    }
}
