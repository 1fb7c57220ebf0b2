//! The CRM: one SQLite file a client, and the only place in the project that names SQL.
//!
//! It knows the Program's entities, events and sources by what they need of it. It knows no CSV and no score, and reads no
//! clock: every instant that it writes comes in as an argument.

mod arrivals;
pub mod backup;
mod column;
mod coverage;
mod error;
mod extend;
pub mod facts_json;
mod find;
mod forgotten;
mod given;
mod ids;
mod image;
mod imports;
mod index;
mod journal;
mod kin;
pub mod log;
mod migrations;
mod names;
mod needs;
mod newest;
mod observe;
mod private;
mod read;
mod room;
mod select;
pub mod service_file;
mod shape;
mod system;
mod undo;
mod whose;
mod write;
mod write_event;

use std::path::{Path, PathBuf};
use std::time::Duration;

use compiler::program::Program;
use rusqlite::backup::Backup;
use rusqlite::{Connection, OpenFlags};

pub use arrivals::Arrival;
pub use column::{Cell, date_of, number_of};
pub(crate) use coverage::zone;
pub use error::CrmError;
pub use find::{Found, Named};
pub use forgotten::Forgotten;
pub use ids::{ContactId, ImportId, KindId, RecordId};
pub use imports::{Counts, Import, ImportStart};
pub use kin::Reachable;
pub use names::Merged;
pub use needs::Needs;
pub(crate) use needs::fresh_fields;
pub use observe::Noted;
pub use read::{Conversation, EventRow, Visitor};
pub use shape::RecordShape;
pub use undo::Undone;
use whose::Coming;
pub use write::{Match, RecordWrite, Refused, Writer, Written};
pub use write_event::EventWrite;

/// How long to wait for another process before saying so.
const PATIENCE: Duration = Duration::from_secs(2);

/// How much of a database is copied before another process has its turn.
const PAGES_AT_ONCE: std::ffi::c_int = 10_000;

/// An open CRM. A process may hold several; one of them at a time writes.
pub struct Crm {
    connection: Connection,
    path: PathBuf,
    /// A copy, on which a dry run keeps what would be kept.
    rehearsal: bool,
    /// The cases that this connection wrote last.
    memory: log::Memory,
}

impl Crm {
    /// Opens the file to write to it: makes it where it is not there, brings it to the newest schema, remembers whose it is,
    /// and adds the columns that the Program's own fields need.
    ///
    /// # Errors
    /// Where the file is no CRM, is damaged, locked or newer, where it is another client's, or where a field or the currency was
    /// declared differently before.
    pub fn open(path: &Path, program: &Program) -> Result<Self, CrmError> {
        Self::prepare(connect(path, OpenFlags::SQLITE_OPEN_CREATE)?, path, program, Coming::AsItself)
    }

    /// As [`Crm::open`], and the CRM is the Program's client's from now on, whoever's it was: for a client that was renamed.
    ///
    /// # Errors
    /// As [`Crm::open`], another client apart.
    pub fn adopt(path: &Path, program: &Program) -> Result<Self, CrmError> {
        Self::prepare(connect(path, OpenFlags::SQLITE_OPEN_CREATE)?, path, program, Coming::Adopting)
    }

    /// Opens a file that is there and changes nothing of it: whatever it has no column for is unknown, and what was written by
    /// an older version is read from a copy that is gone when this is dropped.
    ///
    /// # Errors
    /// As [`Crm::open`], and where there is no such file.
    pub fn open_to_read(path: &Path, program: &Program) -> Result<Self, CrmError> {
        let sql = |error: rusqlite::Error| CrmError::from_sqlite(path, &error);
        let connection = connect_to_read(path)?;
        let found = migrations::identify(&connection, path)?;
        whose::check(&connection, path, program, Coming::AsItself)?;
        if found < migrations::NEWEST {
            return Self::prepare(copied(&connection).map_err(sql)?, path, program, Coming::AsItself);
        }
        settings(&connection).map_err(sql)?;
        let crm = Self::over(connection, path);
        crm.stand_in(program)?;
        crm.connection.pragma_update(None, "query_only", true).map_err(sql)?;
        Ok(crm)
    }

    /// A copy of the CRM for a dry run: each import finds there what those before it would have left, and all of it is gone
    /// when this is dropped. Nothing of the file changes, and there need be none.
    ///
    /// # Errors
    /// As [`Crm::open`], and where the system has no room for the copy.
    pub fn rehearse(path: &Path, program: &Program) -> Result<Self, CrmError> {
        Self::rehearsing(path, program, Coming::AsItself)
    }

