//! Forgetting a person: what was said of them goes, in the transaction of the entry that says so; the chain of hashes stays whole,
//! and so does what nobody may write to.

use rusqlite::types::Value;
use smol_str::SmolStr;

use super::suppression::{ERASED, EVERY_CHANNEL, Suppressed, number_key};
use super::{Committed, Decision, LogError, Means, Randomness, Standing, Turn};
use crate::crm::Crm;
use crate::crm::column::quote;
use crate::engine::RecordRef;

/// The columns that say nothing of a person: figures, dates, and what the row belongs to. All others are emptied, the client's own too.
const KEPT: [(&str, &str, &[&str]); 5] = [
    ("contact", "id = ?1", &["id", "import_id", "external_system", "created", "updated"]),
    (
        "activity",
        "contact_id = ?1 OR deal_id IN (SELECT id FROM deal WHERE contact_id = ?1)",
        &[
            "id",
            "import_id",
            "external_system",
            "kind",
            "direction",
            "at",
            "contact_id",
            "company_id",
            "deal_id",
            "owner_id",
            "created",
            "updated",
        ],
    ),
    (
        "task",
        "contact_id = ?1 OR deal_id IN (SELECT id FROM deal WHERE contact_id = ?1)",
        &[
            "id",
            "import_id",
            "external_system",
            "status",
            "priority",
            "due",
            "assigned_to_id",
            "contact_id",
            "company_id",
            "deal_id",
            "created",
            "updated",
        ],
    ),
    (
        "deal",
        "contact_id = ?1",
        &[
            "id",
            "import_id",
            "external_system",
            "pipeline",
            "stage",
            "status",
            "value",
            "probability",
            "close_date",
            "won_date",
            "lost_date",
            "contact_id",
            "company_id",
            "owner_id",
            "created",
            "updated",
        ],
    ),
    ("event", "contact_id = ?1", &["contact_id", "at", "id", "kind", "import_id", "external_system"]),
];

/// What became of an erasure.
#[derive(Clone, Debug, PartialEq)]
pub struct Erased {
    /// The entries that say so.
    pub committed: Committed,
    /// No trace is left in the file either. Otherwise another process was reading: [`Crm::scrub`] when it is done.
    pub is_scrubbed: bool,
}

impl Crm {
    /// Forgets the person of a case. `work` gives the entries, [`crate::engine::Entry::Erased`] among them: with that one, whoever
    /// writes it, everything goes that is personal.
    ///
    /// # Errors
    /// The work's own, and where it cannot be kept; then nothing was forgotten.
    pub fn erase<E: From<LogError>>(
        &mut self,
        record: &RecordRef,
        means: &mut Means<'_>,
        work: impl FnOnce(&Self, &Standing, Turn) -> Result<Decision, E>,
    ) -> Result<Erased, E> {
        let committed = self.decide(record, means, work)?;
        let is_scrubbed = self.scrub()?;
        Ok(Erased { committed, is_scrubbed })
    }

    /// Writes the file anew, so that nothing is left of what was deleted from it. False where another process was reading, and what
    /// is left can still be found in the file's write-ahead log.
    ///
    /// # Errors
    /// Where another process is writing, or the disk has no room for a second file.
    pub fn scrub(&mut self) -> Result<bool, LogError> {
        let sql = |error: rusqlite::Error| self.error(&error);
        self.connection.execute_batch("VACUUM").map_err(sql)?;
        let busy: bool =
            self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0)).map_err(sql)?;
        Ok(!busy)
    }

    /// Forgets what the CRM holds of the person of a case.
    pub(super) fn forget(
        &self,
        record: &RecordRef,
        since: jiff::Timestamp,
        randomness: &mut dyn Randomness,
    ) -> Result<(), LogError> {
        let run = |statement: &str, values: &[Value]| {
            let done = self.connection.prepare(statement);
            let done = done.and_then(|mut statement| statement.execute(rusqlite::params_from_iter(values)));
            done.map(drop).map_err(|error| self.error(&error))
        };
        let case = [Value::Text(record.entity.to_string()), Value::Integer(record.id)];
        run("DELETE FROM seal WHERE number IN (SELECT number FROM log WHERE entity = ?1 AND record = ?2)", &case)?;
        // A port's words may quote an address.
        run(
            "UPDATE outbox SET last_error = 'erased' WHERE entity = ?1 AND record = ?2 AND last_error IS NOT NULL",
            &case,
        )?;
        run("DELETE FROM lease WHERE entity = ?1 AND record = ?2", &case)?;
        if record.entity != "Contact" {
            return Ok(());
        }
        let contact = [Value::Integer(record.id)];
        let because = Suppressed { reason: ERASED.into(), at: since };
        for address in self.addresses(record.id)? {
            self.keep_suppressed(&address, EVERY_CHANNEL, &because, randomness)?;
        }
        // What imports kept of rows as they were, before the rows lose whose they are.
        for (table, whose, _) in KEPT {
            let forget = format!(
                "DELETE FROM import_change WHERE entity = '{table}' AND record IN (SELECT id FROM {} WHERE {whose})",
                quote(table)
            );
            run(&forget, &contact)?;
        }
        for (table, whose, kept) in KEPT {
            let columns = super::super::extend::columns(&self.connection, table).map_err(|error| self.error(&error))?;
            let emptied: Vec<String> = columns
                .iter()
                .filter(|column| !kept.contains(&column.as_str()))
                .map(|column| format!("{} = NULL", quote(column)))
                .collect();
            run(&format!("UPDATE {} SET {} WHERE {whose}", quote(table), emptied.join(", ")), &contact)?;
        }
        run("UPDATE consent SET proof = NULL WHERE contact_id = ?1", &contact)?;
        Ok(())
    }

    fn addresses(&self, contact: i64) -> Result<Vec<SmolStr>, LogError> {
        let sql = |error: rusqlite::Error| self.error(&error);
        let all = "SELECT email FROM contact WHERE id = ?1 UNION SELECT phone FROM contact WHERE id = ?1 \
                   UNION SELECT mobile FROM contact WHERE id = ?1";
        let mut statement = self.connection.prepare(all).map_err(sql)?;
        let rows = statement.query_map([contact], |row| row.get::<_, Option<String>>(0)).map_err(sql)?;
        let found: Vec<Option<String>> = rows.collect::<Result<_, _>>().map_err(sql)?;
        let mut all: Vec<SmolStr> = found.into_iter().flatten().map(SmolStr::from).collect();
        // What other systems call them: a file that has only that brings them back otherwise.
        let number = "SELECT external_system, external_id FROM contact WHERE id = ?1 AND external_id IS NOT NULL";
        let mut statement = self.connection.prepare(number).map_err(sql)?;
        let numbers = statement.query_map([contact], |row| {
            let (system, number): (Option<String>, String) = (row.get(0)?, row.get(1)?);
            Ok(SmolStr::from(number_key(system.as_deref().unwrap_or_default(), &number)))
        });
        all.extend(numbers.map_err(sql)?.collect::<Result<Vec<_>, _>>().map_err(sql)?);
        Ok(all)
    }
}
