//! Cases as they stand, and which of them want to be woken.

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Row};
use smol_str::SmolStr;

use super::LogError;
use super::statements::Statements;
use crate::crm::Crm;
use crate::engine::{Case, EntryId, RecordRef};

/// A case as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// All that is known of it.
    pub case: Case,
    /// How often it was written; 0 for a record that nothing ever ran on.
    pub revision: i64,
    /// When it wants to be woken, to the microsecond.
    pub wake: Option<Timestamp>,
}

/// A case that wants to be woken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Whose.
    pub record: RecordRef,
    /// Since when.
    pub since: Timestamp,
}

const STANDING: &str =
    "SELECT entity, record, revision, wake_at, body FROM case_file WHERE entity = ?1 AND record = ?2";

pub(super) const DUE: &str = "SELECT entity, record, wake_at FROM case_file WHERE wake_at <= ?1 \
    ORDER BY wake_at, entity, record LIMIT ?2";

impl Crm {
    /// The case of a record as it stands; an empty one where there is none yet.
    ///
    /// # Errors
    /// Where the database cannot be read, or somebody wrote nonsense into it.
    pub fn case(&self, record: &RecordRef) -> Result<Standing, LogError> {
        let mut statement = self.connection.prepare_cached(STANDING).map_err(|error| self.error(&error))?;
        let found = statement.query_row((record.entity.as_str(), record.id), standing).optional();
        found.map_err(|error| self.error(&error))?.unwrap_or_else(|| Ok(none_yet(record)))
    }

    /// Cases that want to be woken by now, the longest overdue first; at most so many.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn due(&self, now: Timestamp, limit: u32) -> Result<Vec<Due>, LogError> {
        let sql = |error: rusqlite::Error| self.error(&error);
        let mut statement = self.connection.prepare_cached(DUE).map_err(sql)?;
        let rows = statement.query_map((now.as_microsecond(), limit), due).map_err(sql)?;
        Ok(rows.collect::<Result<_, _>>().map_err(sql)?)
    }

    /// When the next case wants to be woken.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn next_wake(&self) -> Result<Option<Timestamp>, LogError> {
        let next = "SELECT min(wake_at) FROM case_file WHERE wake_at IS NOT NULL";
        let mut statement = self.connection.prepare_cached(next).map_err(|error| self.error(&error))?;
        let found: Option<i64> = statement.query_row([], |row| row.get(0)).map_err(|error| self.error(&error))?;
        Ok(found.and_then(instant))
    }

    /// Cases in which something waits until what is paused goes on, and those with a live run.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn under_way(&self) -> Result<Vec<RecordRef>, LogError> {
        let sql = |error: rusqlite::Error| self.error(&error);
        let all = "SELECT entity, record FROM case_file WHERE body -> '$.put_off' IS NOT NULL \
                   UNION SELECT case_entity, case_record FROM run WHERE ended IS NULL ORDER BY 1, 2";
        let mut statement = self.connection.prepare_cached(all).map_err(sql)?;
        let rows = statement
            .query_map([], |row| Ok(RecordRef { entity: SmolStr::new(row.get_ref(0)?.as_str()?), id: row.get(1)? }));
        Ok(rows.map_err(sql)?.collect::<Result<_, _>>().map_err(sql)?)
    }

    /// The number that the next entry will have, unless somebody else is quicker.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn next_entry(&self) -> Result<EntryId, LogError> {
        let head = "SELECT number FROM log_head";
        let mut statement = self.connection.prepare_cached(head).map_err(|error| self.error(&error))?;
        let last: i64 = statement.query_row([], |row| row.get(0)).map_err(|error| self.error(&error))?;
        Ok(EntryId(last + 1))
    }
}

/// As [`Crm::case`], within a group.
pub(super) fn read(statements: &Statements<'_>, record: &RecordRef) -> Result<Standing, LogError> {
    let found = statements.first(STANDING, (record.entity.as_str(), record.id), standing)?;
    found.unwrap_or_else(|| Ok(none_yet(record)))
}

/// Writes a case; false where it is not at the revision any more from which it was decided. The buffer is only there to be used again.
pub(super) fn write(statements: &Statements<'_>, standing: &Standing, buffer: &mut Vec<u8>) -> Result<bool, LogError> {
    let record = &standing.case.record;
    let unreadable = |detail: String| unreadable(&record.entity, record.id, detail);
    buffer.clear();
    serde_json::to_writer(&mut *buffer, &standing.case).map_err(|error| unreadable(error.to_string()))?;
    let body = std::str::from_utf8(buffer).map_err(|error| unreadable(error.to_string()))?;
    let write = if standing.revision == 0 {
        "INSERT INTO case_file (entity, record, revision, paused, wake_at, body) VALUES (?1, ?2, ?3 + 1, ?4, ?5, ?6) \
         ON CONFLICT DO NOTHING"
    } else {
        "UPDATE case_file SET revision = ?3 + 1, paused = ?4, wake_at = ?5, body = ?6 \
         WHERE entity = ?1 AND record = ?2 AND revision = ?3"
    };
    let wake = standing.wake.map(Timestamp::as_microsecond);
    let paused = standing.case.paused.is_some();
    let values = (record.entity.as_str(), record.id, standing.revision, paused, wake, body);
    Ok(statements.execute(write, values)? == 1)
}

/// Microseconds from 1970 on; none for what no calendar has.
pub(super) fn instant(microseconds: i64) -> Option<Timestamp> {
    Timestamp::from_microsecond(microseconds).ok()
}

/// The first whole microsecond that is not before it: nobody is woken too early.
pub(super) fn whole(at: Timestamp) -> Timestamp {
    let down = instant(at.as_microsecond()).unwrap_or(at);
    if down < at { instant(at.as_microsecond() + 1).unwrap_or(at) } else { down }
}

/// A case that nothing was decided about.
fn none_yet(record: &RecordRef) -> Standing {
    Standing { case: Case::new(record.clone()), revision: 0, wake: None }
}

fn standing(row: &Row<'_>) -> rusqlite::Result<Result<Standing, LogError>> {
    let (revision, wake): (i64, Option<i64>) = (row.get(2)?, row.get(3)?);
    Ok(match serde_json::from_slice(row.get_ref(4)?.as_bytes()?) {
        Ok(case) => Ok(Standing { case, revision, wake: wake.and_then(instant) }),
        Err(error) => Err(unreadable(row.get_ref(0)?.as_str()?, row.get(1)?, error.to_string())),
    })
}

fn unreadable(entity: &str, record: i64, detail: String) -> LogError {
    LogError::Unreadable { what: format!("the case of {entity} {record}"), detail }
}

fn due(row: &Row<'_>) -> rusqlite::Result<Due> {
    let record = RecordRef { entity: SmolStr::new(row.get_ref(0)?.as_str()?), id: row.get(1)? };
    let wake = row.get(2)?;
    Ok(Due { record, since: instant(wake).ok_or(rusqlite::Error::IntegralValueOutOfRange(2, wake))? })
}
