//! The client as a whole, its log and its figures.

use axum::Json;
use jiff::Timestamp;
use runtime::engine::RecordRef;
use runtime::metrics::Figures;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::sent::{Asked, limit};
use crate::access::caller::Caller;
use crate::access::role::Doing;
use crate::problem::Problem;
use crate::views::experiments::{self as trials, Experiment};
use crate::views::log::{self as lines, Logline, Loglines};

/// A client.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Overview {
    /// Its name in addresses.
    client: String,
    /// Its name.
    name: String,
    /// The hash of the playbook at work.
    version: String,
    /// What is wrong, where something is.
    trouble: Option<String>,
    /// When something is due next.
    #[schema(value_type = Option<String>, format = DateTime)]
    next_due: Option<Timestamp>,
    /// Questions that wait for people.
    open_questions: usize,
    /// Its people, by their roles.
    people: Vec<String>,
    /// Its agents.
    agents: Vec<String>,
    /// Its workflows.
    workflows: Vec<String>,
    /// Its time zone.
    timezone: String,
}

/// Which entries of the log.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Entries {
    /// Only entries with a lower number: what `next` said.
    before: Option<i64>,
    /// Only those about that contact.
    contact: Option<i64>,
    /// So many: 50 where nothing is said, and 200 at most.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<usize>,
}

/// Whether somebody changed the log.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Verified {
    /// Its chain of hashes is whole.
    whole: bool,
    /// What is wrong with it, where it is not.
    broken: Option<String>,
}

/// The client as a whole.
#[utoipa::path(get, path = "", tag = "client", params(("client" = String, Path)), responses((status = 200, body = Overview)))]
pub(crate) async fn client(caller: Caller) -> Result<Json<Overview>, Problem> {
    caller.may(Doing::Look)?;
    let (at_work, stands) = (caller.client.at_work()?, caller.client.stands());
    let program = &at_work.program;
    Ok(Json(Overview {
        client: caller.client.name().to_owned(),
        name: program.client.name.to_string(),
        version: at_work.version.to_string(),
        trouble: stands.trouble.clone(),
        next_due: stands.next_due,
        open_questions: stands.open_questions,
        people: program.client.people.iter().map(|(role, _)| role.to_string()).collect(),
        agents: program.agents.iter().map(|agent| agent.name.to_string()).collect(),
        workflows: program.workflows.iter().map(|workflow| workflow.name.to_string()).collect(),
        timezone: program.client.timezone.to_string(),
    }))
}

/// The log, the newest entries first.
#[utoipa::path(get, path = "/log", tag = "log", params(("client" = String, Path), Entries), responses((status = 200, body = Loglines)))]
pub(crate) async fn log(caller: Caller, Asked(asked): Asked<Entries>) -> Result<Json<Loglines>, Problem> {
    caller.may(Doing::Look)?;
    let of = asked.contact.map(|id| RecordRef { entity: "Contact".into(), id });
    caller
        .client
        .read(move |reader, _| lines::page(reader, of.as_ref(), asked.before, limit(asked.limit)))
        .await
        .map(Json)
}

/// What agents were refused, the newest first, each with every reason.
#[utoipa::path(get, path = "/denials", tag = "log", params(("client" = String, Path)), responses((status = 200, body = Vec<Logline>)))]
pub(crate) async fn denials(caller: Caller) -> Result<Json<Vec<Logline>>, Problem> {
    caller.may(Doing::Look)?;
    caller.client.read(|reader, _| lines::denials(reader, limit(None))).await.map(Json)
}

/// Whether somebody changed the log.
#[utoipa::path(get, path = "/log/verify", tag = "log", params(("client" = String, Path)), responses((status = 200, body = Verified)))]
pub(crate) async fn verify(caller: Caller) -> Result<Json<Verified>, Problem> {
    caller.may(Doing::Look)?;
    let broken =
        caller.client.read(|reader, _| Ok(reader.crm.verify()?.err().map(|broken| broken.to_string()))).await?;
    Ok(Json(Verified { whole: broken.is_none(), broken }))
}

/// All figures: goals, kill signals, transitions, maturity.
#[utoipa::path(get, path = "/metrics", tag = "figures", params(("client" = String, Path)), responses((status = 200, body = Object)))]
pub(crate) async fn metrics(caller: Caller) -> Result<Json<serde_json::Value>, Problem> {
    figure(&caller, |figures| serde_json::to_value(figures)).await
}

/// The goals, each with its interval.
#[utoipa::path(get, path = "/goals", tag = "figures", params(("client" = String, Path)), responses((status = 200, body = Vec<Object>)))]
pub(crate) async fn goals(caller: Caller) -> Result<Json<serde_json::Value>, Problem> {
    figure(&caller, |figures| serde_json::to_value(&figures.goals)).await
}

/// The kill signals.
#[utoipa::path(get, path = "/kill-signals", tag = "figures", params(("client" = String, Path)), responses((status = 200, body = Vec<Object>)))]
pub(crate) async fn kill_signals(caller: Caller) -> Result<Json<serde_json::Value>, Problem> {
    figure(&caller, |figures| serde_json::to_value(&figures.kill_signals)).await
}

/// The experiments, with what is known of each arm.
#[utoipa::path(get, path = "/experiments", tag = "figures", params(("client" = String, Path)), responses((status = 200, body = Vec<Experiment>)))]
pub(crate) async fn experiments(caller: Caller) -> Result<Json<Vec<Experiment>>, Problem> {
    caller.may(Doing::Look)?;
    caller.client.read(trials::all).await.map(Json)
}

async fn figure(
    caller: &Caller,
    part: fn(&Figures) -> Result<serde_json::Value, serde_json::Error>,
) -> Result<Json<serde_json::Value>, Problem> {
    caller.may(Doing::Look)?;
    let read = caller.client.read(move |reader, now| part(&reader.figures(now)?).map_err(|_| Problem::internal()));
    read.await.map(Json)
}
