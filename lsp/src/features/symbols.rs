//! The outline of a document, and names of the whole workspace.

use compiler::symbols::{Role, Symbol};
use language::Span;
use language::syntax::DeclarationKind;
use tower_lsp::ls_types::{
    DocumentSymbol, DocumentSymbolParams, DocumentSymbolResponse, Location, OneOf, SymbolInformation, SymbolKind,
    WorkspaceSymbol, WorkspaceSymbolParams, WorkspaceSymbolResponse,
};

use super::Answer;
use crate::server::Server;
use crate::workspace::View;

/// So many names are shown of a workspace; whoever wants others types more letters.
const MOST: usize = 512;

pub(crate) fn of_document(server: &mut Server, params: DocumentSymbolParams) -> Answer<Option<DocumentSymbolResponse>> {
    let Some(view) = server.workspace.view(&params.text_document.uri) else { return Ok(None) };
    let outline = outline(server, &view);
    if server.editor.nested_symbols {
        return Ok(Some(DocumentSymbolResponse::Nested(outline)));
    }
    let Some(uri) = server.uri(&view.path) else { return Ok(None) };
    let mut flat = Vec::new();
    for symbol in outline {
        flatten(&uri, symbol, None, &mut flat);
    }
    Ok(Some(DocumentSymbolResponse::Flat(flat)))
}

fn flatten(
    uri: &tower_lsp::ls_types::Uri,
    symbol: DocumentSymbol,
    within: Option<&str>,
    flat: &mut Vec<SymbolInformation>,
) {
    #[expect(deprecated, reason = "the type has the field")]
    flat.push(SymbolInformation {
        name: symbol.name.clone(),
        kind: symbol.kind,
        tags: None,
        deprecated: None,
        location: Location::new(uri.clone(), symbol.range),
        container_name: within.map(str::to_owned),
    });
    for child in symbol.children.into_iter().flatten() {
        flatten(uri, child, Some(&symbol.name), flat);
    }
}

fn outline(server: &Server, view: &View) -> Vec<DocumentSymbol> {
    let symbols = &view.compilation.compiled.symbols;
    let defined: Vec<_> = symbols.in_file(view.file).filter_map(|occurrence| occurrence.definition).collect();
    let declarations = view.parsed().file.declarations.iter();
    declarations
        .map(|declaration| {
            let (whole, kind) = (declaration.span, &declaration.kind);
            let name = header(view, kind, declaration.keyword);
            let of_declaration = defined.iter().find(|definition| definition.whole == whole);
            let mut children: Vec<(Span, DocumentSymbol)> = Vec::new();
            for definition in &defined {
                let inner = definition.whole != whole && whole.holds(definition.whole);
                if !inner
                    || matches!(
                        definition.symbol,
                        Symbol::Value { .. } | Symbol::EventValue { .. } | Symbol::Outcome { .. }
                    )
                {
                    continue;
                }
                let made = symbol(
                    server,
                    view,
                    definition.symbol.name().to_string(),
                    Some(definition.symbol.kind().to_owned()),
                    symbol_kind(&definition.symbol),
                    (definition.whole, definition.name),
                );
                children.push((definition.whole, made));
            }
            let selected = of_declaration.map_or(declaration.keyword, |definition| definition.name);
            let symbol_kind = of_declaration.map_or(SymbolKind::OBJECT, |definition| symbol_kind(&definition.symbol));
            let mut made = symbol(server, view, name, Some(kind.what().to_owned()), symbol_kind, (whole, selected));
            let children: Vec<DocumentSymbol> = children.into_iter().map(|(_, child)| child).collect();
            made.children = Some(children).filter(|children| !children.is_empty());
            made
        })
        .collect()
}

/// What a declaration is called in an outline: its name; its keyword where it has none.
fn header(view: &View, kind: &DeclarationKind, keyword: Span) -> String {
    match kind {
        DeclarationKind::Client(client) => client.name.value.to_string(),
        DeclarationKind::Test(test) => test.name.value.to_string(),
        DeclarationKind::Use(used) => format!("use {}{}", if used.beside { "./" } else { "" }, used.path.dotted()),
        DeclarationKind::Refine(refine) => {
            let name = refine.name.as_ref().map(language::syntax::Path::dotted).unwrap_or_default();
            format!("refine {} {name}", refine.kind.text).trim_end().to_owned()
        }
        kind => kind.name().map_or_else(|| view.slice(keyword).to_owned(), |name| name.text.to_string()),
    }
}

