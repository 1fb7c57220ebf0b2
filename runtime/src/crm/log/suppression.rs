//! Suppression: addresses that nobody may write to. Only salted hashes are kept, so that it outlives the person's data.

use jiff::Timestamp;
use rusqlite::OptionalExtension as _;

use super::case::instant;
use super::{LogError, Randomness};
use crate::contact_policy::suppression_key;
use crate::crm::Crm;

/// All channels.
pub const EVERY_CHANNEL: &str = "*";

/// Why nobody may write to an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppressed {
    /// `unsubscribed`, `complaint`, `erased`
    pub reason: String,
    /// Since when.
    pub at: Timestamp,
}

impl Crm {
    /// From now on nobody may write to an address over a channel, or [`EVERY_CHANNEL`]. What was said first stands.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn suppress(
        &mut self,
        address: &str,
        channel: &str,
        because: &Suppressed,
        randomness: &mut dyn Randomness,
    ) -> Result<(), LogError> {
        self.keep_suppressed(address, channel, because, randomness)
    }

    /// Whether and why nobody may write to an address over a channel.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn suppressed(&self, address: &str, channel: &str) -> Result<Option<Suppressed>, LogError> {
        let Some(salt) = self.salt()? else { return Ok(None) };
        let read = "SELECT reason, at FROM suppression WHERE hash = ?1 AND channel IN (?2, '*') ORDER BY at LIMIT 1";
        let found = self.connection.prepare_cached(read).and_then(|mut statement| {
            let row = statement.query_row((suppression_key(&salt, address), channel), |row| {
                Ok(Suppressed { reason: row.get(0)?, at: instant(row.get(1)?).unwrap_or_default() })
            });
            row.optional()
        });
        Ok(found.map_err(|error| self.error(&error))?)
    }

    pub(super) fn keep_suppressed(
        &self,
        address: &str,
        channel: &str,
        because: &Suppressed,
        randomness: &mut dyn Randomness,
    ) -> Result<(), LogError> {
        let sql = |error: rusqlite::Error| self.error(&error);
        let salt = match self.salt()? {
            Some(salt) => salt,
            None => {
                let mut salt = [0; 32];
                randomness.fill(&mut salt);
                let insert = "INSERT INTO suppression_salt (only, salt) VALUES (1, ?1) ON CONFLICT DO NOTHING";
                self.connection.execute(insert, [salt]).map_err(sql)?;
                // Another process may have been quicker.
                self.salt()?.unwrap_or(salt)
            }
        };
        let insert =
            "INSERT INTO suppression (hash, channel, reason, at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING";
        let values = (suppression_key(&salt, address), channel, because.reason.as_str(), because.at.as_microsecond());
        self.connection.prepare_cached(insert).map_err(sql)?.execute(values).map_err(sql)?;
        Ok(())
    }

    fn salt(&self) -> Result<Option<[u8; 32]>, LogError> {
        let read = "SELECT salt FROM suppression_salt";
        let found = self
            .connection
            .prepare_cached(read)
            .and_then(|mut statement| statement.query_row([], |row| row.get(0)).optional());
        Ok(found.map_err(|error| self.error(&error))?)
    }
}
