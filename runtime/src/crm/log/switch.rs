//! What a person or a kill signal has paused: an agent, a workflow, everything.

use jiff::Timestamp;
use smol_str::SmolStr;

use super::LogError;
use super::case::instant;
use super::derive::Row;
use crate::crm::Crm;
use crate::engine::{EntryId, RecordRef};

/// Something that is paused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paused {
    /// `agent LeadGen`, `workflow LeadGeneration`, `everything`.
    pub what: String,
    /// The entry that says so.
    pub entry: EntryId,
    /// Since when.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
    /// Why.
    pub why: Option<String>,
}

pub(super) fn turn(row: Row<'_>, what: &str, paused: bool, by: &str, why: Option<&str>) -> Result<(), LogError> {
    if !paused {
        return row.write("DELETE FROM switch WHERE what = ?1", [what]).map(drop);
    }
    let insert = "INSERT INTO switch (what, entry, at, who, why) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE \
                  SET entry = excluded.entry, at = excluded.at, who = excluded.who, why = excluded.why";
    row.write(insert, (what, row.number(), row.at(), by, why)).map(drop)
}

impl Crm {
    /// Cases that are paused as a whole, and those with a live run that is.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn paused_cases(&self) -> Result<Vec<RecordRef>, LogError> {
        let sql = |error: rusqlite::Error| self.error(&error);
        let all = "SELECT entity, record FROM case_file WHERE paused \
                   UNION SELECT case_entity, case_record FROM run WHERE ended IS NULL AND paused IS NOT NULL ORDER BY 1, 2";
        let mut statement = self.connection.prepare_cached(all).map_err(sql)?;
        let rows = statement
            .query_map([], |row| Ok(RecordRef { entity: SmolStr::new(row.get_ref(0)?.as_str()?), id: row.get(1)? }));
        Ok(rows.map_err(sql)?.collect::<Result<_, _>>().map_err(sql)?)
    }

    /// All that is paused, by name.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn paused(&self) -> Result<Vec<Paused>, LogError> {
        let sql = |error: rusqlite::Error| self.error(&error);
        let all = "SELECT what, entry, at, who, why FROM switch ORDER BY what";
        let mut statement = self.connection.prepare_cached(all).map_err(sql)?;
        let rows = statement.query_map([], |row| {
            let at = instant(row.get(2)?).unwrap_or_default();
            Ok(Paused { what: row.get(0)?, entry: EntryId(row.get(1)?), at, by: row.get(3)?, why: row.get(4)? })
        });
        Ok(rows.map_err(sql)?.collect::<Result<_, _>>().map_err(sql)?)
    }
}
