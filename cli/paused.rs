//! What is paused, by whom and since when: an agent, a workflow, everything, a contact, a run. What is told of it is read off the log.

use std::ops::ControlFlow;

use compiler::program::{Actor, Program};
use jiff::Timestamp;
use runtime::crm::Crm;
use runtime::engine::{Entry, EntryId, Override, RecordRef};
use serde::Serialize;

use crate::people;
use crate::terminal::Paint;
use crate::words;

/// Something that is paused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Paused {
    /// `agent LeadGen`, `everything`, `contact ana@orchard.example`, `run 42`.
    pub(crate) what: String,
    /// Whose run it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) about: Option<String>,
    /// By whom.
    pub(crate) by: String,
    /// Since when.
    pub(crate) since: Timestamp,
    /// Why.
    pub(crate) why: Option<String>,
}

impl Paused {
    /// As a line of a page.
    pub(crate) fn line(&self, timezone: &str, paint: Paint) -> String {
        format!("{} {}\n", paint.yellow("paused"), self.words(timezone))
    }

    /// `run 42 of Ana by owner since 20 Nov 2026, 10:00 (Pacific/Auckland): she called`
    pub(crate) fn words(&self, timezone: &str) -> String {
        let about = self.about.as_ref().map(|about| format!(" of {about}")).unwrap_or_default();
        let why = self.why.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
        let since = words::as_of(self.since, timezone);
        format!("{}{about} by {} since {since}{why}", self.what, self.by)
    }
}

/// All that is paused.
///
/// # Errors
/// Where the CRM cannot be read.
pub(crate) fn all(crm: &Crm, program: &Program) -> anyhow::Result<Vec<Paused>> {
    let mut all: Vec<Paused> = switches(crm, |_| true)?;
    for record in crm.paused_cases()? {
        all.extend(of(crm, program, &record, None)?);
    }
    Ok(all)
}

/// What keeps a run, or all that is done for a record, from going on: itself, its contact, its workflow, the agents that do its work,
/// everything.
///
/// # Errors
/// Where the CRM cannot be read.
pub(crate) fn holding(
    crm: &Crm,
    program: &Program,
    record: &RecordRef,
    run: Option<i64>,
) -> anyhow::Result<Vec<Paused>> {
    let workflows: Vec<String> = crm
        .runs(Some(record), true)?
        .into_iter()
        .filter(|live| run.is_none_or(|run| run == live.number.0))
        .map(|live| live.workflow.to_string())
        .collect();
    let agent = |name: &str| match program.workflows.iter().find(|workflow| workflow.name == name)?.by {
        Actor::Agent(agent) => program.agents.get(agent.index()).map(|agent| agent.name.to_string()),
        Actor::Human(_) => None,
    };
    let agents: Vec<String> = workflows.iter().filter_map(|name| agent(name)).collect();
    let holds = |what: &str| match what.split_once(' ') {
        Some(("workflow", name)) => workflows.iter().any(|workflow| workflow == name),
        Some(("agent", name)) => agents.iter().any(|agent| agent == name),
        _ => true,
    };
    let mut all = switches(crm, holds)?;
    all.extend(of(crm, program, record, run)?);
    Ok(all)
}

fn switches(crm: &Crm, wanted: impl Fn(&str) -> bool) -> anyhow::Result<Vec<Paused>> {
    let switched = crm.paused()?.into_iter().filter(|switch| wanted(&switch.what));
    Ok(switched
        .map(|switch| Paused { what: switch.what, about: None, by: switch.by, since: switch.at, why: switch.why })
        .collect())
}

/// A record that is paused as a whole, and its paused runs, or only that one.
fn of(crm: &Crm, program: &Program, record: &RecordRef, only: Option<i64>) -> anyhow::Result<Vec<Paused>> {
    let case = crm.case(record)?.case;
    let runs = case.runs.iter().filter(|run| only.is_none_or(|only| only == run.id.0));
    let runs = runs.filter_map(|run| Some((Some(run.id), run.paused.clone()?)));
    let whole = case.paused.clone().map(|by| (None, by));
    let paused: Vec<_> = whole.into_iter().chain(runs).collect();
    if paused.is_empty() {
        return Ok(Vec::new());
    }
    let person = people::of(crm, program, record)?;
    let called = person.email.clone().unwrap_or_else(|| person.title());
    let mut all = Vec::with_capacity(paused.len());
    for (run, by) in paused {
        let (since, why) = last_pause(crm, record, run)?;
        let (what, about) = match run {
            Some(run) => (format!("run {run}"), Some(person.title())),
            None => (format!("{} {called}", record.entity.to_lowercase()), None),
        };
        all.push(Paused { what, about, by: by.to_string(), since, why });
    }
    Ok(all)
}

/// When it was paused last, and why.
fn last_pause(crm: &Crm, record: &RecordRef, wanted: Option<EntryId>) -> anyhow::Result<(Timestamp, Option<String>)> {
    let mut last = (Timestamp::UNIX_EPOCH, None);
    crm.entries(Some(record), EntryId(0), |logged| {
        if matches!(&logged.entry, Entry::Overridden { how: Override::Pause, run, .. } if *run == wanted) {
            last = (logged.at, logged.sealed);
        }
        ControlFlow::Continue(())
    })?;
    Ok(last)
}
