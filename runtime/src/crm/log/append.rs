//! Appending to the log: the entry's JSON, its seal, its place in the chain.

use jiff::Timestamp;

use super::chain::{self, Hash, Link};
use super::statements::Statements;
use super::{LogError, Randomness};
use crate::crm::Crm;
use crate::engine::{Entry, EntryId, RecordRef};

/// The log's last entry.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tail {
    pub(super) number: EntryId,
    pub(super) at: Timestamp,
    pub(super) hash: Hash,
}

/// What entries and cases are made in, one after the other.
#[derive(Debug, Default)]
pub(super) struct Buffers {
    pub(super) json: Vec<u8>,
    bytes: Vec<u8>,
}

/// Where an entry stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'a> {
    pub(super) number: EntryId,
    pub(super) at: Timestamp,
    /// What the clock said, where it had been set back.
    pub(super) clock: Option<Timestamp>,
    pub(super) record: Option<&'a RecordRef>,
}

impl Tail {
    /// What the file says now.
    pub(super) fn read(crm: &Crm) -> Result<Self, LogError> {
        let sql = |error: rusqlite::Error| crm.error(&error);
        let mut statement = crm.connection.prepare_cached("SELECT number, at, hash FROM log_head").map_err(sql)?;
        let row = statement.query_row([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
        let (number, at, hash) = row.map_err(sql)?;
        let at = super::case::instant(at).unwrap_or(Timestamp::MIN);
        Ok(Self { number: EntryId(number), at, hash })
    }

    /// Says so in the file.
    pub(super) fn write(&self, crm: &Crm) -> Result<(), LogError> {
        let sql = |error: rusqlite::Error| crm.error(&error);
        let update = "UPDATE log_head SET number = ?1, at = ?2, hash = ?3";
        let mut statement = crm.connection.prepare_cached(update).map_err(sql)?;
        statement.execute((self.number.0, self.at.as_microsecond(), self.hash)).map_err(sql)?;
        Ok(())
    }

    /// Appends an entry, and seals what it says of a person.
    pub(super) fn append(
        &mut self,
        statements: &Statements<'_>,
        place: Place<'_>,
        entry: &Entry,
        body: Option<&str>,
        (buffers, randomness): (&mut Buffers, &mut dyn Randomness),
    ) -> Result<(), LogError> {
        let unreadable = |detail: String| LogError::Unreadable { what: format!("entry {}", place.number), detail };
        buffers.json.clear();
        serde_json::to_writer(&mut buffers.json, entry).map_err(|error| unreadable(error.to_string()))?;
        let mut salt = [0; 32];
        let seal = body.map(|body| {
            randomness.fill(&mut salt);
            chain::seal(&salt, body)
        });
        let (at, clock) = (place.at.as_microsecond(), place.clock.map(Timestamp::as_microsecond));
        let case = place.record.map(|record| (record.entity.as_str(), record.id));
        let link = Link {
            previous: &self.hash,
            number: place.number.0,
            at,
            clock,
            case,
            entry: &buffers.json,
            seal: seal.as_ref(),
        };
        let hash = link.hash(&mut buffers.bytes);
        let json = std::str::from_utf8(&buffers.json).map_err(|error| unreadable(error.to_string()))?;
        let insert = "INSERT INTO log (number, at, clock, entity, record, entry, seal, previous, hash) \
                      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
        let (entity, record) = case.unzip();
        statements.execute(insert, (place.number.0, at, clock, entity, record, json, seal, self.hash, hash))?;
        if let Some(body) = body {
            let insert = "INSERT INTO seal (number, salt, body) VALUES (?1, ?2, ?3)";
            statements.execute(insert, (place.number.0, salt, body))?;
        }
        (self.number, self.at, self.hash) = (place.number, place.at, hash);
        Ok(())
    }
}
