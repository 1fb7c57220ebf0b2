//! Copies of a CRM as it stood at an instant, taken while others write to it, and a CRM brought back from one of them.
//!
//! A copy is whole, or it is those pages that differ from the last whole one: so that taking one every few minutes costs what changed.
//! Whatever is brought back is what was copied, by its hash. Tokens are in another file and in no copy.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use rusqlite::backup::Backup;
use rusqlite::{Connection, OpenFlags};
use serde::{Deserialize, Serialize};

use super::{CrmError, connect, migrations, private};

/// Bytes of a page of SQLite, as this program makes its files.
const PAGE: usize = 4096;
/// A whole copy serves those after it for so long.
const SERVES: SignedDuration = SignedDuration::from_hours(24);
/// Where more than one page in so many differs, the copy is a whole one.
const DIFFERS: usize = 3;
/// How a copy's name begins, and ends.
const PREFIX: &str = "crm-";
const WHOLE: &str = "whole";
const PAGES: &str = "pages";
/// How instants are written in names.
const NAMED: &str = "%Y%m%dT%H%M%S.%6fZ";

/// A folder with copies of one CRM.
#[derive(Clone, Debug)]
pub struct Backups {
    folder: PathBuf,
}

/// A copy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Kept {
    /// As of when.
    pub at: Timestamp,
    /// Its file.
    pub file: String,
    /// All of the CRM, and not what differs from another copy.
    pub whole: bool,
    /// Bytes of its file.
    pub bytes: u64,
}

/// Why a copy could not be made or brought back.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The CRM.
    #[error(transparent)]
    Crm(#[from] CrmError),
    /// The folder of the copies.
    #[error("`{}` cannot be read or written: {why}", path.display())]
    Folder {
        /// The file or folder.
        path: PathBuf,
        /// The system's words.
        why: std::io::Error,
    },
    /// There is none.
    #[error("there is no copy of {at} or before in `{}`", folder.display())]
    None {
        /// The instant that was asked for.
        at: Timestamp,
        /// Where it was looked for.
        folder: PathBuf,
    },
    /// A copy is not what it was.
    #[error("the copy `{file}` is damaged: {why}; take an earlier one with `--at`")]
    Damaged {
        /// Its file.
        file: String,
        /// What is wrong.
        why: String,
    },
    /// Somebody works with the CRM.
    #[error("`{}` is in use: stop the service first, and whatever else has it open", .0.display())]
    InUse(PathBuf),
}

/// What stands before the pages of a copy that is not whole.
#[derive(Debug, Serialize, Deserialize)]
struct Head {
    /// The whole copy that it builds on.
    on: String,
    /// How many pages the CRM had.
    pages: u64,
    /// How many follow.
    follow: u64,
    /// Of the CRM, blake3.
    hash: String,
}

impl Backups {
    /// Those in a folder, which need not be there yet.
    #[must_use]
    pub fn within(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// All copies, the oldest first.
    ///
    /// # Errors
    /// Where the folder cannot be read.
    pub fn all(&self) -> Result<Vec<Kept>, BackupError> {
        let entries = match std::fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(self.failed(&self.folder, error)),
        };
        let mut all: Vec<Kept> = entries.flatten().filter_map(|entry| kept(&entry)).collect();
        all.sort_by_key(|kept| (kept.at, !kept.whole));
        Ok(all)
    }

    fn failed(&self, path: &Path, why: std::io::Error) -> BackupError {
        BackupError::Folder { path: path.to_owned(), why }
    }

    /// Copies a CRM as it stands, while others may write to it.
    ///
    /// # Errors
    /// Where it is none, cannot be read, or there is no room for the copy: then none is made.
    pub fn take(&self, crm: &Path, at: Timestamp) -> Result<Kept, BackupError> {
        std::fs::create_dir_all(&self.folder).map_err(|why| self.failed(&self.folder, why))?;
        let copy = self.folder.join(format!(".taking-{}", std::process::id()));
        // What an end of the process left there is of nobody.
        let _ = std::fs::remove_file(&copy);
        let taken = copied(crm, &copy).and_then(|()| self.keep(&copy, at));
        let _ = std::fs::remove_file(&copy);
        taken
    }

