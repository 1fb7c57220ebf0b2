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
}
