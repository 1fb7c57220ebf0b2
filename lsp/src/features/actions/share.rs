//! Moves a declaration into a file under `shared/` that every client can use, and uses it from there.

use std::path::PathBuf;

use language::Span;
use language::syntax::{Declaration, DeclarationKind};
use tower_lsp::ls_types::{
    CodeAction, CodeActionKind, CreateFile, CreateFileOptions, DocumentChangeOperation, DocumentChanges, Position,
    Range, ResourceOp, TextEdit, WorkspaceEdit,
};

use super::named;
use crate::features::rename;
use crate::server::Server;
use crate::workspace::{ENDING, SHARED, View};

pub(super) const KIND: &str = "refactor.move";

/// For the declaration under the cursor, where other clients may mean the same by it. Makes a file, so that the editor must know how.
pub(super) fn action(server: &Server, view: &View, wanted: Span) -> Option<CodeAction> {
    let parsed = view.parsed();
    let around = |declaration: &&std::sync::Arc<Declaration>| declaration.span.holds(wanted) && !declaration.broken;
    let declaration = parsed.file.declarations.iter().find(around)?;
    if !server.editor.document_changes || !view.compilation.compiled.modules.is_client(view.file) {
        return None;
    }
    let name = shareable(declaration).filter(|_| stands_without_the_client(view, declaration))?;
    let shared = view.path.parent()?.parent()?.join(SHARED);
    let module = free_module(server, &shared, &name)?;
    let (taken, text) = with_docs(view, declaration)?;
    let target = server.uri(&shared.join(format!("{module}.{ENDING}")))?;
    let made = ResourceOp::Create(CreateFile {
        uri: target.clone(),
        options: Some(CreateFileOptions { overwrite: Some(false), ignore_if_exists: Some(false) }),
        annotation_id: None,
    });
    let uses = uses_of(view, declaration);
    let start = Range::new(Position::new(0, 0), Position::new(0, 0));
    let new_text = format!("{uses}{text}\n");
    let new_text = language::with_line_ends_of(&view.text, &new_text).unwrap_or(new_text);
    let filled = rename::of_document(server, target, vec![TextEdit { range: start, new_text }]);
    let (place, used) = use_line(view, &format!("use shared.{module}"));
    let own = vec![
        TextEdit { range: view.range(Span::new(place, place), server.encoding), new_text: used },
        TextEdit { range: view.range(taken, server.encoding), new_text: String::new() },
    ];
    let own = rename::of_document(server, server.uri(&view.path)?, own);
    let changes = vec![
        DocumentChangeOperation::Op(made),
        DocumentChangeOperation::Edit(filled),
        DocumentChangeOperation::Edit(own),
    ];
    let edit =
        WorkspaceEdit { document_changes: Some(DocumentChanges::Operations(changes)), ..WorkspaceEdit::default() };
    let title = format!("move `{name}` to `{SHARED}/{module}.{ENDING}`, for all clients");
    Some(CodeAction { edit: Some(edit), ..named(title, CodeActionKind::new(KIND)) })
}

/// What a declaration is called, where it may stand in a module of several clients.
fn shareable(declaration: &Declaration) -> Option<String> {
    match &declaration.kind {
        DeclarationKind::Phrases(_)
        | DeclarationKind::Template(_)
        | DeclarationKind::Workflow(_)
        | DeclarationKind::Rubric(_)
        | DeclarationKind::Event(_)
        | DeclarationKind::Fact(_)
        | DeclarationKind::Score(_)
        | DeclarationKind::Agent(_)
        | DeclarationKind::Action(_) => declaration.kind.name().map(|name| name.text.to_string()),
        _ => None,
    }
}

/// Whether it names nothing that only this client has.
fn stands_without_the_client(view: &View, declaration: &Declaration) -> bool {
    let compiled = &view.compilation.compiled;
    let within = |span: Span| declaration.span.holds(span);
    let names = compiled.symbols.in_file(view.file).filter(|name| within(name.span));
    names
        .filter_map(|name| compiled.symbols.definitions(name.symbol).next())
        .all(|defined| !compiled.modules.is_client(defined.file) || defined.file == view.file && within(defined.name))
}

/// A module's name that no file has yet.
fn free_module(server: &Server, shared: &std::path::Path, name: &str) -> Option<String> {
    let base = name.split('.').next().unwrap_or(name).to_lowercase();
    let path = |module: &str| -> PathBuf { shared.join(format!("{module}.{ENDING}")) };
    (1..100_u32)
        .map(|number| if number == 1 { base.clone() } else { format!("{base}_{number}") })
        .find(|module| server.workspace.text(&path(module)).is_none())
}

/// The declaration with the `///` lines above it, and what goes with it: the blank lines behind.
fn with_docs(view: &View, declaration: &Declaration) -> Option<(Span, String)> {
    let clause = view
        .parsed()
        .structure
        .declarations
        .iter()
        .find(|clause| view.parsed().span_of(clause).start == declaration.span.start)?;
    let around = view.parsed().tokens.spans(&clause.range);
    let before = view.slice(Span::new(around.start, declaration.span.start));
    // Comments apart from it stay where they are.
    let own = before.split_inclusive('\n').rev().take_while(|line| !line.trim().is_empty());
    let start = declaration.span.start - u32::try_from(own.map(str::len).sum::<usize>()).ok()?;
    let text = view.slice(Span::new(start, declaration.span.end)).to_owned();
    let rest = view.text.get(declaration.span.end as usize..)?;
    let blank = rest.len() - rest.trim_start_matches(['\n', '\r']).len();
    Some((Span::new(start, declaration.span.end + u32::try_from(blank).ok()?), text))
}

/// The modules that the declaration's names come from, used where it goes.
fn uses_of(view: &View, declaration: &Declaration) -> String {
    let compiled = &view.compilation.compiled;
    let within = |span: Span| declaration.span.holds(span);
    let mut modules: Vec<String> = compiled
        .symbols
        .in_file(view.file)
        .filter(|name| within(name.span))
        .filter_map(|name| compiled.symbols.definitions(name.symbol).next())
        .filter(|defined| !compiled.modules.is_client(defined.file))
        .map(|defined| compiler::modules::standard::dotted(compiled.files.name(defined.file)))
        .collect();
    modules.sort();
    modules.dedup();
    let lines: String = modules.iter().map(|module| format!("use {module}\n")).collect();
    if lines.is_empty() { lines } else { format!("{lines}\n") }
}

/// Behind the last `use`, else behind the client, else at the beginning.
fn use_line(view: &View, line: &str) -> (u32, String) {
    let declarations = &view.parsed().file.declarations;
    let end_of = |wanted: fn(&DeclarationKind) -> bool| {
        let found = declarations.iter().rev().find(|declaration| wanted(&declaration.kind))?;
        let number = view.lines.line(found.span.end);
        Some(view.lines.start(&view.text, number + 1))
    };
    if let Some(at) = end_of(|kind| matches!(kind, DeclarationKind::Use(_))) {
        return (at, format!("{line}\n"));
    }
    match end_of(|kind| matches!(kind, DeclarationKind::Client(_))) {
        Some(at) => (at, format!("\n{line}\n")),
        None => (0, format!("{line}\n\n")),
    }
}