    /// Keeps a copy that was just made: its pages where few differ from the last whole one, or all of it.
    fn keep(&self, copy: &Path, at: Timestamp) -> Result<Kept, BackupError> {
        let failed = |why| self.failed(&self.folder, why);
        let name = format!("{PREFIX}{}", at.strftime(NAMED));
        let last = self.all()?.into_iter().rfind(|kept| kept.whole && kept.at <= at);
        let fresh = last.filter(|kept| at.duration_since(kept.at) < SERVES);
        if let Some(on) = fresh
            && let Some((head, pages)) = differing(&self.folder.join(&on.file), copy, &on.file).map_err(failed)?
        {
            let file = format!("{name}.{PAGES}");
            let bytes = self.write(&file, &head, &pages).map_err(failed)?;
            return Ok(Kept { at, file, whole: false, bytes });
        }
        let file = format!("{name}.{WHOLE}");
        let bytes = copy.metadata().map_err(failed)?.len();
        File::open(copy).and_then(|copy| copy.sync_all()).map_err(failed)?;
        std::fs::rename(copy, self.folder.join(&file)).map_err(failed)?;
        Ok(Kept { at, file, whole: true, bytes })
    }

    fn write(&self, name: &str, head: &Head, pages: &[u8]) -> std::io::Result<u64> {
        let beside = self.folder.join(format!(".{name}"));
        // What an end of the process left there is of nobody.
        let _ = std::fs::remove_file(&beside);
        private::make(&beside);
        let mut file = File::create(&beside)?;
        let head = serde_json::to_string(head).map_err(std::io::Error::other)?;
        writeln!(file, "{head}")?;
        file.write_all(pages)?;
        file.sync_all()?;
        std::fs::rename(&beside, self.folder.join(name))?;
        Ok(head.len() as u64 + 1 + pages.len() as u64)
    }

    /// Writes the CRM as it stood in the last copy of an instant or before to a file that is not there yet.
    ///
    /// # Errors
    /// Where there is no such copy, it is damaged, or there is no room.
    pub fn restore(&self, at: Timestamp, to: &Path) -> Result<Kept, BackupError> {
        let none = || BackupError::None { at, folder: self.folder.clone() };
        let kept = self.all()?.into_iter().rfind(|kept| kept.at <= at).ok_or_else(none)?;
        let failed = |why| self.failed(to, why);
        let damaged = |why: &str| BackupError::Damaged { file: kept.file.clone(), why: why.to_owned() };
        let path = self.folder.join(&kept.file);
        if kept.whole {
            std::fs::copy(&path, to).map_err(failed)?;
        } else {
            let mut pages = BufReader::new(File::open(&path).map_err(|why| self.failed(&path, why))?);
            let mut head = String::new();
            pages.read_line(&mut head).map_err(|why| self.failed(&path, why))?;
            let head: Head = serde_json::from_str(&head).map_err(|_| damaged("its first line is none of ours"))?;
            if !head.on.starts_with(PREFIX) || head.on.contains(['/', '\\']) {
                return Err(damaged("it builds on something else than a copy"));
            }
            let on = self.folder.join(&head.on);
            std::fs::copy(&on, to).map_err(|why| self.failed(&on, why))?;
            laid(&mut pages, &head, to).map_err(|_| damaged("pages are missing"))?;
            if hash(to).map_err(failed)? != head.hash {
                return Err(damaged("it is not what was copied"));
            }
        }
        File::open(to).and_then(|file| file.sync_all()).map_err(failed)?;
        whole(to).map_err(|why| damaged(&why))?;
        Ok(kept)
    }

    /// Takes copies from before an instant away, those apart that later ones build on. How many.
    ///
    /// # Errors
    /// Where the folder cannot be read or written.
    pub fn forget(&self, before: Timestamp) -> Result<usize, BackupError> {
        let (old, young): (Vec<Kept>, Vec<Kept>) = self.all()?.into_iter().partition(|kept| kept.at < before);
        let mut needed = BTreeSet::new();
        for kept in young.iter().filter(|kept| !kept.whole) {
            let path = self.folder.join(&kept.file);
            let mut head = String::new();
            let read = File::open(&path).and_then(|file| BufReader::new(file).read_line(&mut head));
            read.map_err(|why| self.failed(&path, why))?;
            // What cannot be read builds on nothing.
            needed.extend(serde_json::from_str::<Head>(&head).ok().map(|head| head.on));
        }
        let mut forgotten = 0;
        for kept in old.iter().filter(|kept| !needed.contains(&kept.file)) {
            let path = self.folder.join(&kept.file);
            std::fs::remove_file(&path).map_err(|why| self.failed(&path, why))?;
            forgotten += 1;
        }
        Ok(forgotten)
    }
}

fn kept(entry: &std::fs::DirEntry) -> Option<Kept> {
    let file = entry.file_name().into_string().ok()?;
    let (at, ending) = file.strip_prefix(PREFIX)?.rsplit_once('.')?;
    if ending != WHOLE && ending != PAGES {
        return None;
    }
    let at = jiff::civil::DateTime::strptime(NAMED, at).ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp();
    Some(Kept { at, whole: ending == WHOLE, bytes: entry.metadata().ok()?.len(), file })
}

