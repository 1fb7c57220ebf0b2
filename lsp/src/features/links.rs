//! What a document points to: the modules that it uses, the files that its sources read.

use compiler::symbols::Symbol;
use language::Span;
use language::syntax::DeclarationKind;
use tower_lsp::ls_types::{DocumentLink, DocumentLinkParams};

use super::Answer;
use crate::server::Server;
use crate::workspace::View;

pub(crate) fn links(server: &mut Server, params: DocumentLinkParams) -> Answer<Option<Vec<DocumentLink>>> {
    let Some(view) = server.workspace.view(&params.text_document.uri) else { return Ok(None) };
    let mut found = Vec::new();
    for occurrence in view.compilation.compiled.symbols.in_file(view.file) {
        let Symbol::Module(_) = occurrence.symbol else { continue };
        let defined = view.compilation.compiled.symbols.definitions(occurrence.symbol).next();
        let path = defined.and_then(|defined| view.compilation.paths.get(defined.file.index()));
        found.extend(path.and_then(|path| link(server, &view, occurrence.span, path)));
    }
    for declaration in &view.parsed().file.declarations {
        let DeclarationKind::Source(source) = &declaration.kind else { continue };
        for file in &source.files {
            // Without its quotes.
            let span = Span::new(file.span.start + 1, file.span.end.saturating_sub(1));
            let path = view.path.parent().map(|folder| folder.join(file.value.as_str()));
            found.extend(path.and_then(|path| link(server, &view, span, &path)));
        }
    }
    Ok(Some(found))
}

fn link(server: &Server, view: &View, span: Span, path: &std::path::Path) -> Option<DocumentLink> {
    let target = server.uri(path)?;
    Some(DocumentLink { range: view.range(span, server.encoding), target: Some(target), tooltip: None, data: None })
}
