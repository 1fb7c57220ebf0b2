//! E0203: modules that use each other in a circle.

use language::Span;

use crate::diagnostics::{Code, Diagnostic, Files, Severity};
use crate::program::FileId;

pub(crate) static CODE: Code = Code {
    id: "E0203",
    name: "module-cycle",
    severity: Severity::Error,
    page: r#"
Modules use each other in a circle: `a` uses `b`, and `b` uses `a`.

What is used is read before what uses it, so that a refinement always finds its base. In a circle nothing comes first.

```playbook wrong
use shared.a
// ── shared:a.playbook ──
use shared.b
// ── shared:b.playbook ──
use shared.a
```

Put what both need into a module of its own, and let both use that:

```playbook right
use shared.a
use shared.b
// ── shared:a.playbook ──
use shared.common
// ── shared:b.playbook ──
use shared.common
// ── shared:common.playbook ──
phrases pain { "tender deadline" }
```
"#,
};

/// The `use` that closes the circle, and those that lead from its target back to it.
pub(crate) fn diagnostic(
    files: &Files,
    user: FileId,
    span: Span,
    target: FileId,
    places: &[(FileId, Span)],
) -> Diagnostic {
    let (user_name, target_name) = (files.name(user), files.name(target));
    let headline = if user == target {
        format!("the module `{user_name}` uses itself")
    } else {
        format!("the modules `{target_name}` and `{user_name}` use each other in a circle")
    };
    let diagnostic = Diagnostic::new(&CODE, headline, user, span, format!("leads back to `{target_name}`"));
    let diagnostic =
        places.iter().fold(diagnostic, |diagnostic, (file, span)| diagnostic.label(*file, *span, "on the way there"));
    diagnostic.help("put what they share into a module of its own, and let each use that")
}