/// All of a database in one step: whoever writes meanwhile writes beside what is read.
fn copied(from: &Path, to: &Path) -> Result<(), BackupError> {
    let sql = |error: rusqlite::Error| CrmError::from_sqlite(from, &error);
    let connection = connect(from, OpenFlags::empty())?;
    migrations::identify(&connection, from)?;
    private::make(to);
    let mut copy = Connection::open(to).map_err(sql)?;
    Backup::new(&connection, &mut copy)
        .and_then(|backup| backup.run_to_completion(std::ffi::c_int::MAX, Duration::ZERO, None))
        .map_err(sql)?;
    copy.close().map_err(|(_, error)| sql(error))?;
    Ok(())
}

/// The pages of a copy that differ from those of another one; none where they are too many to be worth it.
fn differing(on: &Path, copy: &Path, name: &str) -> std::io::Result<Option<(Head, Vec<u8>)>> {
    let (mut on, mut copy) = (BufReader::new(File::open(on)?), BufReader::new(File::open(copy)?));
    let (mut pages, mut follow, mut differing, mut hasher) = (0_u64, 0_u64, Vec::new(), blake3::Hasher::new());
    let (mut before, mut now) = (Vec::with_capacity(PAGE), Vec::with_capacity(PAGE));
    let length = usize::try_from(copy.get_ref().metadata()?.len()).unwrap_or(usize::MAX);
    loop {
        if !page(&mut copy, &mut now)? {
            break;
        }
        page(&mut on, &mut before)?;
        hasher.update(&now);
        if before != now {
            differing.extend_from_slice(&pages.to_le_bytes());
            differing.extend_from_slice(&now);
            follow += 1;
            if differing.len() > length / DIFFERS {
                return Ok(None);
            }
        }
        pages += 1;
    }
    let hash = hasher.finalize().to_hex().to_string();
    Ok(Some((Head { on: name.to_owned(), pages, follow, hash }, differing)))
}

/// The next page; nothing where there is none.
fn page(from: &mut impl Read, into: &mut Vec<u8>) -> std::io::Result<bool> {
    into.clear();
    from.take(PAGE as u64).read_to_end(into)?;
    Ok(!into.is_empty())
}

/// Lays pages over those of a file.
fn laid(pages: &mut impl Read, head: &Head, to: &Path) -> std::io::Result<()> {
    let mut file = File::options().write(true).open(to)?;
    for _ in 0..head.follow {
        let (mut place, mut bytes) = ([0; 8], [0; PAGE]);
        pages.read_exact(&mut place)?;
        pages.read_exact(&mut bytes)?;
        let place = u64::from_le_bytes(place);
        if place >= head.pages {
            return Err(std::io::ErrorKind::InvalidData.into());
        }
        file.seek(SeekFrom::Start(place * PAGE as u64))?;
        file.write_all(&bytes)?;
    }
    file.set_len(head.pages * PAGE as u64)
}

fn hash(path: &Path) -> std::io::Result<String> {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(File::open(path)?)?;
    Ok(hasher.finalize().to_hex().to_string())
}

/// Whether SQLite finds nothing wrong with a file.
fn whole(path: &Path) -> Result<(), String> {
    let look = || {
        let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get::<_, String>(0))
    };
    match look() {
        Ok(said) if said == "ok" => Ok(()),
        Ok(said) => Err(said),
        Err(error) => Err(error.to_string()),
    }
}

