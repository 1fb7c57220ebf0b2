//! A2A: agents elsewhere hand contacts over to the playbook's agents, at `/a2a/CLIENT/AGENT`, by JSON-RPC or REST. A task is a run that was
//! handed in; a person who has to approve makes it wait for authorization, and nothing that is sent here stands for one.

mod agent;
mod card;
mod error;
mod outside;
mod push;
mod request;
mod seal;
mod task;
mod telling;

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Bytes, to_bytes};
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{any, get, post};
use futures_util::{Stream, StreamExt as _};
use serde_json::{Value, json};

use crate::access::caller::Caller;
use crate::app::App;
use crate::mcp;
use crate::problem::Problem;
use agent::{Agent, Sent};
use error::{Kind, Refused};
use request::{Listing, Sending, Which, read};
use task::Task;
use telling::Notices;

pub(crate) use outside::begin;

/// What the REST binding speaks.
const MEDIA: &str = "application/a2a+json";

/// The ways in.
pub(crate) fn routes(app: &App) -> Router<App> {
    let notices = Arc::new(Notices::default());
    telling::resume(app, &notices);
    let (of_rpc, of_rest) = (Arc::clone(&notices), notices);
    let rpc = move |State(app): State<App>,
                    caller: Caller,
                    Path((_, name)): Path<(String, String)>,
                    request: Request| { over_rpc(app, caller, name, request, Arc::clone(&of_rpc)) };
    let rest = move |State(app): State<App>,
                     caller: Caller,
                     Path((_, name, rest)): Path<(String, String, String)>,
                     request: Request| over_rest(app, caller, name, rest, request, Arc::clone(&of_rest));
    Router::new()
        .route("/a2a/{client}/{agent}/.well-known/agent-card.json", get(open_card))
        .route("/a2a/{client}/{agent}", post(rpc))
        .route("/a2a/{client}/{agent}/{*rest}", any(rest))
}

/// The card, for anybody.
async fn open_card(
    State(app): State<App>,
    Path((client, name)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let missing = || Problem::not_found("there is no such agent here").into_response();
    let Some(client) = app.client(&client) else { return missing() };
    let Ok(at_work) = client.at_work() else { return missing() };
    let Some(card) = card::card(&at_work.program, &name, &base(&app, client.name(), &name), false) else {
        return missing();
    };
    let body = card.to_string();
    let hash = blake3::hash(body.as_bytes()).to_hex();
    let tag = format!("\"{}\"", hash.get(..32).unwrap_or_default());
    let is_known = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|known| known.to_str().ok())
        .is_some_and(|known| known.contains(&tag));
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        json_body(StatusCode::OK, "application/json", body)
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    response
}

fn base(app: &App, client: &str, agent: &str) -> String {
    format!("{}/a2a/{client}/{agent}", app.configuration.public_url.trim_end_matches('/'))
}

fn json_body(status: StatusCode, kind: &'static str, body: String) -> Response {
    (status, [(header::CONTENT_TYPE, kind)], body).into_response()
}

/// Whether what is sent is called JSON, or nothing at all.
fn is_json(headers: &HeaderMap) -> bool {
    let Some(kind) = headers.get(header::CONTENT_TYPE) else { return true };
    let kind = kind.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind == "application/json" || kind.starts_with("application/") && kind.ends_with("+json")
}

