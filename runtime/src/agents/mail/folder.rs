//! Letters into a folder, one file each: the embedded default, and a rehearsal that reaches nobody.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::check_key;
use super::message::message;
use crate::agents::{BoxFuture, Letter, Mailer, PortError, PortErrorKind, Receipt};

/// Writes `KEY.eml` into a folder. A key is written once, whoever else writes at the same time and whenever the process ends:
/// a file has another name until it is complete and on the disk.
#[derive(Clone, Debug)]
pub struct FolderMailer {
    folder: PathBuf,
}

impl FolderMailer {
    /// Into that folder, which is made where it is not there.
    #[must_use]
    pub const fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    fn put(&self, letter: &Letter) -> Result<Receipt, PortError> {
        check_key(letter)?;
        let (message, id) = message(letter)?;
        let bytes = message.formatted();
        let name = format!("{}.eml", letter.key);
        let path = self.folder.join(&name);
        let receipt = |before| Receipt { message_id: Some(id.as_str().into()), carrier: name.as_str().into(), before };
        if same(&path, &bytes)? {
            return Ok(receipt(true));
        }
        fs::create_dir_all(&self.folder).map_err(|error| failed("the folder cannot be made", &error))?;
        let mut part = tempfile::Builder::new()
            .prefix(".")
            .suffix(".part")
            .tempfile_in(&self.folder)
            .map_err(|error| failed("no file can be made", &error))?;
        part.write_all(&bytes).map_err(|error| failed("the letter cannot be written", &error))?;
        part.as_file().sync_all().map_err(|error| failed("the letter cannot be written", &error))?;
        if let Err(error) = part.persist_noclobber(&path) {
            // Somebody else was faster.
            let there = error.error.kind() == std::io::ErrorKind::AlreadyExists && same(&path, &bytes)?;
            return if there {
                Ok(receipt(true))
            } else {
                Err(failed("the letter cannot be put in place", &error.error))
            };
        }
        File::open(&self.folder).and_then(|folder| folder.sync_all()).map_err(|error| {
            PortError::new(PortErrorKind::Broken, format!("the outbox is not safe on the disk: {error}"))
        })?;
        Ok(receipt(false))
    }
}

impl Mailer for FolderMailer {
    fn knows_its_keys(&self) -> bool {
        true
    }

    fn forget(&self, key: &str) -> Result<bool, PortError> {
        match fs::remove_file(self.folder.join(format!("{key}.eml"))) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(failed("a letter cannot be removed", &error)),
        }
    }

    fn send<'a>(&'a self, letter: &'a Letter) -> BoxFuture<'a, Result<Receipt, PortError>> {
        Box::pin(async move { self.put(letter) })
    }
}

/// The file is there and holds these bytes, whenever they were released; another letter there is an error.
fn same(path: &Path, bytes: &[u8]) -> Result<bool, PortError> {
    match fs::read(path) {
        Ok(there) if undated(&there).eq(undated(bytes)) => Ok(true),
        Ok(_) => Err(PortError::refused("another letter was sent under this key: a key belongs to one letter")),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(failed("what is there cannot be read", &error)),
    }
}

/// Nothing was sent: a file counts once it has its name.
fn failed(what: &str, error: &std::io::Error) -> PortError {
    PortError::new(PortErrorKind::Unreachable, format!("the outbox folder takes no letter: {what}: {error}"))
}

/// The lines without `Date`, which a later try of the same letter may have anew.
fn undated(message: &[u8]) -> impl Iterator<Item = &[u8]> {
    message.split(|byte| *byte == b'\n').filter(|line| !line.starts_with(b"Date: "))
}
