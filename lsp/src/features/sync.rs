//! What the editor says about texts: opened, changed, saved, closed, changed on the disk.

use tower_lsp::ls_types::{
    DidChangeTextDocumentParams, DidChangeWatchedFilesParams, DidChangeWorkspaceFoldersParams,
    DidCloseTextDocumentParams, DidOpenTextDocumentParams, DidSaveTextDocumentParams,
};

use crate::server::Server;
use crate::text::changes;
use crate::workspace::document::Document;
use crate::workspace::path_of;

pub(crate) fn opened(server: &mut Server, params: DidOpenTextDocumentParams) {
    let document = params.text_document;
    let path = path_of(&document.uri);
    server.workspace.set_document(&path, Document::new(document.uri, document.version, document.text));
}

pub(crate) fn changed(server: &mut Server, params: DidChangeTextDocumentParams) {
    server.pending.edit_applied();
    let path = path_of(&params.text_document.uri);
    // A text that was never opened is not ours to change.
    let Some(document) = server.workspace.files.document(&path) else { return };
    let text = changes::applied((&document.text, &document.lines), &params.content_changes, server.encoding);
    let uri = document.uri.clone();
    if !server.tells() {
        // The editor asks anew about what it has changed by itself.
        server.told.remove(&path);
    }
    server.workspace.set_document(&path, Document::new(uri, params.text_document.version, text));
}

pub(crate) fn saved(server: &mut Server, params: DidSaveTextDocumentParams) {
    // Other files may have been written with it, by whatever runs at saving.
    let mut changed = vec![path_of(&params.text_document.uri)];
    if !server.editor.watches_files {
        changed.extend(server.workspace.files.changed_on_disk());
    }
    server.workspace.files_changed(&changed);
}

pub(crate) fn closed(server: &mut Server, params: DidCloseTextDocumentParams) {
    let path = path_of(&params.text_document.uri);
    server.given.forget(&path);
    server.workspace.close_document(&path);
}

pub(crate) fn files_changed(server: &mut Server, params: DidChangeWatchedFilesParams) {
    let paths = params.changes.iter().map(|change| path_of(&change.uri));
    let paths: Vec<_> = paths.filter(|path| !server.live.file_changed(path)).collect();
    // All clients are looked for once, however many files a checkout has changed.
    if !paths.is_empty() {
        server.workspace.files_changed(&paths);
    }
}

pub(crate) fn folders_changed(server: &mut Server, params: DidChangeWorkspaceFoldersParams) {
    let mut roots = server.workspace.roots().to_vec();
    let gone: Vec<_> = params.event.removed.iter().map(|folder| path_of(&folder.uri)).collect();
    roots.retain(|root| !gone.contains(root));
    for folder in &params.event.added {
        let path = path_of(&folder.uri);
        if !roots.contains(&path) {
            roots.push(path);
        }
    }
    server.workspace.set_roots(roots);
}
