//! Takes some of the texts of phrases out, into phrases of their own.

use language::Span;
use language::syntax::{DeclarationKind, Phrases};
use tower_lsp::ls_types::{CodeAction, CodeActionKind};

use super::{named, replaced};
use crate::features::rename;
use crate::server::Server;
use crate::workspace::View;

/// Where texts of phrases are selected, but not all of them.
pub(super) fn action(server: &Server, view: &View, wanted: Span) -> Option<CodeAction> {
    let (whole, phrases) = view.parsed().file.declarations.iter().find_map(|declaration| match &declaration.kind {
        DeclarationKind::Phrases(phrases) if declaration.span.holds(wanted) => Some((declaration.span, phrases)),
        _ => None,
    })?;
    let is_selected = |span: Span| !wanted.is_empty() && wanted.holds(span);
    let (taken, kept): (Vec<_>, Vec<_>) = phrases.texts.iter().partition(|text| is_selected(text.span));
    if taken.is_empty() || kept.is_empty() {
        return None;
    }
    let texts = |texts: &[&language::syntax::Text]| {
        texts.iter().map(|text| view.slice(text.span)).collect::<Vec<_>>().join(", ")
    };
    let name = free_name(view, phrases);
    let text = format!(
        "{} {{ {} }}\n{} {{ {} }}",
        head(phrases, &phrases.name.text),
        texts(&kept),
        head(phrases, &name),
        texts(&taken)
    );
    let (uri, edit) = replaced(server, view, whole, text)?;
    Some(CodeAction {
        edit: Some(rename::workspace_edit(server, [(uri, vec![edit])].into())),
        ..named(format!("take these out, as phrases `{name}`"), CodeActionKind::REFACTOR_EXTRACT)
    })
}

/// `objection price hidden`
fn head(phrases: &Phrases, name: &str) -> String {
    let keyword = if phrases.objection { "objection" } else { "phrases" };
    format!("{keyword} {name}{}", if phrases.hidden { " hidden" } else { "" })
}

/// A name that no phrases have.
fn free_name(view: &View, phrases: &Phrases) -> String {
    let symbols = &view.compilation.compiled.symbols;
    let is_taken = |name: &str| symbols.all_definitions().iter().any(|definition| definition.symbol.name() == name);
    let base = format!("{}_more", phrases.name.text);
    (1_u32..)
        .map(|number| if number == 1 { base.clone() } else { format!("{base}_{number}") })
        .find(|name| !is_taken(name))
        .unwrap_or(base)
}
