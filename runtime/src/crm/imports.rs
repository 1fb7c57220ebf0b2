//! Imports as the CRM remembers them: what was read when, what it changed, and whether it was undone.

use std::collections::BTreeMap;

use compiler::program::Program;
use jiff::Timestamp;
use rusqlite::{Row, TransactionBehavior};

use super::image::{image, place, put_back, same};
use super::log::number_key;
use super::{Crm, CrmError, ImportId, RecordId, Writer};

/// What is known of an import before its first row.
#[derive(Clone, Copy, Debug)]
pub struct ImportStart<'a> {
    /// `hubspot.contacts`
    pub source: &'a str,
    /// The file's name, without its folder.
    pub file: &'a str,
    /// blake3 of all its bytes, 64 hexadecimal digits.
    pub hash: &'a str,
    /// When it began.
    pub now: Timestamp,
}

/// An import.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Import {
    /// Its number.
    pub id: ImportId,
    /// `hubspot.contacts`
    pub source: String,
    /// The file's name.
    pub file: String,
    /// When it began.
    pub started: Timestamp,
    /// How its rows fared.
    pub counts: Counts,
    /// When it was undone.
    pub undone: Option<Timestamp>,
}

/// How rows fared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    /// Records or events made.
    pub created: u64,
    /// Records or events that say something else than before.
    pub updated: u64,
    /// Rows that said nothing new.
    pub unchanged: u64,
    /// Rows that could not be taken.
    pub rejected: u64,
    /// Cells that name a record that is not there.
    pub dangling: u64,
}

const COLUMNS: &str =
    "SELECT id, source, file, started, created, updated, unchanged, rejected, dangling, undone_at FROM import";

impl Crm {
    /// Begins an import: one transaction, which [`Writer::finish`] keeps.
    ///
    /// # Errors
    /// Where another process is writing, or the file is read-only.
    pub fn begin(&mut self, start: ImportStart<'_>) -> Result<Writer<'_>, CrmError> {
        let path = self.path.clone();
        let sql = |error: rusqlite::Error| CrmError::from_sqlite(&path, &error);
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(sql)?;
        let now = start.now.as_microsecond();
        let insert = "INSERT INTO import (source, file, file_hash, started) VALUES (?1, ?2, ?3, ?4)";
        transaction.execute(insert, (start.source, start.file, start.hash, now)).map_err(sql)?;
        let import = ImportId(transaction.last_insert_rowid());
        let next_event = transaction.query_row("SELECT id FROM next_event", [], |row| row.get(0)).map_err(sql)?;
        let system = super::system::of(start.source).to_owned();
        let forgotten = super::log::Forgotten::read(&transaction).map_err(sql)?;
        Ok(Writer {
            transaction,
            path,
            import,
            system,
            now,
            next_event,
            kinds: Vec::new(),
            ours: false,
            merged: super::Merged::default(),
            rehearsal: self.rehearsal,
            forgotten,
        })
    }

    /// The import of that very file through that source, where there was one that was not undone.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn imported_before(&self, source: &str, hash: &str) -> Result<Option<Import>, CrmError> {
        let same =
            format!("{COLUMNS} WHERE source = ?1 AND file_hash = ?2 AND undone_at IS NULL ORDER BY id DESC LIMIT 1");
        Ok(self.imports_where(&same, [source, hash])?.pop())
    }

    /// All imports, the newest first.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn imports(&self) -> Result<Vec<Import>, CrmError> {
        self.imports_where(&format!("{COLUMNS} ORDER BY id DESC"), [])
    }

    /// The number of the newest import; 0 where there is none.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn newest_import(&self) -> Result<i64, CrmError> {
        let newest = self.connection.query_row("SELECT ifnull(max(id), 0) FROM import", [], |row| row.get(0));
        newest.map_err(|error| self.error(&error))
    }

    fn imports_where<const N: usize>(&self, sql: &str, values: [&str; N]) -> Result<Vec<Import>, CrmError> {
        let failed = |error: rusqlite::Error| self.error(&error);
        let mut statement = self.connection.prepare(sql).map_err(failed)?;
        let rows = statement.query_map(rusqlite::params_from_iter(values), import).map_err(failed)?;
        rows.collect::<Result<_, _>>().map_err(failed)
    }
}

