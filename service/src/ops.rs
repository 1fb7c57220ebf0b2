//! What whoever runs the service asks it: whether it is alive, whether it is ready, its meters, and what its addresses are.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

/// The service as a whole.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Health {
    /// `alive`
    status: &'static str,
}

/// Whether all clients are at work.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Ready {
    /// `ready`, or `not ready`
    status: &'static str,
    /// How many clients there are.
    clients: usize,
    /// How many of them have a playbook at work.
    at_work: usize,
    /// How many of them have something wrong: a changed playbook that is not taken, work that does not go on. What it is says the log.
    in_trouble: usize,
}

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(health)).routes(routes!(ready)).routes(routes!(metrics))
}

/// It is alive.
#[utoipa::path(get, path = "/health", tag = "operations", security(()), responses((status = 200, body = Health)))]
async fn health() -> Json<Health> {
    Json(Health { status: "alive" })
}

/// Each client has a playbook at work.
#[utoipa::path(get, path = "/ready", tag = "operations", security(()), responses(
    (status = 200, description = "ready", body = Ready),
    (status = 503, description = "not ready", body = Ready),
))]
async fn ready(State(app): State<App>) -> Response {
    let stands: Vec<_> = app.clients().iter().map(|client| client.stands()).collect();
    let at_work = stands.iter().filter(|stands| stands.at_work.is_some()).count();
    let in_trouble = stands.iter().filter(|stands| stands.trouble.is_some()).count();
    let is_ready = at_work == stands.len() && !*app.stopping.borrow();
    let status = if is_ready { "ready" } else { "not ready" };
    let ready = Ready { status, clients: stands.len(), at_work, in_trouble };
    let code = if is_ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (code, Json(ready)).into_response()
}

/// The meters, as Prometheus reads them.
#[utoipa::path(get, path = "/metrics", tag = "operations", security(()), responses(
    (status = 200, body = String, content_type = "application/openmetrics-text"),
))]
async fn metrics(State(app): State<App>) -> Response {
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], app.meters.page()).into_response()
}
