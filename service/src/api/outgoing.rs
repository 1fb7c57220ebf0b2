//! Who is told of what enters the log, what was told them and what came of it; telling it again.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use runtime::crm::service_file::deliveries::{Again, Delivery as Kept};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::sent::{Asked, At, Sent, limit};
use crate::access::caller::Caller;
use crate::access::role::Doing;
use crate::app::App;
use crate::config::Outgoing;
use crate::problem::Problem;

/// A receiver in an address; the client's name is read by who asks.
#[derive(Debug, Deserialize)]
pub(crate) struct Named {
    hook: String,
}

/// Which deliveries.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Which {
    /// Only deliveries with a lower number: what `next` said.
    before: Option<i64>,
    /// So many: 50 where nothing is said, and 200 at most.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<usize>,
}

/// Whoever is told of what enters the log.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Receiver {
    /// What it is called in the configuration.
    pub(crate) name: String,
    /// To which host it goes. The rest of an address may be a secret.
    host: String,
    /// Of which kinds of entries; of all where there is none.
    types: Vec<String>,
    /// How many wait to be taken.
    waiting: u64,
    /// Since when nothing gets through.
    #[schema(value_type = Option<String>, format = DateTime)]
    failing: Option<Timestamp>,
    /// Since when nothing is sent any more.
    #[schema(value_type = Option<String>, format = DateTime)]
    stopped: Option<Timestamp>,
    /// Why not.
    why: Option<String>,
}

/// Something that is told, or was.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Delivery {
    number: i64,
    /// Which entry of the log.
    entry: i64,
    /// `log.asked`
    #[serde(rename = "type")]
    kind: String,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    queued: Timestamp,
    /// How often it was tried.
    tries: u32,
    /// When it is tried next.
    #[schema(value_type = Option<String>, format = DateTime)]
    due: Option<Timestamp>,
    /// When it was tried last.
    #[schema(value_type = Option<String>, format = DateTime)]
    tried: Option<Timestamp>,
    /// When it was taken.
    #[schema(value_type = Option<String>, format = DateTime)]
    delivered: Option<Timestamp>,
    /// What was answered last.
    status: Option<u16>,
    /// Or why nothing was.
    error: Option<String>,
}

/// A page of deliveries.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Deliveries {
    /// The newest first.
    deliveries: Vec<Delivery>,
    /// What to send as `before` for the next page; none on the last one.
    next: Option<i64>,
}

/// What is to be told again: one of the two.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Replay {
    /// That delivery.
    delivery: Option<i64>,
    /// All that was told from that entry of the log on.
    since: Option<i64>,
}

/// What is told again.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Replayed {
    /// So many deliveries.
    deliveries: usize,
}

/// What goes on.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Resumed {
    /// It had stopped.
    done: bool,
}

/// Whoever is told of what enters the log by webhooks.
#[utoipa::path(get, path = "/webhooks", tag = "webhooks", params(("client" = String, Path)), responses((status = 200, body = Vec<Receiver>)))]
pub(crate) async fn receivers(State(app): State<App>, caller: Caller) -> Result<Json<Vec<Receiver>>, Problem> {
    all(&app, &caller).await.map(Json)
}

/// What a receiver was told, and what came of it.
#[utoipa::path(get, path = "/webhooks/{hook}/deliveries", tag = "webhooks", params(("client" = String, Path), ("hook" = String, Path), Which), responses((status = 200, body = Deliveries)))]
pub(crate) async fn deliveries(
    State(app): State<App>,
    caller: Caller,
    At(at): At<Named>,
    Asked(which): Asked<Which>,
) -> Result<Json<Deliveries>, Problem> {
    listed(&app, &caller, at.hook, which.before, limit(which.limit)).await.map(Json)
}

/// Tells a receiver again what it was told, under the same ids.
#[utoipa::path(post, path = "/webhooks/{hook}/replay", tag = "webhooks", params(("client" = String, Path), ("hook" = String, Path)), request_body = Replay, responses((status = 200, body = Replayed)))]
pub(crate) async fn replay(
    State(app): State<App>,
    caller: Caller,
    At(at): At<Named>,
    Sent(sent): Sent<Replay>,
) -> Result<Json<Replayed>, Problem> {
    let again = match (sent.delivery, sent.since) {
        (Some(number), None) => Again::One(number),
        (None, Some(entry)) => Again::Since(entry),
        _ => return Err(Problem::unprocessable("say either which `delivery`, or `since` which entry of the log")),
    };
    tell_again(&app, &caller, at.hook, again).await.map(Json)
}

