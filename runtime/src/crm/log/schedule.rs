//! Schedules: which slot of a workflow's start comes next.

use jiff::Timestamp;
use rusqlite::OptionalExtension as _;

use super::LogError;
use super::case::instant;
use crate::crm::Crm;

impl Crm {
    /// The next slot of a start; none where nobody has reckoned it yet.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn slot(&self, workflow: &str, start: u32) -> Result<Option<Timestamp>, LogError> {
        let read = "SELECT slot FROM schedule WHERE workflow = ?1 AND start = ?2";
        let found = self
            .connection
            .prepare_cached(read)
            .and_then(|mut statement| statement.query_row((workflow, start), |row| row.get(0)).optional());
        Ok(found.map_err(|error| self.error(&error))?.and_then(instant))
    }

    /// Moves a start from one slot to the next; false where somebody else has moved it already.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn advance(
        &mut self,
        workflow: &str,
        start: u32,
        from: Option<Timestamp>,
        to: Timestamp,
    ) -> Result<bool, LogError> {
        let to = to.as_microsecond();
        let moved = match from.map(Timestamp::as_microsecond) {
            None => {
                let first = "INSERT INTO schedule (workflow, start, slot) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
                self.connection.prepare_cached(first).and_then(|mut statement| statement.execute((workflow, start, to)))
            }
            Some(from) => {
                let next = "UPDATE schedule SET slot = ?4 WHERE workflow = ?1 AND start = ?2 AND slot = ?3";
                let statement = self.connection.prepare_cached(next);
                statement.and_then(|mut statement| statement.execute((workflow, start, from, to)))
            }
        };
        Ok(moved.map_err(|error| self.error(&error))? == 1)
    }
}
