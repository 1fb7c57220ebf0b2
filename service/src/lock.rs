//! One process serves a client: what is due would be looked at twice, and each would answer by a playbook of its own.

use std::fs::{File, TryLockError};
use std::path::Path;

/// Beside what the service keeps for the client.
const FILE: &str = "service.db-lock";

/// Another process serves the client.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Taken;

/// Held as long as the process serves the client; the system lets go of it at whatever end of the process.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: Option<File>,
}

impl Lock {
    /// Takes it. Where the folder takes no file, or the file system knows no locks, nobody is kept out.
    ///
    /// # Errors
    /// Where another process, or another service of this one, has it.
    pub(crate) fn of(folder: &Path) -> Result<Self, Taken> {
        // It is never written to, and stays where it is: a file that comes and goes would be locked by two.
        let Ok(file) = File::options().create(true).append(true).open(folder.join(FILE)) else {
            return Ok(Self { _file: None });
        };
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => Err(Taken),
            Ok(()) | Err(TryLockError::Error(_)) => Ok(Self { _file: Some(file) }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_has_it_and_it_is_free_after() {
        let folder = tempfile::tempdir().unwrap();
        let first = Lock::of(folder.path()).unwrap();
        assert_eq!(Lock::of(folder.path()).unwrap_err(), Taken);
        drop(first);
        assert!(Lock::of(folder.path()).is_ok());
        assert!(Lock::of(&folder.path().join("nowhere")).is_ok(), "whoever cannot write there says so elsewhere");
    }
}
