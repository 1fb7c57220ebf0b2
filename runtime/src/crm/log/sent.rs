//! What was sent, and what is on its way: for the caps of a contact policy.

use jiff::Timestamp;
use smol_str::SmolStr;

use super::LogError;
use super::case::instant;
use super::outbox::text;
use crate::crm::{ContactId, Crm};
use crate::engine::EntryId;

impl Crm {
    /// When and over which channel something was sent, to one contact or to everybody, from an instant on. What is queued counts as
    /// sent when it is due, but for that one effect.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn sent_since(
        &self,
        contact: Option<ContactId>,
        since: Timestamp,
        but: Option<EntryId>,
    ) -> Result<Vec<(Timestamp, SmolStr)>, LogError> {
        let sql = |error: rusqlite::Error| self.error(&error);
        let all = "SELECT l.at, m.channel FROM message AS m JOIN log AS l ON l.number = m.sent \
                   WHERE l.at >= ?1 AND (?2 IS NULL OR (l.entity = 'Contact' AND l.record = ?2)) \
                   UNION ALL \
                   SELECT o.ready, o.channel FROM outbox AS o WHERE o.kind = 'send' AND o.ready IS NOT NULL \
                   AND o.number IS NOT ?3 AND (?2 IS NULL OR (o.entity = 'Contact' AND o.record = ?2))";
        let mut statement = self.connection.prepare_cached(all).map_err(sql)?;
        let values = (since.as_microsecond(), contact.map(|contact| contact.0), but.map(|but| but.0));
        let rows = statement
            .query_map(values, |row| Ok((instant(row.get(0)?).unwrap_or_default(), text(row, 1)?)))
            .map_err(sql)?;
        Ok(rows.collect::<Result<_, _>>().map_err(sql)?)
    }

    /// One entry of the log.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn entry(&self, number: EntryId) -> Result<Option<crate::engine::Entry>, LogError> {
        use rusqlite::OptionalExtension as _;
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
    pub fn record_of(&self, number: EntryId) -> Result<Option<crate::engine::RecordRef>, LogError> {
        use rusqlite::OptionalExtension as _;
        let sql = |error: rusqlite::Error| self.error(&error);
        let one = "SELECT entity, record FROM log WHERE number = ?1 AND entity IS NOT NULL";
        let mut statement = self.connection.prepare_cached(one).map_err(sql)?;
        let found = statement
            .query_row([number.0], |row| Ok(crate::engine::RecordRef { entity: text(row, 0)?, id: row.get(1)? }));
        Ok(found.optional().map_err(sql)?)
    }

    /// When an entry was written; none where there is no such entry.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn logged_at(&self, number: EntryId) -> Result<Option<Timestamp>, LogError> {
        use rusqlite::OptionalExtension as _;
        let sql = |error: rusqlite::Error| self.error(&error);
        let mut statement = self.connection.prepare_cached("SELECT at FROM log WHERE number = ?1").map_err(sql)?;
        let found: Option<i64> = statement.query_row([number.0], |row| row.get(0)).optional().map_err(sql)?;
        Ok(found.and_then(instant))
    }

    /// What tells this log from every other one: the first entry's hash, in hexadecimal; none before there is one.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn log_name(&self) -> Result<Option<String>, LogError> {
        use rusqlite::OptionalExtension as _;
        let sql = |error: rusqlite::Error| self.error(&error);
        let mut statement = self.connection.prepare_cached("SELECT hash FROM log WHERE number = 1").map_err(sql)?;
        let found: Option<Vec<u8>> = statement.query_row([], |row| row.get(0)).optional().map_err(sql)?;
        Ok(found.map(|hash| hash.iter().map(|byte| format!("{byte:02x}")).collect()))
    }
}
