//! Whether the file of a CRM is another than when it was last read: told without opening it, since reading it leaves files beside it
//! for the moment, of which an editor may tell us.

use std::fs::Metadata;
use std::path::Path;
use std::time::SystemTime;

/// Length and time of the last change, of the file and of the log that has not been folded into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    file: Part,
    log: Option<Part>,
}

type Part = (u64, Option<SystemTime>);

impl Stamp {
    /// None where there is no such file.
    pub(super) fn of(path: &Path) -> Option<Self> {
        let part = |metadata: Metadata| (metadata.len(), metadata.modified().ok());
        let mut log = path.as_os_str().to_owned();
        log.push("-wal");
        // An empty one is there while somebody reads, and says nothing.
        let log = std::fs::metadata(log).ok().filter(|metadata| metadata.len() > 0).map(part);
        Some(Self { file: part(std::fs::metadata(path).ok()?), log })
    }
}
