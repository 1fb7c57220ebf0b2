//! Runs of workflows, what is paused, and where they stand.

use jiff::Timestamp;
use runtime::crm::log::Running;
use runtime::engine::EntryId;
use runtime::people;
use serde::Serialize;
use utoipa::ToSchema;

use crate::pool::Reader;
use crate::problem::Problem;

/// A run of a workflow.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Run {
    /// Its number.
    pub(crate) number: i64,
    /// Of which workflow.
    pub(crate) workflow: String,
    /// For what: `Contact` or `Deal`.
    pub(crate) entity: String,
    /// Its number.
    pub(crate) record: i64,
    /// As people call it.
    pub(crate) about: String,
    /// The stage it is or was in.
    pub(crate) stage: Option<String>,
    /// Since when.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) since: Option<Timestamp>,
    /// By whom it is paused, where it is by itself.
    pub(crate) paused: Option<String>,
    /// How it ended.
    pub(crate) outcome: Option<String>,
    /// When it ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) ended: Option<Timestamp>,
}

/// A page of runs.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Runs {
    /// In the order of their numbers.
    runs: Vec<Run>,
    /// What to send as `after` for the next page; none on the last one.
    next: Option<i64>,
}

/// Something that is paused as a whole.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Paused {
    /// `agent LeadGen`, `workflow LeadGeneration`, `everything`.
    pub(crate) what: String,
    /// By whom.
    pub(crate) by: String,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub(crate) since: Timestamp,
    /// Why.
    pub(crate) why: Option<String>,
}

/// A page of runs: live ones, or all.
///
/// # Errors
/// Where the CRM cannot be read.
pub(crate) fn page(reader: &Reader, live: bool, after: i64, limit: usize) -> Result<Runs, Problem> {
    let all = reader.crm.runs(None, live)?;
    let mut rest = all.into_iter().filter(|run| run.number.0 > after);
    let shown: Vec<Running> = rest.by_ref().take(limit).collect();
    let next = rest.next().and_then(|_| shown.last().map(|last| last.number.0));
    let runs = shown.into_iter().map(|running| run(reader, running)).collect::<Result<_, _>>()?;
    Ok(Runs { runs, next })
}

/// One run.
///
/// # Errors
/// Where there is none of that number.
pub(crate) fn one(reader: &Reader, number: i64) -> Result<Run, Problem> {
    let missing = || Problem::not_found(format!("there is no run {number}"));
    let case = reader.crm.record_of(EntryId(number))?.ok_or_else(missing)?;
    let found = reader.crm.runs(Some(&case), false)?.into_iter().find(|run| run.number.0 == number);
    run(reader, found.ok_or_else(missing)?)
}

/// A run as it is shown.
pub(crate) fn run(reader: &Reader, running: Running) -> Result<Run, Problem> {
    let about = people::of(&reader.crm, &reader.program, &running.case)?.title();
    let (stage, since) = running.stage.map(|(stage, since)| (stage.to_string(), since)).unzip();
    let (ended, outcome) = running.ended.map(|(ended, outcome)| (ended, outcome.to_string())).unzip();
    Ok(Run {
        number: running.number.0,
        workflow: running.workflow.to_string(),
        entity: running.record.entity.to_string(),
        record: running.record.id,
        about,
        stage,
        since,
        paused: running.paused.map(|by| by.to_string()),
        outcome,
        ended,
    })
}

/// What is paused as a whole.
///
/// # Errors
/// Where the CRM cannot be read.
pub(crate) fn paused(reader: &Reader) -> Result<Vec<Paused>, Problem> {
    let paused = reader.crm.paused()?.into_iter();
    Ok(paused.map(|switch| Paused { what: switch.what, by: switch.by, since: switch.at, why: switch.why }).collect())
}