    /// As [`Crm::rehearse`], for what [`Crm::adopt`] would do.
    ///
    /// # Errors
    /// As [`Crm::adopt`].
    pub fn rehearse_adopting(path: &Path, program: &Program) -> Result<Self, CrmError> {
        Self::rehearsing(path, program, Coming::Adopting)
    }

    fn rehearsing(path: &Path, program: &Program, coming: Coming) -> Result<Self, CrmError> {
        let sql = |error: rusqlite::Error| CrmError::from_sqlite(path, &error);
        let copy = if path.exists() {
            let connection = connect(path, OpenFlags::empty())?;
            migrations::identify(&connection, path)?;
            copied(&connection).map_err(sql)?
        } else {
            Connection::open("").map_err(sql)?
        };
        Ok(Self { rehearsal: true, ..Self::prepare(copy, path, program, coming)? })
    }

    /// A CRM that is gone when it is dropped: for tests.
    ///
    /// # Errors
    /// As [`Crm::open`].
    pub fn open_in_memory(program: &Program) -> Result<Self, CrmError> {
        let path = Path::new(":memory:");
        let connection = Connection::open_in_memory().map_err(|error| CrmError::from_sqlite(path, &error))?;
        Self::prepare(connection, path, program, Coming::AsItself)
    }

    fn prepare(mut connection: Connection, path: &Path, program: &Program, coming: Coming) -> Result<Self, CrmError> {
        let sql = |error: rusqlite::Error| CrmError::from_sqlite(path, &error);
        // Somebody else's database is left as it is: no setting is touched before we know that it is ours.
        migrations::identify(&connection, path)?;
        whose::check(&connection, path, program, coming)?;
        journal::write_ahead(&connection).map_err(sql)?;
        settings(&connection).map_err(sql)?;
        migrations::run(&mut connection, path)?;
        let crm = Self::over(connection, path);
        crm.claim(program, coming)?;
        crm.extend(program)?;
        Ok(crm)
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Lets the file grow to so many pages of 4 KiB and no further, as a quota does.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn limit_pages(&self, pages: i64) -> Result<(), CrmError> {
        let limited = self.connection.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()));
        limited.map_err(|error| self.error(&error))
    }

    fn error(&self, error: &rusqlite::Error) -> CrmError {
        CrmError::from_sqlite(&self.path, error)
    }

    /// Over a database that has the newest schema.
    fn over(connection: Connection, path: &Path) -> Self {
        Self { connection, path: path.to_path_buf(), rehearsal: false, memory: log::Memory::default() }
    }
}

/// A connection that waits a little for another process; `extra` says whether the file may be made.
fn connect(path: &Path, extra: OpenFlags) -> Result<Connection, CrmError> {
    let sql = |error: rusqlite::Error| CrmError::from_sqlite(path, &error);
    // Also for reading: who is the last to close the file has to be able to fold its log into it.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | extra;
    if extra.contains(OpenFlags::SQLITE_OPEN_CREATE) {
        private::make(path);
    }
    let connection = Connection::open_with_flags(path, flags).map_err(sql)?;
    connection.busy_timeout(PATIENCE).map_err(sql)?;
    Ok(connection)
}

/// As [`connect`], and also where the file's folder takes no files: beside a write-ahead log that is folded into the file already,
/// nothing but the file has to be read, and nobody who may write there has it open.
fn connect_to_read(path: &Path) -> Result<Connection, CrmError> {
    let sql = |error: rusqlite::Error| CrmError::from_sqlite(path, &error);
    let connection = connect(path, OpenFlags::empty())?;
    let looked = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()));
    let Err(error) = looked.map_err(sql) else { return Ok(connection) };
    if !matches!(error, CrmError::ReadOnly { .. } | CrmError::CannotOpen { .. }) || has_log(path) {
        return Err(error);
    }
    let Some(name) = path.to_str() else { return Err(error) };
    let name = name.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    Connection::open_with_flags(format!("file:{name}?immutable=1"), flags).map_err(sql)
}

/// Whether something stands in a write-ahead log beside the file.
fn has_log(path: &Path) -> bool {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    std::fs::metadata(log).is_ok_and(|log| log.len() > 0)
}

/// A copy in a file without a name, which the system takes away when it is closed.
fn copied(connection: &Connection) -> rusqlite::Result<Connection> {
    let mut copy = Connection::open("")?;
    Backup::new(connection, &mut copy)?.run_to_completion(PAGES_AT_ONCE, Duration::ZERO, None)?;
    Ok(copy)
}

