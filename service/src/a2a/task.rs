//! A task: a run that an agent handed in, as the log has it. A person who is asked makes it wait for authorization; what the agent that
//! handed it in says to that is none.

use std::ops::ControlFlow;

use jiff::Timestamp;
use runtime::crm::Crm;
use runtime::crm::log::{LogError, Running};
use runtime::engine::{Entry, EntryId, handed_in};
use serde_json::{Value, json};

/// How the name of a task begins.
const PREFIX: &str = "run-";

/// The states that the protocol knows, also those that no task is in here.
pub(super) const STATES: [&str; 8] = [
    "TASK_STATE_SUBMITTED",
    "TASK_STATE_WORKING",
    "TASK_STATE_COMPLETED",
    "TASK_STATE_FAILED",
    "TASK_STATE_CANCELED",
    "TASK_STATE_REJECTED",
    "TASK_STATE_INPUT_REQUIRED",
    "TASK_STATE_AUTH_REQUIRED",
];

/// A task as it stands.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Task {
    pub(super) run: i64,
    pub(super) context: String,
    workflow: String,
    record: String,
    pub(super) state: State,
    /// Since when.
    pub(super) since: Timestamp,
    /// What is waited for, or how it ended.
    words: Option<String>,
    /// How it ended, and why.
    outcome: Option<(String, Option<String>)>,
}

/// Where a task stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Working,
    AuthRequired,
    Completed,
    Canceled,
    Rejected,
}

impl State {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Working => "TASK_STATE_WORKING",
            Self::AuthRequired => "TASK_STATE_AUTH_REQUIRED",
            Self::Completed => "TASK_STATE_COMPLETED",
            Self::Canceled => "TASK_STATE_CANCELED",
            Self::Rejected => "TASK_STATE_REJECTED",
        }
    }

    pub(super) const fn is_terminal(self) -> bool {
        matches!(self, Self::Completed | Self::Canceled | Self::Rejected)
    }
}

/// The number of a task; none where it is called otherwise.
pub(super) fn number(id: &str) -> Option<i64> {
    id.strip_prefix(PREFIX)?.parse().ok()
}

/// What the task of a run is called.
pub(super) fn name(run: i64) -> String {
    format!("{PREFIX}{run}")
}

/// The tasks that an agent has handed in to some workflows, the newest first.
///
/// # Errors
/// Where the log cannot be read.
pub(super) fn of(crm: &Crm, by: &str, workflows: &[String]) -> Result<Vec<Task>, LogError> {
    let start = handed_in(by, "");
    let own =
        |run: &Running| run.trigger.starts_with(start.as_str()) && workflows.iter().any(|name| run.workflow == *name);
    let mut tasks = Vec::new();
    for run in crm.runs(None, false)?.iter().filter(|run| own(run)) {
        tasks.push(task(crm, run)?);
    }
    tasks.sort_by_key(|task: &Task| std::cmp::Reverse((task.since, task.run)));
    Ok(tasks)
}

/// One of them; none where it is not theirs.
///
/// # Errors
/// Where the log cannot be read.
pub(super) fn one(crm: &Crm, by: &str, workflows: &[String], number: i64) -> Result<Option<Task>, LogError> {
    let Some(case) = crm.record_of(EntryId(number))? else { return Ok(None) };
    let start = handed_in(by, "");
    let found = crm.runs(Some(&case), false)?.into_iter().find(|run| run.number.0 == number);
    let own = found
        .filter(|run| run.trigger.starts_with(start.as_str()) && workflows.iter().any(|name| run.workflow == *name));
    own.map(|run| task(crm, &run)).transpose()
}

