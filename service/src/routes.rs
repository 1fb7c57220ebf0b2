//! All addresses of the service, and what every answer has: a limit in time and size, headers that keep browsers careful, a meter.

use std::time::Instant;

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tracing::Instrument as _;
use utoipa_axum::router::OpenApiRouter;

use crate::app::App;
use crate::problem::Problem;
use crate::{a2a, api, mcp, ops, pages, traces, webhooks};

/// What every answer says to browsers: nothing is loaded, framed or guessed that is not of the service itself.
const CAREFUL: [(HeaderName, &str); 6] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; \
         base-uri 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// What has a description.
fn described(app: &App) -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(api::description())
        .merge(ops::routes())
        .merge(webhooks::routes())
        .nest(api::BASE, api::routes(app))
}

pub(crate) fn router(app: App) -> Router {
    let (router, description) = described(&app).split_for_parts();
    let description = api::finished(description);
    let description = serde_json::to_string_pretty(&description).unwrap_or_default();
    let limits = app.configuration.limits;
    let described = get(move || async move { ([(header::CONTENT_TYPE, "application/json")], description) });
    router
        .route("/openapi.json", described)
        .merge(pages::routes(&app))
        .merge(mcp::routes(&app))
        .merge(a2a::routes(&app))
        .fallback(pages::nothing)
        .method_not_allowed_fallback(no_such_method)
        .layer(DefaultBodyLimit::max(limits.body))
        .layer(middleware::from_fn_with_state(app.clone(), around))
        .with_state(app)
}

async fn no_such_method() -> Problem {
    Problem::refused(StatusCode::METHOD_NOT_ALLOWED)
}

/// What was refused in the words of a library is told as everything is that was not done. MCP and A2A have words of their own.
fn in_our_words(path: &str, response: Response) -> Response {
    let status = response.status();
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let is_theirs = kind.is_empty() || kind.starts_with("text/plain");
    if !is_theirs || !status.is_client_error() || path.starts_with("/mcp/") || path.starts_with("/a2a/") {
        return response;
    }
    let (before, _) = response.into_parts();
    let mut told = Problem::refused(status).into_response();
    for (name, value) in before.headers {
        if let Some(name) = name.filter(|name| name != header::CONTENT_TYPE && name != header::CONTENT_LENGTH) {
            told.headers_mut().entry(name).or_insert(value);
        }
    }
    told
}

/// Where files are sent to, which are larger than anything else.
fn brings_files(path: &str) -> bool {
    path == "/import" || path.starts_with("/api/") && path.ends_with("/imports")
}

/// What is around every answer.
async fn around(State(app): State<App>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let limits = app.configuration.limits;
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let path = request.uri().path().to_owned();
    let span = traces::request(&request, route.as_deref());
    let length =
        request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    let most = if brings_files(&path) { limits.upload } else { limits.body };
    let mut response = if length.is_some_and(|length| length > most) {
        // Refused before any of it is read.
        Problem::too_large(most).into_response()
    } else {
        match tokio::time::timeout(limits.request, next.run(request).instrument(span.clone())).await {
            Ok(response) => in_our_words(&path, response),
            Err(_) => {
                Problem::unavailable("the request took too long; what it asked for may have been done").into_response()
            }
        }
    };
    let headers = response.headers_mut();
    for (name, value) in CAREFUL {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if app.configuration.is_secure() {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    let (route, status) = (route.as_deref().unwrap_or("none"), response.status().as_u16());
    traces::answered(&span, status);
    app.meters.answered(method.as_str(), route, status, began.elapsed());
    tracing::debug!(method = method.as_str(), route, status, "answered");
    response
}
