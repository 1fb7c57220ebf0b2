//! A file to import: its size and the hash by which it is known again.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::ImportError;

/// A file as it is known again.
pub(super) struct Input {
    /// Without its folder.
    pub(super) name: String,
    /// In bytes.
    pub(super) size: u64,
    /// blake3, in hexadecimal.
    pub(super) hash: String,
}

impl Input {
    pub(super) fn new(path: &Path) -> Result<Self, ImportError> {
        let unreadable =
            |error: std::io::Error| ImportError::Unreadable { path: path.to_path_buf(), detail: error.to_string() };
        let mut file = open(path)?;
        let (mut hasher, mut buffer, mut size) = (blake3::Hasher::new(), vec![0; 256 * 1024], 0);
        loop {
            let read = file.read(&mut buffer).map_err(unreadable)?;
            if read == 0 {
                break;
            }
            size += read as u64;
            hasher.update(buffer.get(..read).unwrap_or_default());
        }
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        Ok(Self { name, size, hash: hasher.finalize().to_hex().to_string() })
    }
}

pub(super) fn open(path: &Path) -> Result<File, ImportError> {
    File::open(path).map_err(|error| ImportError::Unreadable { path: path.to_path_buf(), detail: error.to_string() })
}
