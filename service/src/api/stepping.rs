//! Runs, and a person stepping in: pause, resume, cancel, on one run, one contact, an agent, a workflow or everything.

use axum::Json;
use runtime::engine::{EntryId, Override, RecordRef, said};
use runtime::runner::{Runner, Target};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::sent::{Asked, At, Numbered, Sent, limit};
use crate::access::caller::Caller;
use crate::access::role::Doing;
use crate::problem::Problem;
use crate::views::runs::{self as shown, Paused, Run, Runs};

/// Which runs.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Which {
    /// Those that are over as well.
    #[serde(default)]
    all: bool,
    /// Only runs with a higher number: what `next` said.
    #[serde(default)]
    after: i64,
    /// So many: 50 where nothing is said, and 200 at most.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<usize>,
}

/// How somebody steps in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum How {
    /// Nothing goes on until it is resumed.
    Pause,
    /// It goes on.
    Resume,
    /// It is over.
    Cancel,
}

/// Stepping in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stepping {
    /// How.
    how: How,
    /// Why, for the log.
    why: Option<String>,
}

/// Stepping in on more than one run.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Switching {
    /// `agent LeadGen`, `workflow LeadGeneration`, `everything`
    what: String,
    /// How: `pause` or `resume`.
    how: How,
    /// Why, for the log.
    why: Option<String>,
}

/// What was done.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SteppedIn {
    /// What was stepped in on.
    what: String,
    /// `paused`, `resumed` or `cancelled`
    how: String,
    /// By which of the client's people.
    by: String,
    /// Whether it was otherwise before: what is resumed was paused.
    done: bool,
    /// Entries of the log that followed at once.
    entries: usize,
}

/// Runs, page by page.
#[utoipa::path(get, path = "/runs", tag = "runs", params(("client" = String, Path), Which), responses((status = 200, body = Runs)))]
pub(crate) async fn runs(caller: Caller, Asked(which): Asked<Which>) -> Result<Json<Runs>, Problem> {
    caller.may(Doing::Look)?;
    let read = caller.client.read(move |reader, _| shown::page(reader, !which.all, which.after, limit(which.limit)));
    read.await.map(Json)
}

/// One run.
#[utoipa::path(get, path = "/runs/{number}", tag = "runs", params(("client" = String, Path), ("number" = i64, Path)), responses((status = 200, body = Run)))]
pub(crate) async fn run(caller: Caller, At(at): At<Numbered>) -> Result<Json<Run>, Problem> {
    caller.may(Doing::Look)?;
    caller.client.read(move |reader, _| shown::one(reader, at.number)).await.map(Json)
}

/// Pauses, resumes or cancels a run, a piece of work or a message on its way.
#[utoipa::path(post, path = "/runs/{number}", tag = "runs", params(("client" = String, Path), ("number" = i64, Path)), request_body = Stepping, responses((status = 200, body = SteppedIn)))]
pub(crate) async fn on_run(
    caller: Caller,
    At(at): At<Numbered>,
    Sent(sent): Sent<Stepping>,
) -> Result<Json<SteppedIn>, Problem> {
    step_in(&caller, Target::Number(EntryId(at.number)), sent.how, sent.why).await.map(Json)
}

/// Pauses, resumes or cancels all that is done for a contact.
#[utoipa::path(post, path = "/contacts/{number}", tag = "runs", params(("client" = String, Path), ("number" = i64, Path)), request_body = Stepping, responses((status = 200, body = SteppedIn)))]
pub(crate) async fn on_contact(
    caller: Caller,
    At(at): At<Numbered>,
    Sent(sent): Sent<Stepping>,
) -> Result<Json<SteppedIn>, Problem> {
    let record = RecordRef { entity: "Contact".into(), id: at.number };
    step_in(&caller, Target::Record(record), sent.how, sent.why).await.map(Json)
}

/// What is paused as a whole: agents, workflows, everything.
#[utoipa::path(get, path = "/switches", tag = "runs", params(("client" = String, Path)), responses((status = 200, body = Vec<Paused>)))]
pub(crate) async fn switches(caller: Caller) -> Result<Json<Vec<Paused>>, Problem> {
    caller.may(Doing::Look)?;
    caller.client.read(|reader, _| shown::paused(reader)).await.map(Json)
}

/// Pauses or resumes an agent, a workflow or everything.
#[utoipa::path(post, path = "/switches", tag = "runs", params(("client" = String, Path)), request_body = Switching, responses((status = 200, body = SteppedIn)))]
pub(crate) async fn switch(caller: Caller, Sent(sent): Sent<Switching>) -> Result<Json<SteppedIn>, Problem> {
    step_in(&caller, Target::Switch(sent.what.as_str().into()), sent.how, sent.why).await.map(Json)
}

/// Steps in as whoever asks.
///
/// # Errors
/// Where they may not, or there is no such thing under way.
pub(crate) async fn step_in(
    caller: &Caller,
    target: Target,
    how: How,
    why: Option<String>,
) -> Result<SteppedIn, Problem> {
    caller.may(Doing::StepIn)?;
    let by = caller.person()?;
    let how = match how {
        How::Pause => Override::Pause,
        How::Resume => Override::Resume,
        How::Cancel => Override::Cancel,
    };
    let why = why.filter(|why| !why.trim().is_empty());
    caller
        .client
        .order(move |runner, now| {
            let what = named(runner, &target, how)?;
            let told = |done, entries| SteppedIn {
                what: what.clone(),
                how: said::done(how).to_owned(),
                by: by.clone(),
                done,
                entries,
            };
            if how == Override::Resume && !runner.is_paused(&target)? {
                return Ok(told(false, 0));
            }
            let done = runner.step_in(how, &target, &by, why.as_deref(), now)?;
            Ok(told(true, done.entries))
        })
        .await
}

/// What is stepped in on, as one calls it.
fn named(runner: &Runner, target: &Target, how: Override) -> Result<String, Problem> {
    let program = &runner.book().program;
    match target {
        Target::Number(number) => Ok(number.to_string()),
        Target::Record(record) => {
            let found = runner.crm.contact_named(runtime::crm::ContactId(record.id))?;
            found
                .map(|_| format!("contact {}", record.id))
                .ok_or_else(|| Problem::not_found(format!("there is no contact {}", record.id)))
        }
        Target::Switch(what) => {
            let is_known = match what.split_once(' ') {
                None => what == "everything",
                Some(("agent", name)) => program.agents.iter().any(|agent| agent.name == name),
                Some(("workflow", name)) => program.workflows.iter().any(|workflow| workflow.name == name),
                Some(_) => false,
            };
            if !is_known {
                return Err(Problem::not_found(
                    "name `everything`, or an agent or a workflow of the playbook: `agent LeadGen`",
                ));
            }
            if how == Override::Cancel {
                return Err(Problem::unprocessable("that cannot be cancelled: pause it, or cancel a run or a contact"));
            }
            Ok(what.to_string())
        }
    }
}
