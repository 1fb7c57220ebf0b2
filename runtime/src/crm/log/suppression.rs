//! Suppression: addresses that nobody may write to. Only salted hashes are kept, so that it outlives the person's data.

use std::collections::HashSet;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _};

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

/// Why somebody who was forgotten is not written to.
pub(super) const ERASED: &str = "erased";

/// A number by which another system knows a contact, as the suppression list holds it: apart from every address.
#[must_use]
pub fn number_key(system: &str, external_id: &str) -> String {
    format!("number of {system}: {external_id}")
}

/// Who asked to be forgotten, by the hashes of their addresses and numbers: what an import may not bring back.
#[derive(Clone, Debug, Default)]
pub struct Forgotten {
    salt: [u8; 32],
    hashes: HashSet<[u8; 32]>,
}

impl Forgotten {
    /// Reads the list.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub(in crate::crm) fn read(connection: &Connection) -> rusqlite::Result<Self> {
        let salt = connection.query_row("SELECT salt FROM suppression_salt", [], |row| row.get(0)).optional()?;
        let Some(salt) = salt else { return Ok(Self::default()) };
        let mut statement = connection.prepare("SELECT hash FROM suppression WHERE reason = ?1")?;
        let hashes = statement.query_map([ERASED], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok(Self { salt, hashes })
    }

    /// Whether that address, or [`number_key`], is somebody's who was forgotten.
    pub(in crate::crm) fn has(&self, address: &str) -> bool {
        // Hashing each cell costs more than the rest of the row where nobody was ever forgotten.
        !self.hashes.is_empty() && self.hashes.contains(&suppression_key(&self.salt, address))
    }
}

impl Crm {
    /// From now on nobody may write to an address over a channel, or [`EVERY_CHANNEL`]. What was said first stands, but for
    /// `erased`.
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
        // Whoever complained first and asked to be forgotten then is forgotten all the same: imports go by that.
        let insert = "INSERT INTO suppression (hash, channel, reason, at) VALUES (?1, ?2, ?3, ?4) \
                      ON CONFLICT DO UPDATE SET reason = excluded.reason WHERE excluded.reason = 'erased'";
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
