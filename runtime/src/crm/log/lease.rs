//! Leases: which agent works on a record, until when. One ends when its time passes, whatever became of its holder.

use jiff::Timestamp;
use rusqlite::OptionalExtension as _;
use smol_str::SmolStr;

use super::LogError;
use super::case::instant;
use super::outbox::text;
use crate::crm::Crm;
use crate::engine::RecordRef;

/// A lease on a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The agent at work.
    pub agent: SmolStr,
    /// The process that runs it.
    pub holder: SmolStr,
    /// Over then.
    pub until: Timestamp,
}

impl Crm {
    /// Takes or prolongs the lease on a record; gives the one that stands then, which is another's while that lasts.
    ///
    /// # Errors
    /// Where the database cannot be read or written.
    pub fn lease(&mut self, record: &RecordRef, wanted: &Lease, now: Timestamp) -> Result<Lease, LogError> {
        let take = "INSERT INTO lease (entity, record, agent, holder, until) VALUES (?1, ?2, ?3, ?4, ?5) \
                    ON CONFLICT DO UPDATE SET agent = excluded.agent, holder = excluded.holder, until = excluded.until \
                    WHERE lease.until <= ?6 OR (lease.agent = excluded.agent AND lease.holder = excluded.holder)";
        let values = (
            record.entity.as_str(),
            record.id,
            wanted.agent.as_str(),
            wanted.holder.as_str(),
            wanted.until.as_microsecond(),
            now.as_microsecond(),
        );
        let group = self.group()?;
        let crm = group.crm();
        let taken = crm.connection.prepare_cached(take).and_then(|mut statement| statement.execute(values));
        taken.map_err(|error| crm.error(&error))?;
        let standing = crm.leased(record)?;
        group.finish()?;
        Ok(standing.unwrap_or_else(|| wanted.clone()))
    }

    /// Who has a record, at any time.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn leased(&self, record: &RecordRef) -> Result<Option<Lease>, LogError> {
        let read = "SELECT agent, holder, until FROM lease WHERE entity = ?1 AND record = ?2";
        let found = self.connection.prepare_cached(read).and_then(|mut statement| {
            let row = statement.query_row((record.entity.as_str(), record.id), |row| {
                let until = instant(row.get(2)?).unwrap_or_default();
                Ok(Lease { agent: text(row, 0)?, holder: text(row, 1)?, until })
            });
            row.optional()
        });
        Ok(found.map_err(|error| self.error(&error))?)
    }

    /// Gives a lease back; nothing happens where another has it.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn release(&mut self, record: &RecordRef, lease: &Lease) -> Result<(), LogError> {
        let free = "DELETE FROM lease WHERE entity = ?1 AND record = ?2 AND agent = ?3 AND holder = ?4";
        let values = (record.entity.as_str(), record.id, lease.agent.as_str(), lease.holder.as_str());
        let freed = self.connection.prepare_cached(free).and_then(|mut statement| statement.execute(values));
        Ok(freed.map(drop).map_err(|error| self.error(&error))?)
    }
}
