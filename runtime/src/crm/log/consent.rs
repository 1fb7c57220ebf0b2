//! The consent ledger: who agreed to what, on which basis, with which proof, and when it was taken back.

use jiff::Timestamp;
use smol_str::SmolStr;

use super::LogError;
use super::case::instant;
use super::outbox::text;
use crate::crm::{ContactId, Crm};

/// A consent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// Over which channel.
    pub channel: SmolStr,
    /// `opt-in`, `contract`, `legitimate interest`
    pub basis: SmolStr,
    /// What shows it; none once the person was erased.
    pub proof: Option<String>,
    /// When it was given.
    pub given: Timestamp,
    /// When it was taken back.
    pub withdrawn: Option<Timestamp>,
}

impl Crm {
    /// Notes a consent.
    ///
    /// # Errors
    /// Where there is no such contact, or the database cannot be written.
    pub fn give_consent(&mut self, contact: ContactId, consent: &Consent) -> Result<(), LogError> {
        let insert = "INSERT INTO consent (contact_id, channel, basis, proof, given_at, withdrawn_at) \
                      VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let values = (
            contact.0,
            consent.channel.as_str(),
            consent.basis.as_str(),
            consent.proof.as_deref(),
            consent.given.as_microsecond(),
            consent.withdrawn.map(Timestamp::as_microsecond),
        );
        let done = self.connection.prepare_cached(insert).and_then(|mut statement| statement.execute(values));
        Ok(done.map(drop).map_err(|error| self.error(&error))?)
    }

    /// Takes back every consent for a channel that was given before; gives how many there were.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn withdraw_consent(&mut self, contact: ContactId, channel: &str, at: Timestamp) -> Result<usize, LogError> {
        let update = "UPDATE consent SET withdrawn_at = ?3 \
                      WHERE contact_id = ?1 AND channel = ?2 AND withdrawn_at IS NULL AND given_at <= ?3";
        let values = (contact.0, channel, at.as_microsecond());
        let done = self.connection.prepare_cached(update).and_then(|mut statement| statement.execute(values));
        Ok(done.map_err(|error| self.error(&error))?)
    }

    /// All consents of a contact, the oldest first.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn consents(&self, contact: ContactId) -> Result<Vec<Consent>, LogError> {
        let sql = |error: rusqlite::Error| self.error(&error);
        let all = "SELECT channel, basis, proof, given_at, withdrawn_at FROM consent WHERE contact_id = ?1 ORDER BY given_at, id";
        let mut statement = self.connection.prepare_cached(all).map_err(sql)?;
        let rows = statement.query_map([contact.0], |row| {
            Ok(Consent {
                channel: text(row, 0)?,
                basis: text(row, 1)?,
                proof: row.get(2)?,
                given: instant(row.get(3)?).unwrap_or_default(),
                withdrawn: row.get::<_, Option<i64>>(4)?.and_then(instant),
            })
        });
        Ok(rows.map_err(sql)?.collect::<Result<_, _>>().map_err(sql)?)
    }
}
