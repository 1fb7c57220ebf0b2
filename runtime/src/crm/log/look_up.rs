//! The log, looked up by number: what an entry says, whose it is, when it was written, and which log this is.

use jiff::Timestamp;
use rusqlite::OptionalExtension as _;

use super::LogError;
use super::case::instant;
use super::outbox::text;
use crate::crm::Crm;
use crate::engine::{Entry, EntryId, RecordRef};

impl Crm {
    /// One entry of the log.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn entry(&self, number: EntryId) -> Result<Option<Entry>, LogError> {
        let sql = |error: rusqlite::Error| self.error(&error);
        let one = "SELECT entry FROM log WHERE number = ?1";
        let mut statement = self.connection.prepare_cached(one).map_err(sql)?;
        let found: Option<String> = statement.query_row([number.0], |row| row.get(0)).optional().map_err(sql)?;
        let Some(found) = found else { return Ok(None) };
        let entry = serde_json::from_str(&found);
        entry
            .map(Some)
            .map_err(|error| LogError::Unreadable { what: format!("entry {number}"), detail: error.to_string() })
    }

    /// The record that an entry belongs to; none where it is about the whole playbook, or there is no such entry.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn record_of(&self, number: EntryId) -> Result<Option<RecordRef>, LogError> {
        let sql = |error: rusqlite::Error| self.error(&error);
        let one = "SELECT entity, record FROM log WHERE number = ?1 AND entity IS NOT NULL";
        let mut statement = self.connection.prepare_cached(one).map_err(sql)?;
        let found = statement.query_row([number.0], |row| Ok(RecordRef { entity: text(row, 0)?, id: row.get(1)? }));
        Ok(found.optional().map_err(sql)?)
    }

    /// When an entry was written; none where there is no such entry.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn logged_at(&self, number: EntryId) -> Result<Option<Timestamp>, LogError> {
        let sql = |error: rusqlite::Error| self.error(&error);
        let mut statement = self.connection.prepare_cached("SELECT at FROM log WHERE number = ?1").map_err(sql)?;
        let found: Option<i64> = statement.query_row([number.0], |row| row.get(0)).optional().map_err(sql)?;
        Ok(found.and_then(instant))
    }

    /// When the newest entry was written; none where nothing was ever decided.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn last_logged_at(&self) -> Result<Option<Timestamp>, LogError> {
        self.logged_at(EntryId(self.next_entry()?.0 - 1))
    }

    /// What tells this log from every other one: the first entry's hash, in hexadecimal; none before there is one.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn log_name(&self) -> Result<Option<String>, LogError> {
        let sql = |error: rusqlite::Error| self.error(&error);
        let mut statement = self.connection.prepare_cached("SELECT hash FROM log WHERE number = 1").map_err(sql)?;
        let found: Option<Vec<u8>> = statement.query_row([], |row| row.get(0)).optional().map_err(sql)?;
        Ok(found.map(|hash| hash.iter().map(|byte| format!("{byte:02x}")).collect()))
    }
}
