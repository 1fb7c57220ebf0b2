//! Messages as they stand: which text, in which version, sent or not. The texts themselves are sealed under their entries' numbers.

use rusqlite::OptionalExtension as _;

use super::LogError;
use super::derive::Row;
use crate::crm::Crm;
use crate::engine::EntryId;

/// A piece of work has made a message.
pub(super) fn write(row: Row<'_>, work: EntryId, hash: &str, channel: &str, template: &str) -> Result<(), LogError> {
    let insert = "INSERT INTO message (number, run, channel, template, hash, version, text) \
                  SELECT ?1, run, ?3, ?4, ?5, 1, ?1 FROM outbox WHERE number = ?2";
    row.change("work", work, insert, (row.number(), work.0, channel, template, hash))
}

pub(super) fn rewrite(row: Row<'_>, message: EntryId, hash: &str) -> Result<(), LogError> {
    let update = "UPDATE message SET hash = ?2, version = version + 1, text = ?3 WHERE number = ?1 AND sent IS NULL";
    row.change("message", message, update, (message.0, hash, row.number()))
}

/// The message of a send has gone out.
pub(super) fn sent(row: Row<'_>, send: EntryId) -> Result<(), LogError> {
    let update = "UPDATE message SET sent = ?2 WHERE number = (SELECT message FROM outbox WHERE number = ?1)";
    row.change("message", send, update, (send.0, row.number()))
}

impl Crm {
    /// What an entry says of a person; none where it says nothing or the person was erased.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn sealed(&self, entry: EntryId) -> Result<Option<String>, LogError> {
        self.text("SELECT body FROM seal WHERE number = ?1", entry)
    }

    /// A message's text as it stands now; none where the person was erased.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn message_text(&self, message: EntryId) -> Result<Option<String>, LogError> {
        let text = "SELECT seal.body FROM message JOIN seal ON seal.number = message.text WHERE message.number = ?1";
        self.text(text, message)
    }

    /// The template that a message was written by.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn message_template(&self, message: EntryId) -> Result<Option<String>, LogError> {
        self.text("SELECT template FROM message WHERE number = ?1", message)
    }

    fn text(&self, sql: &str, number: EntryId) -> Result<Option<String>, LogError> {
        let found = self.connection.prepare_cached(sql);
        let found = found.and_then(|mut statement| statement.query_row([number.0], |row| row.get(0)).optional());
        Ok(found.map_err(|error| self.error(&error))?)
    }
}
