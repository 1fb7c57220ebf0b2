//! MCP's streamable HTTP, the same for whatever is served over it: hosts and origins that are let in, how much is read, and sessions of
//! the older revision, each of which belongs to whoever began it. It knows no agent and no playbook.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use rmcp::ServerHandler;
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::streamable_http_server::session::{SessionId, SessionManager as _};
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use serde_json::{Value, json};

/// The code of JSON-RPC for whoever calls too often: one of a server's own.
const TOO_OFTEN: i32 = -32000;
/// The header with a session's name.
const SESSION: &str = "mcp-session-id";
/// So many sessions are open for one owner at most: one more ends the oldest.
const MOST_OF_ONE: usize = 16;
/// And so many for all of them together.
const MOST: usize = 1024;

/// What is let in.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How people reach the service: its host and its origin are let in, beside those of this machine.
    pub public_url: String,
    /// So many bytes of a request are read.
    pub body: usize,
}

/// A way in for MCP.
pub struct Door<S> {
    service: StreamableHttpService<S, LocalSessionManager>,
    sessions: Arc<LocalSessionManager>,
    /// Whose each session is, the oldest first.
    owners: Mutex<VecDeque<(SessionId, String)>>,
}

impl<S: ServerHandler + Send + 'static> Door<S> {
    /// A way in to what is made anew for each session, and for each request that has none.
    pub fn new(settings: &Settings, make: impl Fn() -> S + Send + Sync + 'static) -> Self {
        let sessions = Arc::new(LocalSessionManager::default());
        let service = StreamableHttpService::new(move || Ok(make()), Arc::clone(&sessions), configuration(settings));
        Self { service, sessions, owners: Mutex::default() }
    }

    /// Lets go whoever is still listening.
    pub fn close(&self) {
        self.service.config.cancellation_token.cancel();
    }

    /// Answers a request of an owner. A session of somebody else is none.
    pub async fn answer(&self, owner: &str, request: Request<Body>) -> Response {
        if let Some(session) = named(request.headers()) {
            let is_theirs = |(known, whose): &(SessionId, String)| **known == *session && whose == owner;
            if !self.owners.lock().unwrap_or_else(PoisonError::into_inner).iter().any(is_theirs) {
                return (StatusCode::NOT_FOUND, "Not Found: Session not found").into_response();
            }
        }
        let ended = named(request.headers()).filter(|_| request.method() == Method::DELETE);
        let answered = self.service.handle(request).await;
        if let Some(ended) = ended.filter(|_| answered.status().is_success()) {
            self.owners.lock().unwrap_or_else(PoisonError::into_inner).retain(|(known, _)| **known != *ended);
            return StatusCode::NO_CONTENT.into_response();
        }
        if let Some(session) = named(answered.headers()) {
            self.begun(session.into(), owner).await;
        }
        answered.map(Body::new)
    }

    /// Notes whose a new session is, and ends those that are too many.
    async fn begun(&self, session: SessionId, owner: &str) {
        let surplus: Vec<SessionId> = {
            let mut owners = self.owners.lock().unwrap_or_else(PoisonError::into_inner);
            owners.push_back((session, owner.to_owned()));
            let own = owners.iter().filter(|(_, whose)| whose == owner).count();
            let (mut of_one, mut of_all) = (own.saturating_sub(MOST_OF_ONE), owners.len().saturating_sub(MOST));
            let mut surplus = Vec::new();
            owners.retain(|(session, whose)| {
                let ends = if whose == owner && of_one > 0 { &mut of_one } else { &mut of_all };
                if *ends == 0 {
                    return true;
                }
                *ends -= 1;
                surplus.push(session.clone());
                false
            });
            surplus
        };
        for session in surplus {
            // It may have ended by itself.
            let _ = self.sessions.close_session(&session).await;
        }
    }
}

/// Answers whoever calls too often: as HTTP says it, and as JSON-RPC does, to the request that it is.
pub async fn waits(request: Request<Body>, most: usize, seconds: u64) -> Response {
    let body = to_bytes(request.into_body(), most).await.unwrap_or_default();
    let asked: Value = serde_json::from_slice(&body).unwrap_or_default();
    let id = asked.get("id").filter(|id| id.is_string() || id.is_number());
    let words = format!("the token has called too often; try again in {seconds} seconds");
    let error = json!({ "code": TOO_OFTEN, "message": words, "data": { "retryAfter": seconds } });
    let body = json!({ "jsonrpc": "2.0", "id": id, "error": error }).to_string();
    let head = [(header::CONTENT_TYPE, "application/json".to_owned()), (header::RETRY_AFTER, seconds.to_string())];
    (StatusCode::TOO_MANY_REQUESTS, head, body).into_response()
}

fn named(headers: &HeaderMap) -> Option<String> {
    headers.get(SESSION)?.to_str().ok().map(str::to_owned)
}

fn configuration(settings: &Settings) -> StreamableHttpServerConfig {
    let mut hosts: Vec<String> = ["localhost", "127.0.0.1", "::1"].map(str::to_owned).to_vec();
    let mut origins: Vec<String> =
        ["http://localhost:*", "http://127.0.0.1:*", "http://[::1]:*"].map(str::to_owned).to_vec();
    if let Ok(public) = settings.public_url.parse::<axum::http::Uri>()
        && let (Some(scheme), Some(host)) = (public.scheme_str(), public.host())
    {
        let port = public.port_u16().unwrap_or(if scheme == "https" { 443 } else { 80 });
        hosts.push(host.to_owned());
        origins.push(format!("{scheme}://{host}:{port}"));
    }
    StreamableHttpServerConfig::default()
        .with_allowed_hosts(hosts)
        .with_allowed_origins(origins)
        .with_max_request_body_bytes(settings.body)
}
