//! The files that an editor in a page sees: the client's own folder and what clients use together, and nothing beside them. It writes none.

use std::io;
use std::path::{Path, PathBuf};

use lsp::{Disk, OnDisk};

use crate::folder::Folder;

/// A client's files.
pub(super) struct Confined {
    own: PathBuf,
    shared: PathBuf,
}

impl Confined {
    pub(super) fn to(folder: &Folder) -> Self {
        Self { own: folder.path().to_owned(), shared: folder.shared() }
    }

    /// Whether it lies there, whatever leads to it.
    fn holds(&self, path: &Path) -> bool {
        path.canonicalize().is_ok_and(|path| path.starts_with(&self.own) || path.starts_with(&self.shared))
    }
}

impl Disk for Confined {
    fn read(&self, path: &Path) -> io::Result<String> {
        if !self.holds(path) {
            return Err(io::ErrorKind::NotFound.into());
        }
        OnDisk.read(path)
    }

    fn write(&self, _: &Path, _: &str) -> io::Result<()> {
        Err(io::ErrorKind::PermissionDenied.into())
    }

    fn list(&self, folder: &Path) -> Vec<(PathBuf, bool)> {
        if self.holds(folder) { OnDisk.list(folder) } else { Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_elsewhere_is_not_there_whatever_leads_to_it() {
        let around = tempfile::tempdir().unwrap();
        let root = around.path().canonicalize().unwrap();
        for name in ["own", "other", "shared"] {
            std::fs::create_dir(root.join(name)).unwrap();
            std::fs::write(root.join(name).join("a.playbook"), name).unwrap();
        }
        std::os::unix::fs::symlink(root.join("other/a.playbook"), root.join("own/link.playbook")).unwrap();
        let confined = Confined::to(&Folder::of(root.join("own")).unwrap());
        for (path, there) in [
            ("own/a.playbook", true),
            ("shared/a.playbook", true),
            ("own/../shared/a.playbook", true),
            ("other/a.playbook", false),
            ("own/../other/a.playbook", false),
            ("own/link.playbook", false),
            ("own/nothing.playbook", false),
        ] {
            assert_eq!(confined.read(&root.join(path)).is_ok(), there, "{path}");
        }
        assert_eq!(confined.list(&root.join("own")).len(), 2);
        assert!(confined.list(&root).is_empty() && confined.list(&root.join("other")).is_empty());
        assert!(confined.write(&root.join("own/a.playbook"), "").is_err());
    }
}
