//! What is written down and cannot run yet: found by name, so that nothing is passed over in silence.

use language::Span;
use language::syntax::{Declaration, DeclarationKind, RefineMembers};

use crate::codes::lints::cannot_run_yet;
use crate::diagnostics::Diagnostic;
use crate::modules::{Declared, Modules};
use crate::program::FileId;

/// One construct that cannot run yet.
#[derive(Clone, Debug)]
pub(crate) struct Construct {
    /// As a reader calls it: `workflow`, `learn`.
    pub(crate) what: String,
    /// Its name, or whose it is.
    pub(crate) name: Option<String>,
    /// Where it stands.
    pub(crate) file: FileId,
    /// Its first words.
    pub(crate) span: Span,
}

/// One finding each; what a used module brings is found at the client's `use` of it.
pub(super) fn run(modules: &Modules, diagnostics: &mut Vec<Diagnostic>) {
    let mut brought: Vec<(FileId, Span, Vec<Construct>)> = Vec::new();
    for construct in all(modules) {
        match modules.client_use(construct.file) {
            None => diagnostics.push(cannot_run_yet::diagnostic(&construct)),
            Some((file, span)) => match brought.iter_mut().find(|(known, at, _)| (*known, *at) == (file, span)) {
                Some((.., constructs)) => constructs.push(construct),
                None => brought.push((file, span, vec![construct])),
            },
        }
    }
    for (file, span, constructs) in brought {
        diagnostics.push(cannot_run_yet::brought(modules, file, span, &constructs));
    }
}

/// All of them, in reading order.
pub(crate) fn all(modules: &Modules) -> Vec<Construct> {
    modules.declarations.iter().flat_map(of).collect()
}

/// Whether nothing gives a kind of declaration its meaning yet.
pub(crate) const fn cannot_run(kind: &DeclarationKind) -> bool {
    matches!(kind, DeclarationKind::Publish(_) | DeclarationKind::Forecast(_))
}

/// Whether nothing applies such a refinement yet: of that kind, with those members.
pub(crate) fn cannot_be_refined(members: &RefineMembers, kind: &str) -> bool {
    match members {
        RefineMembers::Publish(_) => true,
        RefineMembers::Fields(_) => kind != "action",
        _ => false,
    }
}

fn of(declared: &Declared) -> Vec<Construct> {
    let Declaration { kind, keyword, .. } = &*declared.declaration;
    let file = declared.file;
    match kind {
        kind if cannot_run(kind) => {
            let name = kind.name();
            let span = name.as_ref().map_or(*keyword, |name| keyword.to(name.span));
            let name = name.map(|name| name.text.to_string());
            vec![Construct { what: kind.what().to_owned(), name, file, span }]
        }
        DeclarationKind::Refine(refine) if cannot_be_refined(&refine.members, &refine.kind.text) => {
            let name = refine.name.as_ref().map(|name| name.dotted().to_string());
            let end = refine.name.as_ref().map_or(refine.kind.span, |name| name.span);
            vec![Construct { what: format!("refined {}", refine.kind.text), name, file, span: keyword.to(end) }]
        }
        DeclarationKind::Score(score) => {
            let others =
                score.body.others.iter().enumerate().filter(|(_, other)| !matches!(other.what(), "route" | "kill" | "learn"));
            let name = score.name.text.to_string();
            others
                .map(|(index, other)| Construct {
                    what: other.what().to_owned(),
                    name: Some(name.clone()),
                    file: declared.other_file(index),
                    span: other.span(),
                })
                .collect()
        }
        _ => Vec::new(),
    }
}
