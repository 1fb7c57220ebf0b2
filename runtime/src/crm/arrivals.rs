//! What is new since somebody last looked: records and events behind a cursor, in the order in which they came.

use compiler::program::{EntityId, Program};
use jiff::Timestamp;
use rusqlite::OptionalExtension as _;
use smol_str::SmolStr;

use super::column::quote;
use super::select::table;
use super::{ContactId, Crm, CrmError, RecordId};

/// An event that came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// Its row.
    pub event: i64,
    /// Whose.
    pub contact: ContactId,
    /// `reply.received`
    pub name: SmolStr,
    /// When it happened.
    pub at: Timestamp,
    /// What it is known by where the engine raised it: the number of the entry.
    pub external_id: Option<String>,
}

impl Crm {
    /// Records of an entity with a larger number than that one.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn records_after(
        &self,
        program: &Program,
        entity: EntityId,
        after: i64,
        limit: u32,
    ) -> Result<Vec<RecordId>, CrmError> {
        let sql = |error: rusqlite::Error| self.error(&error);
        let table = quote(table(program, entity)?);
        let all = format!("SELECT id FROM {table} WHERE id > ?1 ORDER BY id LIMIT ?2");
        let mut statement = self.connection.prepare_cached(&all).map_err(sql)?;
        let rows = statement.query_map((after, limit), |row| Ok(RecordId(row.get(0)?))).map_err(sql)?;
        rows.collect::<Result<_, _>>().map_err(sql)
    }

    /// Events with a larger number than that one, in the order of their numbers.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn events_after(&self, after: i64, limit: u32) -> Result<Vec<Arrival>, CrmError> {
        let sql = |error: rusqlite::Error| self.error(&error);
        let all = "SELECT e.id, e.contact_id, k.name, e.at, e.external_id FROM event AS e \
                   JOIN event_kind AS k ON k.id = e.kind WHERE e.id > ?1 ORDER BY e.id LIMIT ?2";
        let mut statement = self.connection.prepare_cached(all).map_err(sql)?;
        let rows = statement.query_map((after, limit), |row| {
            Ok(Arrival {
                event: row.get(0)?,
                contact: ContactId(row.get(1)?),
                name: SmolStr::new(row.get_ref(2)?.as_str()?),
                at: Timestamp::from_microsecond(row.get(3)?).unwrap_or_default(),
                external_id: row.get(4)?,
            })
        });
        rows.map_err(sql)?.collect::<Result<_, _>>().map_err(sql)
    }

    /// The largest number that an event has; 0 where there is none.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn newest_event(&self) -> Result<i64, CrmError> {
        let newest = "SELECT id - 1 FROM next_event";
        let found = self.connection.query_row(newest, [], |row| row.get(0)).optional();
        Ok(found.map_err(|error| self.error(&error))?.unwrap_or(0))
    }

    /// One event's facts as they are kept, with its name and time.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn event(&self, event: i64) -> Result<Option<(Arrival, Option<String>)>, CrmError> {
        let one = "SELECT e.id, e.contact_id, k.name, e.at, e.external_id, e.facts FROM event AS e \
                   JOIN event_kind AS k ON k.id = e.kind WHERE e.id = ?1";
        let sql = |error: rusqlite::Error| self.error(&error);
        let mut statement = self.connection.prepare_cached(one).map_err(sql)?;
        let found = statement.query_row([event], |row| {
            let arrival = Arrival {
                event: row.get(0)?,
                contact: ContactId(row.get(1)?),
                name: SmolStr::new(row.get_ref(2)?.as_str()?),
                at: Timestamp::from_microsecond(row.get(3)?).unwrap_or_default(),
                external_id: row.get(4)?,
            };
            Ok((arrival, row.get(5)?))
        });
        found.optional().map_err(sql)
    }
}
