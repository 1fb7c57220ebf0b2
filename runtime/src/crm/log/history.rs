//! What is asked of the log afterwards: its entries, the runs, the transitions.

use std::ops::ControlFlow;

use jiff::Timestamp;
use rusqlite::Row;
use smol_str::SmolStr;

use super::LogError;
use super::case::instant;
use super::outbox::text;
use crate::crm::Crm;
use crate::engine::{Entry, EntryId, RecordRef};

/// An entry as it stands in the log.
#[derive(Clone, Debug, PartialEq)]
pub struct Logged {
    /// Its number.
    pub number: EntryId,
    /// When it was decided.
    pub at: Timestamp,
    /// What the clock said, where it had been set back.
    pub clock: Option<Timestamp>,
    /// Whose case; none for what is about the whole playbook.
    pub record: Option<RecordRef>,
    /// What it says.
    pub entry: Entry,
    /// What it says of a person; none where that is nothing, or was erased.
    pub sealed: Option<String>,
}

/// A run, live or over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Running {
    /// The entry that started it.
    pub number: EntryId,
    /// Which workflow.
    pub workflow: SmolStr,
    /// For what.
    pub record: RecordRef,
    /// In whose case.
    pub case: RecordRef,
    /// Why.
    pub trigger: SmolStr,
    /// The stage it is or was in, and since when.
    pub stage: Option<(SmolStr, Timestamp)>,
    /// Paused, by whom.
    pub paused: Option<SmolStr>,
    /// When and how it ended.
    pub ended: Option<(Timestamp, SmolStr)>,
}

/// A run has moved from one stage to the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transition {
    /// The entry that says so.
    pub number: EntryId,
    /// Which run.
    pub run: EntryId,
    /// Of which workflow.
    pub workflow: SmolStr,
    /// From which stage, and when that was entered; none at the start.
    pub from: Option<(SmolStr, Timestamp)>,
    /// To which.
    pub to: SmolStr,
    /// Who ran the stage before.
    pub agent: SmolStr,
    /// When.
    pub at: Timestamp,
    /// How long it was in the stage before.
    pub seconds: i64,
    /// `2026-W48`, in the client's zone.
    pub week: SmolStr,
}

impl Crm {
    /// Shows the entries with numbers above one, of a case or of all, in order.
    ///
    /// # Errors
    /// Where the database cannot be read, or somebody wrote nonsense into it.
    pub fn entries(
        &self,
        of: Option<&RecordRef>,
        after: EntryId,
        mut show: impl FnMut(Logged) -> ControlFlow<()>,
    ) -> Result<(), LogError> {
        let sql = |error: rusqlite::Error| self.error(&error);
        let mut all = String::from(
            "SELECT l.number, l.at, l.clock, l.entity, l.record, l.entry, s.body FROM log AS l \
             LEFT JOIN seal AS s ON s.number = l.number WHERE l.number > ?1",
        );
        if of.is_some() {
            all.push_str(" AND l.entity = ?2 AND l.record = ?3");
        }
        all.push_str(" ORDER BY l.number");
        let mut statement = self.connection.prepare(&all).map_err(sql)?;
        let rows = match of {
            None => statement.query([after.0]),
            Some(record) => statement.query((after.0, record.entity.as_str(), record.id)),
        };
        let mut rows = rows.map_err(sql)?;
        while let Some(row) = rows.next().map_err(sql)? {
            let number = EntryId(row.get(0).map_err(sql)?);
            let entry: Result<Entry, _> =
                serde_json::from_slice(row.get_ref(5).and_then(|cell| Ok(cell.as_bytes()?)).map_err(sql)?);
            let entry = entry
                .map_err(|error| LogError::Unreadable { what: format!("entry {number}"), detail: error.to_string() })?;
            if show(logged(row, number, entry).map_err(sql)?).is_break() {
                break;
            }
        }
        Ok(())
    }

    /// Runs, the oldest first: of a case or of all, live ones or all.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn runs(&self, case: Option<&RecordRef>, live: bool) -> Result<Vec<Running>, LogError> {
        let sql = |error: rusqlite::Error| self.error(&error);
        let mut all = String::from(
            "SELECT number, workflow, entity, record, case_entity, case_record, \"trigger\", stage, entered, paused, ended, outcome \
             FROM run WHERE (ended IS NULL OR NOT ?1)",
        );
        if case.is_some() {
            all.push_str(" AND case_entity = ?2 AND case_record = ?3");
        }
        all.push_str(" ORDER BY number");
        let mut statement = self.connection.prepare_cached(&all).map_err(sql)?;
        let rows = match case {
            None => statement.query([live]),
            Some(record) => statement.query((live, record.entity.as_str(), record.id)),
        };
        let runs = rows.map_err(sql)?.mapped(running).collect::<Result<_, _>>();
        Ok(runs.map_err(sql)?)
    }

    /// Shows every transition from an instant on, in the order in which they were made.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn transitions(&self, since: Timestamp, mut show: impl FnMut(Transition)) -> Result<(), LogError> {
        let sql = |error: rusqlite::Error| self.error(&error);
        let all = "SELECT number, run, workflow, from_stage, entered, to_stage, agent, left, seconds, week FROM metric \
                   WHERE left >= ?1 ORDER BY number";
        let mut statement = self.connection.prepare_cached(all).map_err(sql)?;
        let rows = statement.query_map([since.as_microsecond()], transition).map_err(sql)?;
        for row in rows {
            show(row.map_err(sql)?);
        }
        Ok(())
    }
}

fn logged(row: &Row<'_>, number: EntryId, entry: Entry) -> rusqlite::Result<Logged> {
    let entity: Option<String> = row.get(3)?;
    Ok(Logged {
        number,
        at: instant(row.get(1)?).unwrap_or_default(),
        clock: row.get::<_, Option<i64>>(2)?.and_then(instant),
        record: entity.zip(row.get(4)?).map(|(entity, id)| RecordRef { entity: entity.into(), id }),
        entry,
        sealed: row.get(6)?,
    })
}

fn running(row: &Row<'_>) -> rusqlite::Result<Running> {
    let optional = |column: usize| Ok::<_, rusqlite::Error>(row.get::<_, Option<String>>(column)?.map(SmolStr::from));
    let at = |column: usize| Ok::<_, rusqlite::Error>(row.get::<_, Option<i64>>(column)?.and_then(instant));
    Ok(Running {
        number: EntryId(row.get(0)?),
        workflow: text(row, 1)?,
        record: RecordRef { entity: text(row, 2)?, id: row.get(3)? },
        case: RecordRef { entity: text(row, 4)?, id: row.get(5)? },
        trigger: text(row, 6)?,
        stage: optional(7)?.zip(at(8)?),
        paused: optional(9)?,
        ended: at(10)?.zip(optional(11)?),
    })
}

fn transition(row: &Row<'_>) -> rusqlite::Result<Transition> {
    let from = row.get::<_, Option<String>>(3)?.map(SmolStr::from);
    Ok(Transition {
        number: EntryId(row.get(0)?),
        run: EntryId(row.get(1)?),
        workflow: text(row, 2)?,
        from: from.zip(row.get::<_, Option<i64>>(4)?.and_then(instant)),
        to: text(row, 5)?,
        agent: text(row, 6)?,
        at: instant(row.get(7)?).unwrap_or_default(),
        seconds: row.get(8)?,
        week: text(row, 9)?,
    })
}
