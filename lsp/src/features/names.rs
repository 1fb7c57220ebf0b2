//! The name under the cursor and everywhere else that the same thing is named: in all files of its client, and of all clients where
//! a file that several use declares it.

use std::path::PathBuf;

use compiler::modules::From;
use compiler::symbols::{Definition, Role, Symbol};
use language::{Span, Token};
use tower_lsp::ls_types::{Position, Range, Uri};

use crate::server::Server;
use crate::workspace::{View, path_of};

/// A name of a file, and what it stands for.
pub(crate) struct Named {
    pub(crate) view: View,
    pub(crate) span: Span,
    pub(crate) symbol: Symbol,
}

/// A place where something is named.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) path: PathBuf,
    pub(crate) span: Span,
    pub(crate) is_definition: bool,
    /// As it is written there.
    pub(crate) written: String,
    /// Part of the standard library.
    pub(crate) is_standard: bool,
    /// The name stands for something else as well: a fact that several events have.
    pub(crate) is_ambiguous: bool,
}

/// What stands at a position.
pub(crate) fn at(server: &mut Server, uri: &Uri, position: Position) -> Option<Named> {
    let encoding = server.encoding;
    let named = |view: View| {
        let byte = view.byte(position, encoding);
        let found = view.compilation.compiled.symbols.at(view.file, byte);
        let (span, symbol) = found.map(|(span, symbol)| (span, symbol.clone())).or_else(|| refined(&view, byte))?;
        Some(Named { view, span, symbol })
    };
    let first = server.workspace.view(uri).and_then(named);
    // In a file of several clients one may have replaced what stands there; for another it counts.
    first.or_else(|| server.workspace.views(&path_of(uri)).into_iter().find_map(named))
}

/// What is refined where that is not more than begun: `refine workflow Revival`, without its block.
fn refined(view: &View, byte: u32) -> Option<(Span, Symbol)> {
    let parsed = view.parsed();
    let inside = |clause: &&language::structure::Clause| {
        let span = parsed.span_of(clause);
        span.start <= byte && byte <= span.end
    };
    let clause = parsed.structure.declarations.iter().find(inside)?;
    let words: Vec<u32> = clause.core.clone().filter(|index| !parsed.tokens.kind(*index).is_trivia()).collect();
    let [refine, kind, name, ..] = words.as_slice() else { return None };
    let span = parsed.tokens.span(*name);
    if parsed.tokens.kind(*refine) != Token::Refine || byte < span.start || byte > span.end {
        return None;
    }
    let name = view.text.get(span.range())?.into();
    let symbol = match parsed.tokens.kind(*kind) {
        Token::Score => Symbol::Score(name),
        Token::Workflow => Symbol::Workflow(name),
        Token::Agent => Symbol::Agent(name),
        Token::Template => Symbol::Template(name),
        Token::Experiment => Symbol::Experiment(name),
        Token::Phrases | Token::Objection => Symbol::Phrases(name),
        _ => return None,
    };
    let is_known = view.compilation.compiled.symbols.definitions(&symbol).next().is_some();
    is_known.then_some((span, symbol))
}

/// All places of it, each once, by file and place.
pub(crate) fn places(server: &mut Server, named: &Named) -> Vec<Place> {
    let mut found = Vec::new();
    for view in everybody(server, named) {
        let symbols = &view.compilation.compiled.symbols;
        let defined = symbols.definitions(&named.symbol).filter(|definition| definition.role != Role::Replaced);
        let defined = defined.map(|definition| (definition.file, definition.name, true));
        let used = symbols.uses(&named.symbol).map(|used| (used.file, used.span, false));
        for (file, span, is_definition) in defined.chain(used).filter(|(_, span, _)| !span.is_empty()) {
            let compiled = &view.compilation.compiled;
            let Some(path) = view.compilation.paths.get(file.index()) else { continue };
            let written = compiled.files.slice(file, span).to_owned();
            let is_standard = compiled.modules.is_standard(file);
            let here = symbols.all_at(file, span.start).filter(|other| other.span == span);
            let is_ambiguous = here.filter(|other| *other.symbol != named.symbol).count() > 0;
            found.push(Place { path: path.clone(), span, is_definition, written, is_standard, is_ambiguous });
        }
    }
    found.sort();
    // A name that defines and is used at once (a route's first line) is a definition.
    found.dedup_by(|later, earlier| {
        let same = later.path == earlier.path && later.span == earlier.span;
        earlier.is_definition |= same && later.is_definition;
        same
    });
    found
}

/// The clients that name it: its own, or, where a file of several declares it, all of them.
pub(crate) fn everybody(server: &mut Server, named: &Named) -> Vec<View> {
    let compiled = &named.view.compilation.compiled;
    let first = compiled.symbols.definitions(&named.symbol).next();
    let shared = first.filter(|first| compiled.modules.from.get(first.file.index()) == Some(&From::Loaded));
    let path = shared.and_then(|first| named.view.compilation.paths.get(first.file.index()).cloned());
    match path {
        Some(path) => server.workspace.views(&path),
        None => vec![named.view.clone()],
    }
}

/// Where it is declared: the first place, and those that refine it.
pub(crate) fn definitions<'v>(view: &'v View, symbol: &Symbol) -> Vec<&'v Definition> {
    let all = view.compilation.compiled.symbols.definitions(symbol);
    all.filter(|definition| definition.role != Role::Replaced).collect()
}

/// A place as the editor names it.
pub(crate) fn range(server: &Server, named: &Named, place: &Place) -> Option<(Uri, Range)> {
    let uri = server.uri(&place.path)?;
    if place.path == named.view.path {
        return Some((uri, named.view.range(place.span, server.encoding)));
    }
    // It may be a file of another client.
    let text = server.workspace.text(&place.path)?;
    let lines = crate::text::Lines::of(&text);
    Some((uri, lines.range(&text, place.span, server.encoding)))
}
