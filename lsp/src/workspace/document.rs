//! A document that is open in the editor.

use std::sync::Arc;

use tower_lsp::ls_types::Uri;

use crate::text::Lines;

/// What the editor says a file is, which stands for what is on the disk.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    /// As the editor names it.
    pub(crate) uri: Uri,
    /// Of the editor's counting.
    pub(crate) version: i32,
    pub(crate) text: Arc<str>,
    pub(crate) lines: Arc<Lines>,
}

impl Document {
    pub(crate) fn new(uri: Uri, version: i32, text: String) -> Self {
        let lines = Arc::new(Lines::of(&text));
        Self { uri, version, text: text.into(), lines }
    }
}
