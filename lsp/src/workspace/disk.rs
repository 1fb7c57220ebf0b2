//! The files of the disk, as the server asks for them. Given from outside, so that tests need none.

use std::io;
use std::path::{Path, PathBuf};

/// No playbook is larger, in bytes; what is, is not read.
const LARGEST: u64 = 16 << 20;

/// Files and folders, to be read.
pub trait Disk: Send + Sync {
    /// What a file says.
    ///
    /// # Errors
    /// Where it is not there, cannot be read, is no text or is larger than any playbook.
    fn read(&self, path: &Path) -> io::Result<String>;

    /// Puts a file there, with the folders around it.
    ///
    /// # Errors
    /// Where it cannot be written.
    fn write(&self, path: &Path, text: &str) -> io::Result<()>;

    /// What lies right in a folder; nothing where there is none. Whether each is a folder.
    fn list(&self, folder: &Path) -> Vec<(PathBuf, bool)>;
}

/// The real disk.
#[derive(Clone, Copy, Debug, Default)]
pub struct OnDisk;

impl Disk for OnDisk {
    fn read(&self, path: &Path) -> io::Result<String> {
        let length = path.metadata()?.len();
        if length > LARGEST {
            return Err(io::Error::other("it is larger than 16 MiB"));
        }
        std::fs::read_to_string(path)
    }

    fn write(&self, path: &Path, text: &str) -> io::Result<()> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(path, text)
    }

    fn list(&self, folder: &Path) -> Vec<(PathBuf, bool)> {
        let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
        let mut found: Vec<(PathBuf, bool)> = entries
            .flatten()
            .map(|entry| {
                let path = entry.path();
                let is_folder = path.is_dir();
                (path, is_folder)
            })
            .collect();
        found.sort();
        found
    }
}
