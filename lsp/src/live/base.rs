//! A client's playbook as it is on the disk, compiled where something else is open in the editor, and what it says of every record:
//! both kept until the disk or the CRM says otherwise, so that a changed figure costs one look at the CRM and not two.

use std::collections::{BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use compiler::program::{Program, ScoreId};
use jiff::Timestamp;

use super::stamp::Stamp;
use super::tally::Judged;
use crate::workspace::{self, disk::Disk};

/// What a client is on the disk.
pub(super) struct Base {
    /// Of all texts that it is made of, as they are on the disk.
    hash: u64,
    paths: BTreeSet<PathBuf>,
    /// None where it has errors.
    pub(super) program: Option<Arc<Program>>,
    /// By its own scores.
    pub(super) judged: Option<JudgedAt>,
}

/// What it says of every record: of which state of the CRM, and at which instant.
pub(super) struct JudgedAt {
    pub(super) stamp: Stamp,
    pub(super) now: Timestamp,
    pub(super) scores: HashMap<ScoreId, Judged>,
}

/// The texts that are open of a client.
pub(super) type Open = [(PathBuf, Arc<str>)];

impl Base {
    /// Whether something is open that is not so on the disk.
    pub(super) fn differs(disk: &dyn Disk, open: &Open) -> bool {
        open.iter().any(|(path, text)| disk.read(path).map_or(true, |on_disk| *on_disk != **text))
    }

    /// As it is on the disk now: what is known where that is still so.
    pub(super) fn brought_up_to_date(
        known: Option<Self>,
        disk: &Arc<dyn Disk>,
        folder: &Path,
        paths: &[PathBuf],
    ) -> Self {
        let mut all: BTreeSet<PathBuf> = paths.iter().filter(|path| path.is_absolute()).cloned().collect();
        if let Some(known) = known {
            all.extend(known.paths.iter().cloned());
            if known.paths == all && known.hash == hash(disk.as_ref(), &all) {
                return known;
            }
        }
        let compilation = workspace::on_disk(disk, folder);
        all.extend(compilation.paths.iter().filter(|path| path.is_absolute()).cloned());
        Self { hash: hash(disk.as_ref(), &all), paths: all, program: compilation.program.clone(), judged: None }
    }
}

fn hash(disk: &dyn Disk, paths: &BTreeSet<PathBuf>) -> u64 {
    let mut hasher = DefaultHasher::new();
    for path in paths {
        (path, disk.read(path).ok()).hash(&mut hasher);
    }
    hasher.finish()
}