fn task(crm: &Crm, run: &Running) -> Result<Task, LogError> {
    let (state, since, words, outcome) = match &run.ended {
        Some((at, outcome)) => {
            let because = because(crm, run)?;
            let state = match outcome.as_str() {
                "cancelled" => State::Canceled,
                "denied" | "handoff refused" => State::Rejected,
                _ => State::Completed,
            };
            let words = because.as_ref().map_or_else(|| outcome.to_string(), |because| format!("{outcome}: {because}"));
            (state, *at, Some(words), Some((outcome.to_string(), because)))
        }
        None => {
            let case = crm.case(&run.case)?.case;
            let asked = case.questions.iter().find(|asked| asked.run == Some(run.number));
            match asked {
                Some(asked) => {
                    let words = format!(
                        "question {} waits for a person in the inbox; no message here is an answer to it",
                        asked.id
                    );
                    (State::AuthRequired, asked.asked, Some(words), None)
                }
                None => {
                    let since = run.stage.as_ref().map_or(Timestamp::MIN, |(_, since)| *since);
                    (State::Working, since, run.stage.as_ref().map(|(stage, _)| format!("in {stage}")), None)
                }
            }
        }
    };
    Ok(Task {
        run: run.number.0,
        context: context(run.case.entity.as_str(), run.case.id),
        workflow: run.workflow.to_string(),
        record: format!("{} {}", run.record.entity, run.record.id),
        state,
        since,
        words,
        outcome,
    })
}

/// What all tasks about a record have in common.
pub(super) fn context(entity: &str, id: i64) -> String {
    format!("{}-{id}", entity.to_lowercase())
}

/// Why a run ended.
fn because(crm: &Crm, run: &Running) -> Result<Option<String>, LogError> {
    let mut because = None;
    crm.entries(Some(&run.case), run.number, |logged| {
        if let Entry::Ended { run: of, because: why, .. } = &logged.entry
            && *of == run.number
        {
            because = why.as_ref().map(ToString::to_string);
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    })?;
    Ok(because)
}

impl Task {
    pub(super) fn id(&self) -> String {
        name(self.run)
    }

    /// The status, as it is told.
    pub(super) fn status(&self) -> Value {
        let mut status = json!({
            "state": self.state.name(),
            "timestamp": self.since.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string(),
        });
        if let (Some(words), Value::Object(status)) = (&self.words, &mut status) {
            let id = format!("{}-{}-{}", self.id(), self.state.name(), self.since.as_microsecond());
            let message = json!({
                "messageId": id, "contextId": self.context, "taskId": self.id(), "role": "ROLE_AGENT",
                "parts": [{ "text": words }],
            });
            status.insert("message".to_owned(), message);
        }
        status
    }

    /// What came of it; nothing before it is over.
    pub(super) fn artifact(&self) -> Option<Value> {
        let (outcome, because) = self.outcome.as_ref()?;
        let data = json!({ "outcome": outcome, "because": because, "workflow": self.workflow, "record": self.record });
        Some(json!({
            "artifactId": "outcome", "name": "outcome", "parts": [{ "data": data, "mediaType": "application/json" }],
        }))
    }

    /// The whole task.
    pub(super) fn shown(&self, with_artifacts: bool) -> Value {
        let mut shown = json!({
            "id": self.id(), "contextId": self.context, "status": self.status(),
            "metadata": { "workflow": self.workflow, "record": self.record },
        });
        if let (true, Some(artifact), Value::Object(shown)) = (with_artifacts, self.artifact(), &mut shown) {
            shown.insert("artifacts".to_owned(), json!([artifact]));
        }
        shown
    }

    /// What is told of a change since.
    pub(super) fn updates(&self, before: &Self) -> Vec<Value> {
        if self == before {
            return Vec::new();
        }
        let artifact = self.artifact().map(|artifact| {
            json!({ "artifactUpdate": {
                "taskId": self.id(), "contextId": self.context, "artifact": artifact, "append": false, "lastChunk": true,
            } })
        });
        let status =
            json!({ "statusUpdate": { "taskId": self.id(), "contextId": self.context, "status": self.status() } });
        artifact.into_iter().chain([status]).collect()
    }
}