fn symbol(
    server: &Server,
    view: &View,
    name: String,
    detail: Option<String>,
    kind: SymbolKind,
    (whole, selected): (Span, Span),
) -> DocumentSymbol {
    // An editor refuses an outline with an empty name, or one whose name stands outside of what it names.
    let name = if name.trim().is_empty() { "?".to_owned() } else { name };
    #[expect(deprecated, reason = "the type has the field")]
    DocumentSymbol {
        name,
        detail,
        kind,
        tags: None,
        deprecated: None,
        range: view.range(whole, server.encoding),
        selection_range: view.range(if whole.holds(selected) { selected } else { whole }, server.encoding),
        children: None,
    }
}

pub(crate) const fn symbol_kind(symbol: &Symbol) -> SymbolKind {
    match symbol {
        Symbol::Entity(_) => SymbolKind::CLASS,
        Symbol::Field { .. } | Symbol::EventField { .. } => SymbolKind::FIELD,
        Symbol::Value { .. } | Symbol::EventValue { .. } | Symbol::Label { .. } | Symbol::Outcome { .. } => {
            SymbolKind::ENUM_MEMBER
        }
        Symbol::Event(_) => SymbolKind::EVENT,
        Symbol::Fact(_) => SymbolKind::VARIABLE,
        Symbol::Score(_) => SymbolKind::FUNCTION,
        Symbol::Layer { .. } => SymbolKind::PROPERTY,
        Symbol::Phrases(_) | Symbol::Template(_) => SymbolKind::STRING,
        Symbol::Person(_) | Symbol::Agent(_) => SymbolKind::INTERFACE,
        Symbol::Action { .. } => SymbolKind::METHOD,
        Symbol::Experiment(_) | Symbol::Rubric(_) => SymbolKind::STRUCT,
        Symbol::Workflow(_) => SymbolKind::CLASS,
        Symbol::Stage { .. } => SymbolKind::METHOD,
        Symbol::Goal(_) | Symbol::Publication(_) => SymbolKind::CONSTANT,
        Symbol::Source(_) | Symbol::Module(_) => SymbolKind::MODULE,
        Symbol::Test(_) | Symbol::Scenario(_) | Symbol::Backtest(_) => SymbolKind::KEY,
    }
}

/// Names of all clients with the letters of the question in them, in their order; the client's own before the standard library's.
pub(crate) fn of_workspace(
    server: &mut Server,
    params: WorkspaceSymbolParams,
) -> Answer<Option<WorkspaceSymbolResponse>> {
    let mut found: Vec<(bool, WorkspaceSymbol)> = Vec::new();
    for folder in server.workspace.folders() {
        let Some(view) = server.workspace.first_view(&folder) else { continue };
        let client = view.compilation.name();
        for definition in view.compilation.compiled.symbols.all_definitions() {
            let plain = matches!(definition.role, Role::First | Role::Refines) && !definition.name.is_empty();
            if !plain || !has_letters(definition.symbol.name(), &params.query) {
                continue;
            }
            let Some(location) = view.location(&server.workspace, definition.file, definition.name, server.encoding)
            else {
                continue;
            };
            let is_standard = view.compilation.compiled.modules.is_standard(definition.file);
            let container = match definition.symbol.owner() {
                Some(owner) => format!("{owner}, {client}"),
                None => client.clone(),
            };
            let symbol = WorkspaceSymbol {
                name: definition.symbol.name().to_string(),
                kind: symbol_kind(&definition.symbol),
                tags: None,
                container_name: Some(container),
                location: OneOf::Left(location),
                data: None,
            };
            // A file that several clients use is named once.
            if !found.iter().any(|(_, known)| known.name == symbol.name && known.location == symbol.location) {
                found.push((is_standard, symbol));
            }
        }
    }
    found.sort_by(|(left_standard, left), (right_standard, right)| {
        (left_standard, left.name.len(), &left.name).cmp(&(right_standard, right.name.len(), &right.name))
    });
    found.truncate(MOST);
    Ok(Some(WorkspaceSymbolResponse::Nested(found.into_iter().map(|(_, symbol)| symbol).collect())))
}

/// Whether all letters of the question stand in the name in their order, capitals or not.
fn has_letters(name: &str, query: &str) -> bool {
    let mut letters = name.chars().flat_map(char::to_lowercase);
    query
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .flat_map(char::to_lowercase)
        .all(|wanted| letters.any(|letter| letter == wanted))
}
