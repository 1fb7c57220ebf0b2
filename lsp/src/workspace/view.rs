//! A file as part of a client: what nearly every question of an editor is about.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use compiler::program::FileId;
use language::{Parsed, Span};
use tower_lsp::ls_types::{Location, Position, Range};

use super::Workspace;
use super::client::Compilation;
use crate::text::{Encoding, Lines};

/// A file, seen through a client that it is part of.
#[derive(Clone)]
pub(crate) struct View {
    pub(crate) compilation: Arc<Compilation>,
    pub(crate) file: FileId,
    pub(crate) path: PathBuf,
    pub(crate) text: Arc<str>,
    pub(crate) lines: Arc<Lines>,
}

impl View {
    pub(super) fn new(workspace: &Workspace, compilation: Arc<Compilation>, path: &Path) -> Option<Self> {
        let file = compilation.file(path)?;
        Self::of(workspace, compilation, file)
    }

    /// Another file of the same client.
    pub(crate) fn other(&self, workspace: &Workspace, file: FileId) -> Option<Self> {
        Self::of(workspace, Arc::clone(&self.compilation), file)
    }

    fn of(workspace: &Workspace, compilation: Arc<Compilation>, file: FileId) -> Option<Self> {
        let path = compilation.paths.get(file.index())?.clone();
        let text = Arc::clone(&compilation.compiled.files.files.get(file.index())?.text);
        let lines = match workspace.files.document(&path) {
            Some(document) if Arc::ptr_eq(&document.text, &text) => Arc::clone(&document.lines),
            _ => Arc::new(Lines::of(&text)),
        };
        Some(Self { compilation, file, path, text, lines })
    }

    /// What was read of it.
    pub(crate) fn parsed(&self) -> &Parsed {
        static NOTHING: std::sync::LazyLock<Parsed> = std::sync::LazyLock::new(Parsed::default);
        self.compilation.parsed.get(self.file.index()).map_or(&NOTHING, |parsed| parsed)
    }

    pub(crate) fn byte(&self, position: Position, encoding: Encoding) -> u32 {
        self.lines.byte(&self.text, position, encoding)
    }

    pub(crate) fn range(&self, span: Span, encoding: Encoding) -> Range {
        self.lines.range(&self.text, span, encoding)
    }

    pub(crate) fn span(&self, range: Range, encoding: Encoding) -> Span {
        self.lines.span(&self.text, range, encoding)
    }

    /// What stands there.
    pub(crate) fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }

    /// A place of any file of the client, as the editor names it.
    pub(crate) fn location(
        &self,
        workspace: &Workspace,
        file: FileId,
        span: Span,
        encoding: Encoding,
    ) -> Option<Location> {
        let there = if file == self.file { self.clone() } else { self.other(workspace, file)? };
        if self.compilation.compiled.modules.is_standard(file) {
            workspace.files.show_standard();
        }
        Some(Location::new(workspace.uri(&there.path)?, there.range(span, encoding)))
    }
}