/// Puts a file in the place of a CRM that nobody works with.
///
/// # Errors
/// Where somebody does: then nothing is changed.
pub fn replace(crm: &Path, with: &Path) -> Result<(), BackupError> {
    let sql = |error: rusqlite::Error| CrmError::from_sqlite(crm, &error);
    if crm.exists() {
        let connection = Connection::open_with_flags(crm, OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(sql)?;
        // Its write-ahead log is folded into it and taken away, which only the last one who has it open can do.
        let mode = connection.query_row("PRAGMA journal_mode = DELETE", [], |row| row.get::<_, String>(0)).map_err(sql);
        match mode {
            Ok(mode) if mode == "delete" => {}
            Ok(_) | Err(CrmError::Locked { .. }) => return Err(BackupError::InUse(crm.to_owned())),
            Err(error) => return Err(error.into()),
        }
    }
    std::fs::rename(with, crm).map_err(|why| BackupError::Folder { path: crm.to_owned(), why })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crm::Crm;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    struct Stand {
        folder: tempfile::TempDir,
        crm: PathBuf,
        program: compiler::program::Program,
    }

    impl Stand {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let text = "client \"T\" {\n  currency NZD\n  timezone \"UTC\"\n}\nuse std.crm\n";
            let program = compiler::compile::compile_text("t.playbook", text).program.unwrap();
            Self { crm: folder.path().join("crm.db"), folder, program }
        }

        fn backups(&self) -> Backups {
            Backups::within(self.folder.path().join("backups"))
        }

        fn add(&self, crm: &Crm, many: usize) {
            let mut statement = crm.connection.prepare("INSERT INTO contact (email) VALUES (?1)").unwrap();
            for number in 0..many {
                statement
                    .execute([format!("somebody{number}@a-rather-long-domain-so-that-pages-fill.example")])
                    .unwrap();
            }
        }

        fn count(&self, path: &Path) -> i64 {
            let connection = Connection::open(path).unwrap();
            connection.query_row("SELECT count(*) FROM contact", [], |row| row.get(0)).unwrap()
        }
    }

    #[test]
    fn each_instant_comes_back_as_it_was_while_others_write() {
        let stand = Stand::new();
        let (crm, backups) = (Crm::open(&stand.crm, &stand.program).unwrap(), stand.backups());
        stand.add(&crm, 2000);
        let mut taken = Vec::new();
        for second in 0..5 {
            taken.push(backups.take(&stand.crm, at(second * 60)).unwrap());
            stand.add(&crm, 10);
        }
        assert_eq!(taken.iter().map(|kept| kept.whole).collect::<Vec<_>>(), [true, false, false, false, false]);
        assert!(taken[1].bytes * 3 < taken[0].bytes, "{taken:?}");
        assert_eq!(backups.all().unwrap(), taken);
        for second in 0..5 {
            let to = stand.folder.path().join(format!("back{second}"));
            let kept = backups.restore(at(second * 60 + 59), &to).unwrap();
            assert_eq!((kept.at, stand.count(&to)), (at(second * 60), 2000 + 10 * second));
        }
        assert!(matches!(backups.restore(at(-1), &stand.folder.path().join("x")), Err(BackupError::None { .. })));
        let later = backups.take(&stand.crm, at(60 * 60 * 25)).unwrap();
        assert!(later.whole, "a day later it is a whole one again");
        assert_eq!(backups.forget(at(120)).unwrap(), 1, "the whole one is still built upon");
        assert_eq!(backups.forget(at(60 * 60 * 25)).unwrap(), 4);
        assert_eq!(backups.all().unwrap(), [later]);
    }

    #[test]
    fn what_is_damaged_is_noticed() {
        let stand = Stand::new();
        let (crm, backups) = (Crm::open(&stand.crm, &stand.program).unwrap(), stand.backups());
        stand.add(&crm, 2000);
        let whole = backups.take(&stand.crm, at(0)).unwrap();
        stand.add(&crm, 10);
        let pages = backups.take(&stand.crm, at(60)).unwrap();
        let restore = |second| backups.restore(at(second), &stand.folder.path().join("back"));
        let path = |kept: &Kept| stand.folder.path().join("backups").join(&kept.file);
        let bytes = std::fs::read(path(&pages)).unwrap();
        let mut other = bytes.clone();
        *other.last_mut().unwrap() ^= 1;
        for broken in [&other[..], &bytes[..bytes.len() - 1], b"{}\n", b""] {
            std::fs::write(path(&pages), broken).unwrap();
            assert!(matches!(restore(60), Err(BackupError::Damaged { .. })));
        }
        std::fs::write(path(&pages), &bytes).unwrap();
        assert!(restore(60).is_ok());
        let short = std::fs::read(path(&whole)).unwrap();
        std::fs::write(path(&whole), &short[..short.len() / 2]).unwrap();
        assert!(matches!(restore(0), Err(BackupError::Damaged { .. })));
    }

    #[test]
    fn nobody_s_crm_is_replaced_while_they_work_with_it() {
        let stand = Stand::new();
        let (crm, backups) = (Crm::open(&stand.crm, &stand.program).unwrap(), stand.backups());
        stand.add(&crm, 3);
        backups.take(&stand.crm, at(0)).unwrap();
        stand.add(&crm, 3);
        let back = stand.folder.path().join("back");
        backups.restore(at(0), &back).unwrap();
        assert!(replace(&stand.crm, &back).is_err());
        let reading = Crm::open_to_read(&stand.crm, &stand.program).unwrap();
        drop(crm);
        assert!(replace(&stand.crm, &back).is_err());
        drop(reading);
        replace(&stand.crm, &back).unwrap();
        assert_eq!(stand.count(&stand.crm), 3);
        Crm::open(&stand.crm, &stand.program).unwrap();
    }
}