/// Flushed at each commit, so that what was acknowledged is kept. The cache is what bounds an import's memory.
fn settings(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_prepared_statement_cache_capacity(64);
    connection.execute_batch(
        "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA cache_size = -98304; PRAGMA temp_store = FILE",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAYBOOK: &str = "client \"T\" {\n  currency NZD\n  timezone \"UTC\"\n}\nuse std.crm\n\
        extend Contact {\n  fruit: text?\n  referrer: Contact?\n}\n";

    fn program() -> Program {
        compiler::compile::compile_text("t.playbook", PLAYBOOK).program.unwrap()
    }

    /// How many columns of the contacts that it shows are known.
    fn known(crm: &Crm, program: &Program, fields: &[&str]) -> usize {
        struct Known(usize);
        impl Visitor for Known {
            fn record(&mut self, _: RecordId) {}
            fn field(&mut self, _: usize, _: Cell<'_>) {
                self.0 += 1;
            }
            fn observed(&mut self, _: usize, _: i64) {}
            fn event(&mut self, _: EventRow<'_>) {}
            fn conversation(&mut self, _: Conversation<'_>) {}
            fn end(&mut self) -> std::ops::ControlFlow<()> {
                std::ops::ControlFlow::Continue(())
            }
        }
        let entity = program.entity("Contact").unwrap();
        let place = |entity: compiler::program::EntityId, name: &str| {
            let at = program.entities[entity.index()].fields.iter().position(|field| field.name == name).unwrap();
            compiler::program::FieldId(u32::try_from(at).unwrap())
        };
        let paths = fields.iter().map(|path| {
            let (relation, field) = path.split_once('.').map_or((None, *path), |(first, last)| (Some(first), last));
            let relations = relation.into_iter().map(|relation| place(entity, relation)).collect();
            compiler::program::FieldPath { entity, relations, field: place(entity, field) }
        });
        let needs = Needs { fields: paths.collect(), ..Needs::default() };
        let mut known = Known(0);
        crm.visit(program, entity, &needs, &mut known).unwrap();
        known.0
    }

    #[test]
    fn several_make_it_at_once() {
        let program = program();
        for _ in 0..20 {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("crm.db");
            std::thread::scope(|scope| {
                let open = || Crm::open(&path, &program).map(drop);
                let all: Vec<_> = (0..8).map(|_| scope.spawn(open)).collect();
                all.into_iter().for_each(|one| one.join().unwrap().unwrap());
            });
        }
    }

    #[test]
    fn reading_changes_no_file_whatever_its_version() {
        let program = program();
        for version in 1..=migrations::NEWEST {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("crm.db");
            let mut connection = Connection::open(&path).unwrap();
            let _: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0)).unwrap();
            migrations::to(&mut connection, &path, version).unwrap();
            connection.execute("INSERT INTO contact (id, email) VALUES (7, 'ann@example.com')", []).unwrap();
            drop(connection);
            let before = std::fs::read(&path).unwrap();

            let crm = Crm::open_to_read(&path, &program).unwrap();
            assert!(matches!(crm.find_contact("ann@example.com").unwrap(), Found::One(_)), "version {version}");
            assert_eq!(known(&crm, &program, &["email", "fruit", "referrer.email", "referrer.fruit"]), 1);
            assert_eq!(crm.coverage(&program).unwrap(), crate::facts::Coverage::default());
            drop(crm);
            assert_eq!(std::fs::read(&path).unwrap(), before, "version {version}");
            assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");

            drop(Crm::open(&path, &program).unwrap());
            let crm = Crm::open_to_read(&path, &program).unwrap();
            assert_eq!(known(&crm, &program, &["email", "fruit"]), 1, "the columns are there now");
        }
    }

    #[test]
    fn what_is_opened_to_be_read_cannot_be_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("crm.db");
        assert!(matches!(Crm::open_to_read(&path, &program()), Err(CrmError::CannotOpen { .. })));
        drop(Crm::open(&path, &program()).unwrap());
        let mut crm = Crm::open_to_read(&path, &program()).unwrap();
        let start = ImportStart { source: "a", file: "a.csv", hash: &"0".repeat(64), now: jiff::Timestamp::UNIX_EPOCH };
        assert!(matches!(crm.begin(start).map(drop), Err(CrmError::ReadOnly { .. })));
    }
}
