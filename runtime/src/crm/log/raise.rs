//! Events that a decision raises, and cursors: up to where something has been looked at.

use jiff::Timestamp;
use rusqlite::OptionalExtension as _;
use smol_str::SmolStr;

use super::LogError;
use crate::crm::{Crm, RecordId};

/// An event that a decision raises in the CRM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raised {
    /// Whose: a contact.
    pub contact: RecordId,
    /// `email.sent`
    pub event: SmolStr,
    /// When.
    pub at: Timestamp,
    /// Its facts as [`crate::crm::facts_json::write`] gives them.
    pub facts: Option<String>,
    /// By what it is known again.
    pub external_id: Option<String>,
}

impl Crm {
    /// How far a cursor has come; 0 where it has not begun.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn cursor(&self, name: &str) -> Result<i64, LogError> {
        let sql = |error: rusqlite::Error| self.error(&error);
        let mut statement = self.connection.prepare_cached("SELECT seen FROM cursor WHERE name = ?1").map_err(sql)?;
        Ok(statement.query_row([name], |row| row.get(0)).optional().map_err(sql)?.unwrap_or(0))
    }

    /// How many decisions of a score are known: what `trust after` counts, as of the last look.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn decisions(&self, score: &str) -> Result<u64, LogError> {
        Ok(u64::try_from(self.cursor(&decisions_of(score))?).unwrap_or(0))
    }

    /// A cursor has come so far; it never goes back.
    pub(super) fn put_cursor(&self, name: &str, seen: i64) -> Result<(), LogError> {
        let put = "INSERT INTO cursor (name, seen) VALUES (?1, ?2) \
                   ON CONFLICT DO UPDATE SET seen = max(seen, excluded.seen)";
        let sql = |error: rusqlite::Error| self.error(&error);
        self.connection.prepare_cached(put).map_err(sql)?.execute((name, seen)).map_err(sql)?;
        Ok(())
    }

    /// Writes an event; gives its row.
    pub(super) fn raise(&self, raised: &Raised) -> Result<i64, LogError> {
        let sql = |error: rusqlite::Error| self.error(&error);
        let kind = "SELECT id FROM event_kind WHERE name = ?1";
        let found = self.connection.prepare_cached(kind).map_err(sql)?;
        let found: Option<i64> =
            { found }.query_row([raised.event.as_str()], |row| row.get(0)).optional().map_err(sql)?;
        let kind = match found {
            Some(kind) => kind,
            None => {
                let insert = "INSERT INTO event_kind (name) VALUES (?1)";
                self.connection.prepare_cached(insert).map_err(sql)?.insert([raised.event.as_str()]).map_err(sql)?
            }
        };
        let next = "UPDATE next_event SET id = id + 1 RETURNING id - 1";
        let id: i64 =
            self.connection.prepare_cached(next).map_err(sql)?.query_row([], |row| row.get(0)).map_err(sql)?;
        let insert = "INSERT INTO event (contact_id, at, id, kind, facts, external_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let values = (
            raised.contact.0,
            raised.at.as_microsecond(),
            id,
            kind,
            raised.facts.as_deref(),
            raised.external_id.as_deref(),
        );
        self.connection.prepare_cached(insert).map_err(sql)?.execute(values).map_err(sql)?;
        Ok(id)
    }
}

/// The cursor that says how many decisions of a score are known.
pub(crate) fn decisions_of(score: &str) -> SmolStr {
    smol_str::format_smolstr!("decisions:{score}")
}
