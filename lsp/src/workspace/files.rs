//! The texts of files: what is open in the editor, else what is on the disk, read once until something says that it has changed.

use std::cell::{Cell, RefCell};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use compiler::modules::standard;
use rustc_hash::FxHashMap;

use super::disk::Disk;
use super::document::Document;
use super::is_playbook;

/// A file in which the standard library's folder is known again.
const A_STANDARD_FILE: &str = "crm.playbook";

/// Texts by path.
pub(crate) struct Files {
    disk: Arc<dyn Disk>,
    open: FxHashMap<PathBuf, Document>,
    /// What was read of the disk, failures too.
    read: RefCell<FxHashMap<PathBuf, Result<Arc<str>, String>>>,
    /// The playbooks that lie in a folder of the disk.
    listed: RefCell<FxHashMap<PathBuf, Vec<PathBuf>>>,
    /// Where the standard library is put for the editor to show.
    standard: Option<PathBuf>,
    /// What is open of it, by the names that its files know; none before somebody asks. Asked for each of them at each key.
    standard_open: RefCell<Option<FxHashMap<String, PathBuf>>>,
    is_shown: Cell<bool>,
}

impl Files {
    pub(super) fn new(disk: Arc<dyn Disk>, standard: Option<PathBuf>) -> Self {
        Self {
            disk,
            open: FxHashMap::default(),
            read: RefCell::default(),
            listed: RefCell::default(),
            standard,
            standard_open: RefCell::default(),
            is_shown: Cell::new(false),
        }
    }

    /// What a file says; none where it says nothing that can be read.
    pub(crate) fn text(&self, path: &Path) -> Option<Arc<str>> {
        self.try_text(path).ok()
    }

    /// What a file says, or why that is not to be had; nothing of the reason where there is no such file.
    pub(super) fn try_text(&self, path: &Path) -> Result<Arc<str>, Option<String>> {
        if let Some(document) = self.open.get(path) {
            return Ok(Arc::clone(&document.text));
        }
        if let Some(known) = self.read.borrow().get(path) {
            return known.clone().map_err(|reason| Some(reason).filter(|reason| !reason.is_empty()));
        }
        let read = self.on_disk(path);
        self.read.borrow_mut().insert(path.to_owned(), read.clone());
        read.map_err(|reason| Some(reason).filter(|reason| !reason.is_empty()))
    }