impl Writer<'_> {
    /// Whether somebody with that address asked to be forgotten: no import brings them back.
    #[must_use]
    pub fn is_forgotten(&self, address: &str) -> bool {
        self.forgotten.has(address)
    }

    /// Whether somebody whom the source's system knows by that number asked to be forgotten.
    #[must_use]
    pub fn is_forgotten_number(&self, external_id: &str) -> bool {
        self.forgotten.has(&number_key(&self.system, external_id))
    }

    /// How many records of each table say something else than before this import, and how many events (`event`). What was
    /// changed and changed back does not count, and is as it was.
    ///
    /// # Errors
    /// Where the database cannot be read or written.
    pub fn settle(&mut self, program: &Program) -> Result<BTreeMap<String, u64>, CrmError> {
        let sql = |error: rusqlite::Error| self.error(&error);
        let mut settled = BTreeMap::new();
        for table in program.entities.iter().map(|entity| entity.table.as_str()).chain(["event"]) {
            let (mut changed, mut last) = (0, i64::MIN);
            while let Some((id, before)) = self.next_change(table, last).map_err(sql)? {
                let before = super::image::read(&self.path, self.import, &before)?;
                last = id;
                let place = place(table, RecordId(id), &before);
                let now = image(&self.transaction, place).map_err(sql)?;
                if now.is_some_and(|now| same(&before, &now)) {
                    put_back(&self.transaction, place, &before).map_err(sql)?;
                    let forget = "DELETE FROM import_change WHERE import_id = ?1 AND entity = ?2 AND record = ?3";
                    self.transaction
                        .prepare_cached(forget)
                        .map_err(sql)?
                        .execute((self.import.0, table, id))
                        .map_err(sql)?;
                } else {
                    changed += 1;
                }
            }
            if changed > 0 {
                settled.insert(table.to_owned(), changed);
            }
        }
        Ok(settled)
    }

    fn next_change(&self, table: &str, after: i64) -> rusqlite::Result<Option<(i64, String)>> {
        let next = "SELECT record, before FROM import_change WHERE import_id = ?1 AND entity = ?2 AND record > ?3 ORDER BY record LIMIT 1";
        let mut statement = self.transaction.prepare_cached(next)?;
        let mut rows = statement.query((self.import.0, table, after))?;
        let Some(row) = rows.next()? else { return Ok(None) };
        Ok(Some((row.get(0)?, row.get(1)?)))
    }

    /// Keeps the import, which read so many rows.
    ///
    /// # Errors
    /// Where the disk is full; then nothing of it was kept.
    pub fn finish(self, rows: u64, counts: Counts) -> Result<ImportId, CrmError> {
        let sql = |error: rusqlite::Error| CrmError::from_sqlite(&self.path, &error);
        let done = "UPDATE import SET finished = ?2, created = ?3, updated = ?4, unchanged = ?5, rejected = ?6, dangling = ?7, rows = ?8 WHERE id = ?1";
        let Counts { created, updated, unchanged, rejected, dangling } = counts;
        let counts = [created, updated, unchanged, rejected, dangling, rows]
            .map(|count| i64::try_from(count).unwrap_or(i64::MAX));
        let values = [self.import.0, self.now].into_iter().chain(counts);
        self.transaction.execute(done, rusqlite::params_from_iter(values)).map_err(sql)?;
        self.transaction.execute("UPDATE next_event SET id = ?1", [self.next_event]).map_err(sql)?;
        self.transaction.commit().map_err(sql)?;
        Ok(self.import)
    }
}

pub(super) fn import(row: &Row<'_>) -> rusqlite::Result<Import> {
    let instant = |micros: i64| Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH);
    let undone: Option<i64> = row.get(9)?;
    Ok(Import {
        id: ImportId(row.get(0)?),
        source: row.get(1)?,
        file: row.get(2)?,
        started: instant(row.get(3)?),
        counts: Counts {
            created: count(row, 4)?,
            updated: count(row, 5)?,
            unchanged: count(row, 6)?,
            rejected: count(row, 7)?,
            dangling: count(row, 8)?,
        },
        undone: undone.map(instant),
    })
}

/// SQLite counts with a sign.
pub(super) fn count(row: &Row<'_>, index: usize) -> rusqlite::Result<u64> {
    Ok(u64::try_from(row.get::<_, i64>(index)?).unwrap_or(0))
}
