//! Whether anything new is known of a record since a workflow was last through with it: what ended for want of facts is not begun again
//! on the same ones.

use compiler::program::{EntityId, Program};
use jiff::Timestamp;

use super::LogError;
use super::case::instant;
use crate::crm::Crm;
use crate::crm::column::quote;
use crate::crm::select::table;
use crate::engine::RecordRef;

impl Crm {
    /// When a workflow last ended on a record; none where it never did.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn last_end(&self, workflow: &str, record: &RecordRef) -> Result<Option<Timestamp>, LogError> {
        let last = "SELECT max(ended) FROM run WHERE workflow = ?1 AND entity = ?2 AND record = ?3";
        let found = self.connection.prepare_cached(last).and_then(|mut statement| {
            statement.query_row((workflow, record.entity.as_str(), record.id), |row| row.get::<_, Option<i64>>(0))
        });
        Ok(found.map_err(|error| self.error(&error))?.and_then(instant))
    }

    /// Whether a field of the record, or of its company, was changed after an instant, or something happened to it or was said that no
    /// run of ours did.
    ///
    /// # Errors
    /// Where the entity has no table, or the database cannot be read.
    pub fn has_news(
        &self,
        program: &Program,
        entity: EntityId,
        record: &RecordRef,
        since: Timestamp,
    ) -> Result<bool, LogError> {
        let since = since.as_microsecond();
        let changed = format!("SELECT 1 FROM {} WHERE id = ?1 AND updated > ?2", quote(table(program, entity)?));
        if self.is_there(&changed, (record.id, since))? {
            return Ok(true);
        }
        if record.entity != "Contact" {
            return Ok(false);
        }
        let of_contact = "SELECT 1 FROM contact AS c JOIN company AS f ON f.id = c.company_id WHERE c.id = ?1 AND f.updated > ?2 \
            UNION ALL SELECT 1 FROM event WHERE contact_id = ?1 AND (at > ?2 AND ifnull(external_id, '') NOT LIKE 'run:%' \
              OR import_id IN (SELECT id FROM import WHERE started > ?2)) \
            UNION ALL SELECT 1 FROM activity WHERE contact_id = ?1 AND (at > ?2 AND ifnull(direction, '') <> 'outbound' \
              OR import_id IN (SELECT id FROM import WHERE started > ?2)) LIMIT 1";
        self.is_there(of_contact, (record.id, since))
    }
}
