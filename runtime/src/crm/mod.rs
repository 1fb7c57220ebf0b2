//! The CRM: one SQLite file a client, and the only place in the project that names SQL.
//!
//! It knows the Program's entities, events and sources by what they need of it. It knows no CSV and no score, and reads no
//! clock: every instant that it writes comes in as an argument.

mod column;
mod coverage;
mod currency;
mod error;
mod extend;
pub mod facts_json;
mod find;
mod ids;
mod image;
mod imports;
mod index;
mod migrations;
mod needs;
mod newest;
mod read;
mod select;
mod shape;
mod undo;
mod write;
mod write_event;

use std::path::{Path, PathBuf};
use std::time::Duration;

use compiler::program::Program;
use rusqlite::{Connection, OpenFlags};

pub use column::{Cell, date_of, number_of};
pub(crate) use coverage::zone;
pub use error::CrmError;
pub use find::{Found, Named};
pub use ids::{ContactId, ImportId, KindId, RecordId};
pub use imports::{Counts, Import, ImportStart};
pub use needs::Needs;
pub(crate) use needs::fresh_fields;
pub use read::{Conversation, EventRow, Visitor};
pub use shape::RecordShape;
pub use undo::Undone;
pub use write::{Match, RecordWrite, Refused, Writer, Written};
pub use write_event::EventWrite;

/// How long to wait for another process before saying so.
const PATIENCE: Duration = Duration::from_secs(2);

/// An open CRM. A process may hold several; one of them at a time writes.
pub struct Crm {
    connection: Connection,
    path: PathBuf,
}

impl Crm {
    /// Opens the file, makes it where it is not there, brings it to the newest schema, and adds the columns that the Program's
    /// own fields need.
    ///
    /// # Errors
    /// Where the file is no CRM, is damaged, locked or newer, or where a field or the currency was declared differently before.
    pub fn open(path: &Path, program: &Program) -> Result<Self, CrmError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection =
            Connection::open_with_flags(path, flags).map_err(|error| CrmError::from_sqlite(path, &error))?;
        Self::prepare(connection, path, program)
    }

    /// A CRM that is gone when it is dropped: for tests and for a dry run before there is a file.
    ///
    /// # Errors
    /// As [`Crm::open`].
    pub fn open_in_memory(program: &Program) -> Result<Self, CrmError> {
        let path = Path::new(":memory:");
        let connection = Connection::open_in_memory().map_err(|error| CrmError::from_sqlite(path, &error))?;
        Self::prepare(connection, path, program)
    }

    fn prepare(mut connection: Connection, path: &Path, program: &Program) -> Result<Self, CrmError> {
        let sql = |error: rusqlite::Error| CrmError::from_sqlite(path, &error);
        connection.busy_timeout(PATIENCE).map_err(sql)?;
        // Somebody else's database is left as it is: no setting is touched before we know that it is ours.
        migrations::identify(&connection, path)?;
        settings(&connection).map_err(sql)?;
        migrations::run(&mut connection, path)?;
        let mut crm = Self { connection, path: path.to_path_buf() };
        crm.check_currency(program)?;
        crm.extend(program)?;
        Ok(crm)
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How many decisions of a score are known: what `trust after` counts.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn decisions(&self, score: &str) -> Result<u64, CrmError> {
        let count = "SELECT count(*) FROM decision WHERE score = ?1";
        self.connection.query_row(count, [score], |row| imports::count(row, 0)).map_err(|error| self.error(&error))
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
}

/// Write-ahead log, so that readers and the writer do not wait for each other; flushed at each commit, so that what was
/// acknowledged is kept. The cache is what bounds an import's memory.
fn settings(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_prepared_statement_cache_capacity(64);
    let _: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    connection.execute_batch(
        "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA cache_size = -98304; PRAGMA temp_store = FILE",
    )
}
