//! Gives the compiler the modules that a client uses: those of its folder, those of `shared` beside it, and what is open in the editor.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use compiler::modules::{LoadError, Loader};
use smol_str::{SmolStr, format_smolstr};

use super::SHARED;
use super::files::Files;

pub(super) const SHARED_PREFIX: &str = "shared:";

pub(super) struct Beside<'f> {
    pub(super) files: &'f Files,
    pub(super) folder: &'f Path,
}

impl Beside<'_> {
    /// The folder `shared` beside the client's own.
    fn shared(&self) -> PathBuf {
        self.folder.parent().unwrap_or(self.folder).join(SHARED)
    }

    /// The path of a module, by the name that the compiler knows it by.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        match name.strip_prefix(SHARED_PREFIX) {
            Some(inside) => self.shared().join(inside),
            None if name.starts_with(compiler::modules::standard::PREFIX) => self.files.standard_path(name),
            None => self.folder.join(name),
        }
    }
}

impl Loader for Beside<'_> {
    fn load(&self, name: &str) -> Result<Arc<str>, LoadError> {
        self.files
            .try_text(&self.path(name))
            .map_err(|reason| reason.map_or(LoadError::NotThere, LoadError::Unreadable))
    }

    fn standard(&self, name: &str) -> Option<Arc<str>> {
        self.files.standard_text(name)
    }

    fn names(&self) -> Vec<SmolStr> {
        let mut names = Vec::new();
        for (prefix, folder) in [("", self.folder.to_owned()), (SHARED_PREFIX, self.shared())] {
            let files = self.files.playbooks(&folder).into_iter();
            names.extend(
                files.filter_map(|path| Some(format_smolstr!("{prefix}{}", path.file_name()?.to_string_lossy()))),
            );
        }
        names
    }
}
