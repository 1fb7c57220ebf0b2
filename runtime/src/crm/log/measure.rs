//! What metrics ask of the CRM beside the log: when something happened.

use jiff::Timestamp;

use super::LogError;
use super::case::instant;
use crate::crm::{ContactId, Crm};

impl Crm {
    /// Each time that something happened up to an instant: to whom and when, contact by contact, the oldest first.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn happened(&self, event: &str, until: Timestamp) -> Result<Vec<(ContactId, Timestamp)>, LogError> {
        let sql = |error: rusqlite::Error| self.error(&error);
        let all = "SELECT contact_id, at FROM event WHERE kind = (SELECT id FROM event_kind WHERE name = ?1) AND at <= ?2 \
                   ORDER BY contact_id, at, id";
        let mut statement = self.connection.prepare_cached(all).map_err(sql)?;
        let rows = statement.query_map((event, until.as_microsecond()), |row| {
            Ok((ContactId(row.get(0)?), instant(row.get(1)?).unwrap_or_default()))
        });
        Ok(rows.map_err(sql)?.collect::<Result<_, _>>().map_err(sql)?)
    }
}
