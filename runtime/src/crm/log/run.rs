//! Runs as they are asked for, each unique for ever by what started it; and a row for each transition.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rusqlite::ErrorCode;

use super::LogError;
use super::derive::Row;
use super::statements::Statements;
use crate::crm::Crm;
use crate::engine::{EntryId, RecordRef, Run};

pub(super) fn start(
    row: Row<'_>,
    workflow: &str,
    record: &RecordRef,
    trigger: &str,
    version: &str,
) -> Result<(), LogError> {
    let insert = "INSERT INTO run (number, workflow, entity, record, case_entity, case_record, \"trigger\", version) \
                  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    let case = row.record()?;
    let sql = |error: rusqlite::Error| row.crm.error(&error);
    let values =
        (row.number(), workflow, record.entity.as_str(), record.id, case.entity.as_str(), case.id, trigger, version);
    let mut statement = row.crm.connection.prepare_cached(insert).map_err(sql)?;
    let Err(error) = statement.execute(values) else { return Ok(()) };
    if error.sqlite_error_code() != Some(ErrorCode::ConstraintViolation) {
        return Err(sql(error).into());
    }
    let (workflow, record) = (workflow.to_owned(), record.clone());
    if row.crm.has_started(&workflow, trigger, &record)? {
        return Err(LogError::AlreadyStarted { workflow, trigger: trigger.to_owned(), record });
    }
    if row.crm.is_running(&workflow, &record)? {
        return Err(LogError::AlreadyRunning { workflow, record });
    }
    Err(sql(error).into())
}

/// A run comes from one stage to the next. Where it comes from is what its row says, and what its case says, where that is at hand:
/// replaying notices where the two differ.
pub(super) fn enter(
    row: Row<'_>,
    statements: &Statements<'_>,
    (run, left): (EntryId, Option<&Run>),
    (stage, by): (&str, &str),
    zone: &TimeZone,
) -> Result<(), LogError> {
    let week = week(row.place.at, zone);
    let written = match left.filter(|left| !left.stage.is_empty()) {
        Some(left) => {
            let transition = "INSERT INTO metric (number, run, workflow, from_stage, to_stage, agent, entered, left, seconds, week) \
                              VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, (?8 - ?7) / 1000000, ?9)";
            let entered = left.entered.as_microsecond();
            let (workflow, from) = (left.workflow.as_str(), left.stage.as_str());
            let values = (row.number(), run.0, workflow, from, stage, by, entered, row.at(), week);
            statements.execute(transition, values)?
        }
        None => {
            // The row still says where the run was before.
            let transition = "INSERT INTO metric (number, run, workflow, from_stage, to_stage, agent, entered, left, seconds, week) \
                              SELECT ?1, number, workflow, stage, ?3, ?4, entered, ?5, ifnull((?5 - entered) / 1000000, 0), ?6 \
                              FROM run WHERE number = ?2 AND ended IS NULL AND case_entity = ?7 AND case_record = ?8";
            let case = row.record()?;
            let values = (row.number(), run.0, stage, by, row.at(), week, case.entity.as_str(), case.id);
            statements.execute(transition, values)?
        }
    };
    let update = "UPDATE run SET stage = ?2, entered = ?3 WHERE number = ?1 AND ended IS NULL";
    if written == 0 || statements.execute(update, (run.0, stage, row.at()))? == 0 {
        return Err(row.missing("run", run));
    }
    Ok(())
}

pub(super) fn end(row: Row<'_>, run: EntryId, outcome: &str) -> Result<(), LogError> {
    let update = "UPDATE run SET ended = ?2, outcome = ?3 WHERE number = ?1 AND ended IS NULL";
    row.change("run", run, update, (run.0, row.at(), outcome))
}

/// Another workflow's from now on, under another version of the playbook.
pub(super) fn moved(row: Row<'_>, run: EntryId, workflow: &str, version: &str) -> Result<(), LogError> {
    let update = "UPDATE run SET workflow = ?2, version = ?3 \
                  WHERE number = ?1 AND ended IS NULL AND case_entity = ?4 AND case_record = ?5";
    let case = row.record()?;
    row.change("run", run, update, (run.0, workflow, version, case.entity.as_str(), case.id))
}

/// Pauses or resumes a run. That all of a record is paused is said of its case, so that what was paused by itself stays so.
pub(super) fn pause(row: Row<'_>, run: EntryId, by: Option<&str>) -> Result<(), LogError> {
    let update = "UPDATE run SET paused = ?2 WHERE number = ?1 AND ended IS NULL";
    row.change("run", run, update, (run.0, by))
}

/// `2026-W48`: the week of the ISO calendar, in the client's zone.
pub(crate) fn week(at: Timestamp, zone: &TimeZone) -> String {
    let week = at.to_zoned(zone.clone()).date().iso_week_date();
    format!("{:04}-W{:02}", week.year(), week.week())
}

impl Crm {
    /// Whether that trigger has ever started that workflow for that record.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn has_started(&self, workflow: &str, trigger: &str, record: &RecordRef) -> Result<bool, LogError> {
        let there = "SELECT 1 FROM run WHERE workflow = ?1 AND \"trigger\" = ?2 AND entity = ?3 AND record = ?4";
        self.is_there(there, (workflow, trigger, record.entity.as_str(), record.id))
    }

    /// Whether a workflow is at work on a record.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn is_running(&self, workflow: &str, record: &RecordRef) -> Result<bool, LogError> {
        let there = "SELECT 1 FROM run WHERE workflow = ?1 AND entity = ?2 AND record = ?3 AND ended IS NULL";
        self.is_there(there, (workflow, record.entity.as_str(), record.id))
    }

    pub(super) fn is_there(&self, sql: &str, values: impl rusqlite::Params) -> Result<bool, LogError> {
        let found = self.connection.prepare_cached(sql).and_then(|mut statement| statement.exists(values));
        Ok(found.map_err(|error| self.error(&error))?)
    }
}