/// Sends to a receiver again that had stopped taking anything.
#[utoipa::path(post, path = "/webhooks/{hook}/resume", tag = "webhooks", params(("client" = String, Path), ("hook" = String, Path)), responses((status = 200, body = Resumed)))]
pub(crate) async fn resume(
    State(app): State<App>,
    caller: Caller,
    At(at): At<Named>,
) -> Result<Json<Resumed>, Problem> {
    go_on(&app, &caller, at.hook).await.map(Json)
}

fn settings<'a>(app: &'a App, caller: &Caller, name: &str) -> Result<&'a Outgoing, Problem> {
    let of = app.configuration.clients.get(caller.client.name()).and_then(|of| of.outgoing.get(name));
    of.ok_or_else(|| Problem::not_found("the configuration has no such receiver"))
}

/// All receivers.
///
/// # Errors
/// Where whoever asks may not look.
pub(crate) async fn all(app: &App, caller: &Caller) -> Result<Vec<Receiver>, Problem> {
    caller.may(Doing::Look)?;
    let Some(of) = app.configuration.clients.get(caller.client.name()) else { return Ok(Vec::new()) };
    let outgoing: Vec<(String, Outgoing)> = of.outgoing.iter().map(|(name, of)| (name.clone(), of.clone())).collect();
    let read = caller.client.file_aside(move |file| {
        let mut receivers = Vec::new();
        for (name, Outgoing { url, types, .. }) in outgoing {
            let known = file.known_receiver(&name)?;
            let waiting = file.waiting(&name)?;
            let (failing, stopped, why) =
                known.map_or((None, None, None), |known| (known.failing, known.stopped, known.why));
            let host = url.host_str().unwrap_or_default().to_owned();
            receivers.push(Receiver { name, host, types, waiting, failing, stopped, why });
        }
        Ok(receivers)
    });
    read.await
}

/// A page of deliveries.
///
/// # Errors
/// Where whoever asks may not look, or there is no such receiver.
pub(crate) async fn listed(
    app: &App,
    caller: &Caller,
    name: String,
    before: Option<i64>,
    limit: usize,
) -> Result<Deliveries, Problem> {
    caller.may(Doing::Look)?;
    settings(app, caller, &name)?;
    let mut kept = caller.client.file_aside(move |file| file.deliveries(&name, before, limit + 1)).await?;
    let more = kept.len() > limit;
    kept.truncate(limit);
    let next = kept.last().map(|last| last.number).filter(|_| more);
    Ok(Deliveries { deliveries: kept.into_iter().map(Delivery::from).collect(), next })
}

/// Tells it again.
///
/// # Errors
/// Where whoever asks may not step in, or there is no such delivery.
pub(crate) async fn tell_again(app: &App, caller: &Caller, name: String, again: Again) -> Result<Replayed, Problem> {
    caller.may(Doing::StepIn)?;
    settings(app, caller, &name)?;
    let now = app.surroundings.now();
    let deliveries = caller.client.file_aside(move |file| file.deliver_again(&name, again, now)).await?;
    if deliveries == 0 {
        return Err(Problem::not_found("nothing of that was told"));
    }
    Ok(Replayed { deliveries })
}

/// Lets a receiver be told again.
///
/// # Errors
/// Where whoever asks may not step in, or there is no such receiver.
pub(crate) async fn go_on(app: &App, caller: &Caller, name: String) -> Result<Resumed, Problem> {
    caller.may(Doing::StepIn)?;
    settings(app, caller, &name)?;
    Ok(Resumed { done: caller.client.file_aside(move |file| file.resume_receiver(&name)).await? })
}

impl From<Kept> for Delivery {
    fn from(kept: Kept) -> Self {
        let Kept { number, entry, kind, queued, tries, due, tried, delivered, status, error } = kept;
        Self { number, entry, kind, queued, tries, due, tried, delivered, status, error }
    }
}
