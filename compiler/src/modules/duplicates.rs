//! No two declarations of one name: the first stays, each other is an error that shows both.
//!
//! How things are done, a client may say anew: its own workflow or message stands for the module's of that name. What things are
//! (records, events, facts, scores, phrases) it refines.

use std::collections::hash_map::Entry;
use std::sync::Arc;

use language::Span;
use language::syntax::{Declaration, DeclarationKind};
use rustc_hash::{FxBuildHasher, FxHashMap};
use smol_str::{SmolStr, format_smolstr};

use super::{Declared, Modules, Written};
use crate::codes::modules::duplicate_declaration;
use crate::diagnostics::Diagnostic;
use crate::program::FileId;

/// What shares its names: a fact and a score are both named in conditions, phrases and objections both in `mentions`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Space {
    Client,
    Entity,
    Event,
    Calculation,
    Phrases,
    Source,
    Test,
    /// Of kinds that share their names with no other, by their keyword.
    Other(&'static str),
}

/// Puts the declarations that stay into the modules; refinements are given back, to be applied.
pub(super) fn keep_first(
    mut modules: Modules,
    all: Vec<Declared>,
    diagnostics: &mut Vec<Diagnostic>,
) -> (Modules, Vec<Declared>) {
    let mut first: FxHashMap<(Space, SmolStr), (FileId, Span)> =
        FxHashMap::with_capacity_and_hasher(all.len(), FxBuildHasher);
    let mut refinements = Vec::new();
    let nearest = nearest_to_the_client(&modules, &all);
    for declared in all {
        let stood_for = said_anew(&declared.declaration).and_then(|key| nearest.get(&key));
        let stands = stood_for.is_none_or(|side| *side >= modules.side(declared.file));
        let written = Written { file: declared.file, declaration: Arc::clone(&declared.declaration), stands };
        if !stands {
            modules.written.push(written);
            continue;
        }
        match &declared.declaration.kind {
            DeclarationKind::Use(_) => continue,
            DeclarationKind::Refine(_) => {
                modules.written.push(written);
                refinements.push(declared);
                continue;
            }
            _ => {}
        }
        if let Some((space, name, span)) = name_of(&declared.declaration) {
            match first.entry((space, name)) {
                Entry::Vacant(entry) => {
                    entry.insert((declared.file, span));
                }
                // A client says what an action of a module costs by declaring it again.
                Entry::Occupied(mut entry)
                    if matches!(declared.declaration.kind, DeclarationKind::Action(_))
                        && modules.side(declared.file) < modules.side(entry.get().0) =>
                {
                    entry.insert((declared.file, span));
                }
                Entry::Occupied(entry) => {
                    let what = keyword(&modules, &declared);
                    diagnostics.push(duplicate_declaration::diagnostic(
                        &modules,
                        &what,
                        declared.file,
                        span,
                        *entry.get(),
                    ));
                    continue;
                }
            }
        }
        modules.written.push(written);
        modules.declarations.push(declared);
    }
    (modules, refinements)
}

/// How near to the client each way of doing something is said: by the client itself, a shared module, the standard library.
fn nearest_to_the_client(modules: &Modules, all: &[Declared]) -> FxHashMap<(&'static str, SmolStr), u8> {
    let mut nearest = FxHashMap::default();
    for declared in all {
        if let Some(key) = said_anew(&declared.declaration) {
            let side = modules.side(declared.file);
            nearest.entry(key).and_modify(|known: &mut u8| *known = side.min(*known)).or_insert(side);
        }
    }
    nearest
}

/// By what a way of doing something is known; none for what cannot be said anew.
fn said_anew(declaration: &Declaration) -> Option<(&'static str, SmolStr)> {
    match &declaration.kind {
        DeclarationKind::Feedback(feedback) => {
            Some(("feedback", format_smolstr!("{} {}", feedback.from.text, feedback.to.text)))
        }
        kind @ (DeclarationKind::Workflow(_)
        | DeclarationKind::Template(_)
        | DeclarationKind::Experiment(_)
        | DeclarationKind::Rubric(_)
        | DeclarationKind::Goal(_)) => Some((kind.what(), kind.name()?.text.clone())),
        _ => None,
    }
}

fn keyword(modules: &Modules, declared: &Declared) -> String {
    modules.text(declared.file, declared.declaration.keyword).to_owned()
}

/// The name of a declaration and where it stands; none for what may stand there more than once.
fn name_of(declaration: &Declaration) -> Option<(Space, SmolStr, Span)> {
    Some(match &declaration.kind {
        DeclarationKind::Client(client) => (Space::Client, SmolStr::default(), client.name.span),
        DeclarationKind::Entity(entity) => (Space::Entity, entity.entity.text.clone(), entity.entity.span),
        DeclarationKind::Event(event) => (Space::Event, event.name.dotted(), event.name.span),
        DeclarationKind::Fact(fact) => (Space::Calculation, fact.name.text.clone(), fact.name.span),
        DeclarationKind::Score(score) => (Space::Calculation, score.name.text.clone(), score.name.span),
        DeclarationKind::Phrases(phrases) => (Space::Phrases, phrases.name.text.clone(), phrases.name.span),
        DeclarationKind::Source(source) => (Space::Source, source.name.dotted(), source.name.span),
        DeclarationKind::Test(test) => (Space::Test, test.name.value.clone(), test.name.span),
        // By its way as well: `send email` is another one than `send letter`.
        DeclarationKind::Action(action) => {
            let way = action.object.as_ref().map(|object| object.text.as_str()).unwrap_or_default();
            let end = action.object.as_ref().map_or(action.name.span, |object| object.span);
            (Space::Other("action"), format_smolstr!("{} {way}", action.name.text), action.name.span.to(end))
        }
        DeclarationKind::Use(_)
        | DeclarationKind::Extend(_)
        | DeclarationKind::Refine(_)
        | DeclarationKind::Broken { .. } => return None,
        kind => {
            let name = kind.name()?;
            (Space::Other(kind.what()), name.text.clone(), name.span)
        }
    })
}