    fn on_disk(&self, path: &Path) -> Result<Arc<str>, String> {
        match self.disk.read(path) {
            Ok(text) => Ok(Arc::from(text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(String::new()),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => Err("it is not UTF-8".to_owned()),
            Err(error) => Err(error.to_string().split(" (os error").next().unwrap_or_default().to_lowercase()),
        }
    }

    /// What is on the disk otherwise than it was read: files that say something else, have come or gone.
    pub(crate) fn changed_on_disk(&self) -> Vec<PathBuf> {
        let read = self.read.borrow();
        let others = read.iter().filter(|(path, known)| self.on_disk(path) != **known).map(|(path, _)| path.clone());
        let mut changed: Vec<PathBuf> = others.collect();
        for (folder, known) in self.listed.borrow().iter() {
            let now = self.listed_now(folder);
            changed.extend(now.iter().filter(|path| !known.contains(path)).cloned());
            changed.extend(known.iter().filter(|path| !now.contains(path)).cloned());
        }
        changed
    }

    fn listed_now(&self, folder: &Path) -> Vec<PathBuf> {
        let all = self.disk.list(folder).into_iter();
        all.filter(|(path, is_folder)| !is_folder && is_playbook(path)).map(|(path, _)| path).collect()
    }

    /// The playbooks right in a folder, open ones that are not saved yet too; by name.
    pub(super) fn playbooks(&self, folder: &Path) -> Vec<PathBuf> {
        let known = self.listed.borrow().get(folder).cloned();
        let mut found = known.unwrap_or_else(|| {
            let found = self.listed_now(folder);
            self.listed.borrow_mut().insert(folder.to_owned(), found.clone());
            found
        });
        let unsaved = self.open.keys().filter(|path| path.parent() == Some(folder) && is_playbook(path));
        found.extend(unsaved.cloned());
        found.sort();
        found.dedup();
        found
    }

    /// What lies in a folder, asked of the disk.
    pub(super) fn list(&self, folder: &Path) -> Vec<(PathBuf, bool)> {
        self.disk.list(folder)
    }

    pub(crate) fn document(&self, path: &Path) -> Option<&Document> {
        self.open.get(path)
    }

    pub(super) fn open_paths(&self) -> Vec<PathBuf> {
        let mut paths: Vec<PathBuf> = self.open.keys().cloned().collect();
        paths.sort();
        paths
    }

    /// Whether it was not open before.
    pub(super) fn set_document(&mut self, path: &Path, document: Document) -> bool {
        let is_new = self.open.insert(path.to_owned(), document).is_none();
        if is_new {
            self.standard_open.take();
        }
        is_new
    }

    pub(super) fn close_document(&mut self, path: &Path) {
        self.open.remove(path);
        self.forget(path);
    }

    /// What is on the disk at and around that path has to be read again.
    pub(super) fn forget(&mut self, path: &Path) {
        self.standard_open.take();
        self.read.borrow_mut().retain(|known, _| known != path && !known.starts_with(path));
        self.listed.borrow_mut().retain(|folder, _| path.parent() != Some(folder) && !folder.starts_with(path));
    }

    /// Whether a folder holds the standard library: as it is shown, or where it is worked on.
    pub(super) fn is_standard_folder(&self, folder: &Path) -> bool {
        self.standard_root(folder).is_some()
    }

    fn standard_root(&self, folder: &Path) -> Option<PathBuf> {
        let shown = self.standard.as_ref().filter(|shown| folder.starts_with(shown)).cloned();
        shown.or_else(|| {
            let is_library = |folder: &&Path| {
                folder.file_name().is_some_and(|name| name == "stdlib")
                    && self.text(&folder.join(A_STANDARD_FILE)).is_some()
            };
            folder.ancestors().take(2).find(is_library).map(Path::to_owned)
        })
    }

    /// The name by which the standard library's files know a path: `std:crm.playbook`.
    pub(super) fn standard_name(&self, path: &Path) -> Option<String> {
        let root = self.standard_root(path.parent()?)?;
        let inside = path.strip_prefix(root).ok()?.to_string_lossy().replace('\\', "/");
        Some(format!("{}{inside}", standard::PREFIX))
    }

    /// The open document of the standard library that its files know by that name.
    fn standard_open(&self, name: &str) -> Option<PathBuf> {
        if self.standard_open.borrow().is_none() {
            // Which folder holds the library may be asked of the disk: not while this is borrowed.
            let found = self.open.keys().filter_map(|path| Some((self.standard_name(path)?, path.clone()))).collect();
            *self.standard_open.borrow_mut() = Some(found);
        }
        self.standard_open.borrow().as_ref()?.get(name).cloned()
    }

    /// What is open of the standard library stands for what is built in, where somebody works on it.
    pub(super) fn standard_text(&self, name: &str) -> Option<Arc<str>> {
        let path = self.standard_open(name)?;
        self.open.get(&path).map(|document| Arc::clone(&document.text))
    }

    /// Puts the standard library where an editor can show it: whoever asks where something of it is declared should see it.
    pub(super) fn show_standard(&self) {
        let Some(folder) = &self.standard else { return };
        if self.is_shown.replace(true) {
            return;
        }
        for name in standard::names() {
            let (Some(text), Some(inside)) = (standard::text(&name), name.strip_prefix(standard::PREFIX)) else {
                continue;
            };
            let path = folder.join(inside);
            if self.disk.read(&path).ok().as_deref() != Some(text) {
                // What cannot be written is not shown: the editor says that there is no such file.
                let _ = self.disk.write(&path, text);
            }
        }
    }

    /// The path at which a file of the standard library can be shown: where it is open, else where it is put.
    pub(super) fn standard_path(&self, name: &str) -> PathBuf {
        let open = self.standard_open(name);
        let inside = name.strip_prefix(standard::PREFIX).unwrap_or(name);
        match (open, &self.standard) {
            (Some(path), _) => path,
            (None, Some(folder)) => folder.join(inside),
            (None, None) => PathBuf::from(name),
        }
    }
}
