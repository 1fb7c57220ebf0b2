//! E0204: two declarations of one name.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::modules::Modules;
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0204",
    name: "duplicate-declaration",
    severity: Severity::Error,
    page: r#"
Two declarations have the same name. All files of a client, and all modules that they use, share their names; a fact and a score
share theirs as well, since both are written in conditions, and so do phrases and objections.

```playbook wrong
phrases pain { "tender deadline" }
phrases pain { "copy and paste" }
```

Give one of them another name, or write one declaration that says both:

```playbook right
phrases pain { "tender deadline", "copy and paste" }
```

To change a declaration of a module that you use, `refine` it: the members that you name replace the module's.
"#,
};

/// The second declaration, its keyword and name, and the place of the first.
pub(crate) fn diagnostic(
    modules: &Modules,
    keyword: &str,
    file: FileId,
    span: Span,
    first: (FileId, Span),
) -> Diagnostic {
    let name = modules.text(file, span);
    let before = first_keyword(modules, first);
    let bare = name.trim_matches('"');
    let headline = match keyword {
        "client" => "a playbook has one `client`, and here is a second".to_owned(),
        _ if before != keyword => format!("`{bare}` is declared twice: as {before}, and as {keyword}"),
        "phrases" => format!("phrases `{bare}` are declared twice"),
        _ => format!("{keyword} `{bare}` is declared twice"),
    };
    let diagnostic = Diagnostic::new(&CODE, headline, file, span, "declared again here").label(
        first.0,
        first.1,
        "first declared here",
    );
    match (keyword, modules.is_client(first.0)) {
        ("client", _) => diagnostic.help("keep one of them"),
        ("entity", false) => diagnostic.help(format!("to add fields, write `extend {name} {{ … }}`")),
        ("score" | "phrases" | "objection" | "source", false) => {
            diagnostic.help(format!("to change a part of it, write `refine {keyword} {name} {{ … }}`"))
        }
        (_, false) => diagnostic.help(format!(
            "it comes with `{}`: leave this one out, or give it another name",
            modules.files.name(first.0)
        )),
        (_, true) => diagnostic.help("give one of them another name, or leave it out"),
    }
}

/// The word that the first declaration starts with, which stands before its name.
fn first_keyword(modules: &Modules, (file, span): (FileId, Span)) -> &str {
    let before = modules.text(file, Span::new(0, span.start));
    let line = before.rsplit('\n').next().unwrap_or_default();
    line.split_whitespace().next().unwrap_or_default()
}
