//! Gives something another name, in every file that names it. What cannot be renamed is refused with the reason, before anything is.

use std::collections::{BTreeMap, HashMap};

use compiler::symbols::{Definition, Role, Symbol};
use language::Token;
use tower_lsp::ls_types::{
    DocumentChanges, OneOf, OptionalVersionedTextDocumentIdentifier, PrepareRenameResponse, RenameParams,
    TextDocumentEdit, TextDocumentPositionParams, TextEdit, Uri, WorkspaceEdit,
};

use super::names::{self, Named, Place};
use super::{Answer, Refusal};
use crate::server::Server;
use crate::workspace::View;

/// What would be renamed; none where nothing is named there.
pub(crate) fn prepare(server: &mut Server, at: TextDocumentPositionParams) -> Answer<Option<PrepareRenameResponse>> {
    let Some(named) = names::at(server, &at.text_document.uri, at.position) else { return Ok(None) };
    let places = names::places(server, &named);
    renamable(&named, &places)?;
    Ok(Some(PrepareRenameResponse::RangeWithPlaceholder {
        range: named.view.range(named.span, server.encoding),
        placeholder: named.symbol.name().to_string(),
    }))
}

pub(crate) fn rename(server: &mut Server, params: RenameParams) -> Answer<Option<WorkspaceEdit>> {
    let at = params.text_document_position;
    let Some(named) = names::at(server, &at.text_document.uri, at.position) else { return Ok(None) };
    let places = names::places(server, &named);
    renamable(&named, &places)?;
    let name = params.new_name.trim();
    is_a_name(&named.symbol, name)?;
    let everybody = names::everybody(server, &named);
    let several = everybody.len() > 1;
    for view in everybody {
        is_free(&view, &named.symbol, name, several)?;
    }
    let mut edits: BTreeMap<Uri, Vec<TextEdit>> = BTreeMap::new();
    for place in &places {
        let new_text = respelled(&named.symbol, &place.written, name)?;
        let Some((uri, range)) = names::range(server, &named, place) else { continue };
        edits.entry(uri).or_default().push(TextEdit { range, new_text });
    }
    Ok(Some(workspace_edit(server, edits)))
}

/// Edits of files as this editor takes them: with the versions that they are edits of, where it knows versions.
pub(crate) fn workspace_edit(server: &Server, mut edits: BTreeMap<Uri, Vec<TextEdit>>) -> WorkspaceEdit {
    if !server.editor.document_changes {
        edits.iter_mut().for_each(|(uri, edits)| keep_line_ends(server, uri, edits));
        return WorkspaceEdit {
            changes: Some(edits.into_iter().collect::<HashMap<_, _>>()),
            ..WorkspaceEdit::default()
        };
    }
    let changes =
        DocumentChanges::Edits(edits.into_iter().map(|(uri, edits)| of_document(server, uri, edits)).collect());
    WorkspaceEdit { document_changes: Some(changes), ..WorkspaceEdit::default() }
}

/// What is added to a file ends its lines as the file does.
fn keep_line_ends(server: &Server, uri: &Uri, edits: &mut [TextEdit]) {
    let Some(text) = server.workspace.text(&crate::workspace::path_of(uri)) else { return };
    for edit in edits {
        if let Some(as_there) = language::with_line_ends_of(&text, &edit.new_text) {
            edit.new_text = as_there;
        }
    }
}

/// Edits of one file, with the version that they are edits of; of a file that is not open, none.
pub(crate) fn of_document(server: &Server, uri: Uri, mut edits: Vec<TextEdit>) -> TextDocumentEdit {
    keep_line_ends(server, &uri, &mut edits);
    let path = crate::workspace::path_of(&uri);
    let version = server.workspace.files.document(&path).map(|document| document.version);
    TextDocumentEdit {
        text_document: OptionalVersionedTextDocumentIdentifier { uri, version },
        edits: edits.into_iter().map(OneOf::Left).collect(),
    }
}

fn renamable(named: &Named, places: &[Place]) -> Answer<()> {
    let what = format!("{} `{}`", named.symbol.kind(), named.symbol.name());
    if matches!(named.symbol, Symbol::Module(_)) {
        return Err(Refusal::Impossible(format!(
            "{what} is a file: rename the file, and write its new name after `use`"
        )));
    }
    if places.iter().any(|place| place.is_definition && place.is_standard) {
        return Err(Refusal::Impossible(format!("{what} is declared by the standard library, whose names stay")));
    }
    // There it would be another file's to say, and the compiler has its own copy.
    if let Some(place) = places.iter().find(|place| place.is_standard) {
        return Err(Refusal::Impossible(format!(
            "{what} is asked for by the standard library as well, in `{}`, whose names stay",
            place.path.file_stem().map(|name| name.to_string_lossy()).unwrap_or_default()
        )));
    }
    if let Some(place) = places.iter().find(|place| place.is_ambiguous) {
        return Err(Refusal::Impossible(format!(
            "`{}` stands for something else as well where it is written in {}: write what is meant there apart first",
            place.written,
            place.path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default()
        )));
    }
    if !places.iter().any(|place| place.is_definition) {
        return Err(Refusal::Impossible(format!("{what} is declared nowhere that can be changed")));
    }
    Ok(())
}