/// Says when it may be tried again, where it may.
fn waiting(mut response: Response, refused: &Refused) -> Response {
    if let Some(seconds) = refused.wait() {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// # Errors
/// Where the version is none that is spoken: one that is not named is an older one.
fn versioned(request: &Request) -> Result<(), Refused> {
    let named = request.headers().get("a2a-version").and_then(|version| version.to_str().ok()).map(str::to_owned);
    let asked = || {
        let pairs = request.uri().query().unwrap_or_default().split('&').filter_map(|pair| pair.split_once('='));
        pairs.filter(|(name, _)| name.eq_ignore_ascii_case("a2a-version")).map(|(_, value)| value.to_owned()).next()
    };
    match named.or_else(asked).as_deref() {
        Some(card::VERSION) => Ok(()),
        Some(other) => {
            let other: String = other.chars().take(20).collect();
            Err(Refused::new(
                Kind::VersionNotSupported,
                format!("A2A {other} is not spoken here, but {}", card::VERSION),
            ))
        }
        None => {
            Err(Refused::new(Kind::VersionNotSupported, format!("name the version: `A2A-Version: {}`", card::VERSION)))
        }
    }
}

/// Who is spoken to, by whom.
///
/// # Errors
/// Where whoever asks is no agent, or nobody is there.
fn reached(app: &App, caller: &Caller, name: &str, notices: Arc<Notices>) -> Result<Arc<Agent>, Problem> {
    let by = mcp::agent(caller)?;
    let base = base(app, caller.client.name(), name);
    let agent = Agent::new(app.clone(), caller.clone(), by, name, base, notices);
    agent.map(Arc::new).map_err(|_| Problem::not_found("there is no such agent here"))
}

async fn body(app: &App, request: Request) -> Result<Bytes, Problem> {
    let most = app.configuration.limits.body;
    to_bytes(request.into_body(), most).await.map_err(|_| Problem::too_large(most))
}

async fn over_rpc(app: App, caller: Caller, name: String, request: Request, notices: Arc<Notices>) -> Response {
    let agent = match reached(&app, &caller, &name, notices) {
        Ok(agent) => agent,
        Err(problem) => return problem.into_response(),
    };
    let is_json = is_json(request.headers());
    let (version, counted) = (versioned(&request), app.calls.count(&caller).map_err(Refused::from));
    let bytes = match body(&app, request).await {
        Ok(bytes) => bytes,
        Err(problem) => return problem.into_response(),
    };
    let said = |id: &Value, answer: Result<Value, Refused>| match answer {
        Ok(result) => {
            let body = json!({ "jsonrpc": "2.0", "id": id, "result": result });
            json_body(StatusCode::OK, "application/json", body.to_string())
        }
        Err(refused) => {
            let body = json!({ "jsonrpc": "2.0", "id": id, "error": refused.rpc() });
            // Of errors only this one is one of HTTP as well.
            let status = refused.wait().map_or(StatusCode::OK, |_| refused.status());
            waiting(json_body(status, "application/json", body.to_string()), &refused)
        }
    };
    let asked = serde_json::from_slice::<Value>(&bytes);
    let id = asked.as_ref().ok().and_then(|asked| asked.get("id").cloned()).unwrap_or_default();
    if !is_json {
        return said(&id, Err(Refused::no_json()));
    }
    let Ok(asked) = asked else {
        return said(&Value::Null, Err(Refused::new(Kind::Parse, "it is no JSON")));
    };
    let method = asked.get("method").and_then(Value::as_str).map(str::to_owned);
    let is_asked = asked.get("jsonrpc").and_then(Value::as_str) == Some("2.0") && (id.is_string() || id.is_number());
    let (Some(method), true) = (method, is_asked) else {
        return said(&Value::Null, Err(Refused::new(Kind::InvalidRequest, "it is no request of JSON-RPC 2.0")));
    };
    if let Err(refused) = counted.and(version) {
        return said(&id, Err(refused));
    }
    let params = asked.get("params").cloned().unwrap_or_default();
    match answer(&agent, &method, params).await {
        Ok(Answered::Once(value)) => said(&id, Ok(value)),
        Ok(Answered::Stream(first)) => {
            let told = Agent::follow(&agent, *first)
                .map(move |update| json!({ "jsonrpc": "2.0", "id": id, "result": update }));
            streamed(told)
        }
        Ok(Answered::Message(message)) => streamed(futures_util::stream::iter([
            json!({ "jsonrpc": "2.0", "id": id, "result": { "message": message } }),
        ])),
        Err(refused) => said(&id, Err(refused)),
    }
}

async fn over_rest(
    app: App,
    caller: Caller,
    name: String,
    rest: String,
    request: Request,
    notices: Arc<Notices>,
) -> Response {
    let agent = match reached(&app, &caller, &name, notices) {
        Ok(agent) => agent,
        Err(problem) => return problem.into_response(),
    };
    let told = |refused: &Refused| waiting(json_body(refused.status(), MEDIA, refused.rest().to_string()), refused);
    if let Err(refused) = app.calls.count(&caller).map_err(Refused::from).and(versioned(&request)) {
        return told(&refused);
    }
    if request.method() == Method::POST && !is_json(request.headers()) {
        return told(&Refused::no_json());
    }
    let (method, query) = (request.method().clone(), request.uri().query().unwrap_or_default().to_owned());
    let Some((operation, mut params)) = operation(&method, &rest, &query) else {
        return told(&Refused::new(Kind::NoSuchMethod, "there is nothing at this address"));
    };
    if method == Method::POST {
        let bytes = match body(&app, request).await {
            Ok(bytes) => bytes,
            Err(problem) => return problem.into_response(),
        };
        if !bytes.is_empty() {
            let Ok(Value::Object(sent)) = serde_json::from_slice::<Value>(&bytes) else {
                return told(&Refused::new(Kind::Parse, "it is no JSON object"));
            };
            if let Value::Object(params) = &mut params {
                // What the address says goes before what the body says.
                for (name, value) in sent {
                    params.entry(name).or_insert(value);
                }
            }
        }
    }
    match answer(&agent, operation, params).await {
        Ok(Answered::Once(value)) => json_body(StatusCode::OK, MEDIA, value.to_string()),
        Ok(Answered::Stream(first)) => streamed(Agent::follow(&agent, *first)),
        Ok(Answered::Message(message)) => streamed(futures_util::stream::iter([json!({ "message": message })])),
        Err(refused) => told(&refused),
    }
}

/// Which operation an address of the REST binding is, with what it says itself.
fn operation(method: &Method, rest: &str, query: &str) -> Option<(&'static str, Value)> {
    let parts: Vec<&str> = rest.split('/').collect();
    let (get, post, delete) = (*method == Method::GET, *method == Method::POST, *method == Method::DELETE);
    match parts.as_slice() {
        ["message:send"] if post => Some(("SendMessage", json!({}))),
        ["message:stream"] if post => Some(("SendStreamingMessage", json!({}))),
        ["extendedAgentCard"] if get => Some(("GetExtendedAgentCard", json!({}))),
        ["tasks"] if get => Some(("ListTasks", asked(query))),
        ["tasks", id] => match id.split_once(':') {
            Some((id, "cancel")) if post => Some(("CancelTask", json!({ "id": id }))),
            // The text says POST, its annotation GET.
            Some((id, "subscribe")) if post || get => Some(("SubscribeToTask", json!({ "id": id }))),
            None if get => Some(("GetTask", json!({ "id": id }))),
            _ => None,
        },
        ["tasks", id, "pushNotificationConfigs"] if post => {
            Some(("CreateTaskPushNotificationConfig", json!({ "taskId": id })))
        }
        ["tasks", id, "pushNotificationConfigs"] if get => {
            Some(("ListTaskPushNotificationConfigs", json!({ "taskId": id })))
        }
        ["tasks", id, "pushNotificationConfigs", config] if get => {
            Some(("GetTaskPushNotificationConfig", json!({ "taskId": id, "id": config })))
        }
        ["tasks", id, "pushNotificationConfigs", config] if delete => {
            Some(("DeleteTaskPushNotificationConfig", json!({ "taskId": id, "id": config })))
        }
        _ => None,
    }
}

/// What stands behind the `?`, as the types of the protocol have it.
fn asked(query: &str) -> Value {
    let decoded =
        |text: &str| percent_encoding::percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let typed = pairs.map(|(name, value)| {
        let (name, value) = (decoded(name), decoded(value));
        let value = match name.as_str() {
            "pageSize" | "historyLength" => value.parse::<i64>().map_or(Value::String(value), Value::from),
            "includeArtifacts" => Value::Bool(value == "true"),
            _ => Value::String(value),
        };
        (name, value)
    });
    Value::Object(typed.collect())
}

/// What an operation gives.
enum Answered {
    Once(Value),
    Stream(Box<Task>),
    Message(Value),
}

async fn answer(agent: &Arc<Agent>, operation: &str, params: Value) -> Result<Answered, Refused> {
    let once = |value| Ok(Answered::Once(value));
    match operation {
        "SendMessage" => {
            let sending: Sending = read(params)?;
            let at_once = sending.configuration.return_immediately;
            match agent.take(sending).await? {
                Sent::Task(task) if at_once => once(json!({ "task": task.shown(true) })),
                Sent::Task(task) => once(json!({ "task": agent.settled(task).await.shown(true) })),
                Sent::Message(message) => once(json!({ "message": message })),
            }
        }
        "SendStreamingMessage" => match agent.take(read(params)?).await? {
            Sent::Task(task) => Ok(Answered::Stream(Box::new(task))),
            Sent::Message(message) => Ok(Answered::Message(message)),
        },
        "GetTask" => once(agent.task(&read::<Which>(params)?.id).await?.shown(true)),
        "ListTasks" => once(agent.list(read::<Listing>(params)?).await?),
        "CancelTask" => once(agent.cancel(&read::<Which>(params)?.id).await?),
        "SubscribeToTask" => {
            let task = agent.task(&read::<Which>(params)?.id).await?;
            if task.state.is_terminal() {
                return Err(Refused::new(Kind::UnsupportedOperation, "the task is over: there is nothing to wait for"));
            }
            Ok(Answered::Stream(Box::new(task)))
        }
        "CreateTaskPushNotificationConfig" => {
            let config: push::Config = read(params)?;
            let task = agent.task(config.task_id.as_deref().unwrap_or_default()).await?;
            once(push::keep(agent, config, &task).await?)
        }
        "GetTaskPushNotificationConfig" => {
            let push::Which { task_id, id } = read(params)?;
            let task = agent.task(&task_id).await?;
            once(push::one(agent, &task, &id).await?)
        }
        "ListTaskPushNotificationConfigs" => {
            let task = agent.task(&read::<push::Which>(params)?.task_id).await?;
            once(json!({ "configs": push::all(agent, &task).await?, "nextPageToken": "" }))
        }
        "DeleteTaskPushNotificationConfig" => {
            let push::Which { task_id, id } = read(params)?;
            let task = agent.task(&task_id).await?;
            push::drop_one(agent, &task, id).await?;
            once(json!({}))
        }
        "GetExtendedAgentCard" => once(agent.card()?),
        _ => Err(Refused::new(Kind::NoSuchMethod, "there is no such method")),
    }
}

/// Tells each as an event.
fn streamed(told: impl Stream<Item = Value> + Send + 'static) -> Response {
    let events = told.map(|value| Ok::<_, Infallible>(Event::default().data(value.to_string())));
    Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))).into_response()
}
