//! A disk in memory, which can be held up so that whoever reads it waits.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex};

use lsp::Disk;

/// Files by path; folders are where files lie.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    files: Mutex<BTreeMap<PathBuf, String>>,
    is_held: Mutex<bool>,
    bell: Condvar,
}

impl Memory {
    pub(crate) fn put(&self, path: &str, text: &str) {
        self.files.lock().unwrap().insert(path.into(), text.to_owned());
    }

    pub(crate) fn remove(&self, path: &str) {
        self.files.lock().unwrap().retain(|known, _| !known.starts_with(path));
    }

    pub(crate) fn get(&self, path: &str) -> Option<String> {
        self.files.lock().unwrap().get(Path::new(path)).cloned()
    }

    pub(crate) fn paths(&self) -> Vec<String> {
        self.files.lock().unwrap().keys().map(|path| path.to_string_lossy().into_owned()).collect()
    }

    /// The same files on another disk.
    pub(crate) fn copy(&self) -> Self {
        Self { files: Mutex::new(self.files.lock().unwrap().clone()), ..Self::default() }
    }

    /// From now on whoever reads waits.
    pub(crate) fn hold(&self) {
        *self.is_held.lock().unwrap() = true;
    }

    pub(crate) fn release(&self) {
        *self.is_held.lock().unwrap() = false;
        self.bell.notify_all();
    }

    fn wait(&self) {
        let mut is_held = self.is_held.lock().unwrap();
        while *is_held {
            is_held = self.bell.wait(is_held).unwrap();
        }
    }
}

impl Disk for Memory {
    fn read(&self, path: &Path) -> io::Result<String> {
        self.wait();
        self.files.lock().unwrap().get(path).cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn write(&self, path: &Path, text: &str) -> io::Result<()> {
        self.files.lock().unwrap().insert(path.to_owned(), text.to_owned());
        Ok(())
    }

    fn list(&self, folder: &Path) -> Vec<(PathBuf, bool)> {
        self.wait();
        let files = self.files.lock().unwrap();
        let mut found = BTreeMap::new();
        for path in files.range(folder.to_owned()..).map(|(path, _)| path).take_while(|path| path.starts_with(folder)) {
            if let Some(first) = path.strip_prefix(folder).ok().and_then(|inside| inside.components().next()) {
                let there = folder.join(first);
                let is_folder = there != *path;
                found.insert(there, is_folder);
            }
        }
        found.into_iter().collect()
    }
}