/// Whether a name can be written so.
fn is_a_name(symbol: &Symbol, name: &str) -> Answer<()> {
    if matches!(symbol, Symbol::Test(_) | Symbol::Scenario(_) | Symbol::Backtest(_)) {
        return if name.is_empty() { Err(Refusal::Impossible("a title cannot be empty".to_owned())) } else { Ok(()) };
    }
    let dotted =
        matches!(symbol, Symbol::Event(_) | Symbol::Field { .. } | Symbol::EventField { .. } | Symbol::Source(_));
    let mut words = name.split('.');
    let is_word = |word: &str| {
        let mut letters = word.chars();
        letters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
            && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
    };
    if !words.all(is_word) || (!dotted && name.contains('.')) {
        let form = "a name is made of letters, digits and `_`, and begins with a letter";
        return Err(Refusal::Impossible(format!("`{name}` is no name: {form}")));
    }
    if let Some(word) = name.split('.').find(|word| Token::ALL.iter().any(|token| token.keyword() == Some(*word))) {
        let why = "as a name it would be read as that in some places";
        return Err(Refusal::Impossible(format!("`{word}` is a word of the language: {why}")));
    }
    if let Symbol::Event(old) = symbol
        && old.split('.').count() != name.split('.').count()
    {
        return Err(Refusal::Impossible(
            "an event's name is two words with a dot between, like `quiz.completed`".to_owned(),
        ));
    }
    Ok(())
}

/// Whether nothing else is called so beside it, of its own kind or where the two could be taken for each other.
fn is_free(view: &View, symbol: &Symbol, name: &str, several: bool) -> Answer<()> {
    let is_taken = |definition: &&Definition| {
        let other = &definition.symbol;
        let same_kind = std::mem::discriminant(other) == std::mem::discriminant(symbol);
        other != symbol
            && other.name() == name
            && definition.role != Role::Replaced
            && (same_kind && other.owner() == symbol.owner() || !same_kind && meet(symbol, other))
    };
    let Some(other) = view.compilation.compiled.symbols.all_definitions().iter().find(is_taken) else {
        return Ok(());
    };
    let whom = if several { format!("for {}: ", view.compilation.name()) } else { String::new() };
    let kind = match other.symbol.kind() {
        "phrases" => "there are phrases".to_owned(),
        kind if kind.starts_with(['a', 'e', 'o']) => format!("there is an {kind}"),
        kind => format!("there is a {kind}"),
    };
    Err(Refusal::Impossible(format!("{whom}{kind} `{name}` already")))
}

/// Whether two kinds of things stand where either could: then one name for both is read as the wrong one.
const fn meet(one: &Symbol, other: &Symbol) -> bool {
    is_term(one) && is_term(other) || is_somebody(one) && is_somebody(other) || is_way(one) && is_way(other)
}

/// What a condition names.
const fn is_term(symbol: &Symbol) -> bool {
    matches!(
        symbol,
        Symbol::Field { .. }
            | Symbol::Fact(_)
            | Symbol::Score(_)
            | Symbol::Layer { .. }
            | Symbol::Phrases(_)
            | Symbol::Entity(_)
    )
}

/// Who does something.
const fn is_somebody(symbol: &Symbol) -> bool {
    matches!(symbol, Symbol::Person(_) | Symbol::Agent(_))
}

/// With what, or over what, something is done.
const fn is_way(symbol: &Symbol) -> bool {
    matches!(
        symbol,
        Symbol::Action { .. }
            | Symbol::Experiment(_)
            | Symbol::Template(_)
            | Symbol::Rubric(_)
            | Symbol::Person(_)
            | Symbol::Score(_)
    )
}

/// The new name, in the spelling of a place: a record may be named by its table, an event by its first word.
fn respelled(symbol: &Symbol, written: &str, name: &str) -> Answer<String> {
    let old = symbol.name().as_str();
    if let Symbol::Test(_) | Symbol::Scenario(_) | Symbol::Backtest(_) = symbol {
        return Ok(format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\"").replace('{', "\\{")));
    }
    if written == old {
        return Ok(name.to_owned());
    }
    if let Symbol::Entity(_) = symbol {
        let lower = old.to_lowercase();
        if written == lower {
            return Ok(name.to_lowercase());
        }
        if let Some(ending) = written.strip_prefix(lower.as_str()) {
            return Ok(format!("{}{ending}", name.to_lowercase()));
        }
    }
    // A part of a dotted name: the same part of the new one.
    let parts: Vec<&str> = old.split('.').collect();
    let new_parts: Vec<&str> = name.split('.').collect();
    if parts.len() == new_parts.len()
        && let Some(at) = parts.iter().position(|part| *part == written)
        && let Some(new) = new_parts.get(at)
    {
        return Ok((*new).to_owned());
    }
    Err(Refusal::Impossible(format!(
        "`{written}` stands for {} `{old}` in a way that cannot be renamed",
        symbol.kind()
    )))
}
