//! MCP: agents of the playbook reach their client's desk at `/mcp/CLIENT`, by their own tokens. Each sees the tools that its permissions
//! grant; whatever it does is asked of the engine, which decides and keeps the log. Nothing is decided here.

mod answer;
mod contacts;
mod fate;
mod fields;
mod gate;
mod ledger;
mod messages;
mod resources;
mod server;
mod tools;
pub mod transport;
mod work;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::any;

use crate::access::caller::Caller;
use crate::app::App;
use crate::problem::Problem;
use server::{AgentServer, Shared};
use transport::{Door, Settings};

/// The way in.
pub(crate) fn routes(app: &App) -> Router<App> {
    let settings = Settings { public_url: app.configuration.public_url.clone(), body: app.configuration.limits.body };
    let shared = Arc::new(Shared::new(app));
    let door = Arc::new(Door::new(&settings, move || AgentServer::new(Arc::clone(&shared))));
    let (closing, mut stopping) = (Arc::clone(&door), app.stopping.clone());
    tokio::spawn(async move {
        // Whoever holds the other end is gone only when all is over.
        let _ = stopping.wait_for(|stopping| *stopping).await;
        closing.close();
    });
    let answer = move |State(app): State<App>, caller: Caller, request: Request| {
        let door = Arc::clone(&door);
        async move { let_in(&app, &door, caller, request).await }
    };
    Router::new().route("/mcp/{client}", any(answer))
}

async fn let_in(
    app: &App,
    door: &Door<AgentServer>,
    caller: Caller,
    mut request: Request,
) -> Result<Response, Problem> {
    agent(&caller)?;
    if let Err(wait) = app.calls.count(&caller) {
        return Ok(transport::waits(request, app.configuration.limits.body, wait.0).await);
    }
    let owner = format!("{} {}", caller.client.name(), caller.token.id);
    request.extensions_mut().insert(caller);
    Ok(door.answer(&owner, request).await)
}

/// Which of the playbook's agents a token stands for.
///
/// # Errors
/// Where it stands for none: people have pages and an API of their own.
pub(crate) fn agent(caller: &Caller) -> Result<String, Problem> {
    match &caller.token.agent {
        Some(agent) if !caller.role.is_person() => Ok(agent.clone()),
        _ => {
            let (client, token, role) = (caller.client.name(), &caller.token.id, caller.role.name());
            tracing::warn!(client, token, role, doing = "act as an agent", "refused");
            Err(Problem::forbidden("this is for agents: make a token with `playbook token create --agent NAME`"))
        }
    }
}
