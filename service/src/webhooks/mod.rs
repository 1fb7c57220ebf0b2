//! Webhooks that come in: signed, once each, in whatever order. What they bring is events; what those lead to is the playbook's to say.
//! Those that go out have a module of their own.

mod brought;
pub(crate) mod out;
mod signature;

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::record;
use crate::app::App;
use crate::config::Brings;
use crate::problem::Problem;

/// Whether a variable holds secrets that webhooks can be signed by, and nothing else.
pub(crate) fn are_secrets(held: &str) -> bool {
    let mut all = held.split_whitespace().peekable();
    all.peek().is_some() && all.all(|secret| signature::key(secret).is_some())
}

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(hook))
}

/// Which webhook.
#[derive(Debug, Deserialize)]
struct Which {
    client: String,
    hook: String,
}

/// What became of a webhook.
#[derive(Debug, Serialize, ToSchema)]
struct Taken {
    /// `recorded`, `known`, `nobody` or `nothing`: kept, kept already, about nobody who is known, nothing that the playbook asks for.
    became: &'static str,
}

/// A webhook comes in, signed as Standard Webhooks or Svix have it.
#[utoipa::path(post, path = "/hooks/{client}/{hook}", tag = "webhooks", security(()), params(("client" = String, Path), ("hook" = String, Path)), request_body = Object, responses((status = 202, body = Taken)))]
async fn hook(
    State(app): State<App>,
    Path(which): Path<Which>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<(StatusCode, Json<Taken>), Problem> {
    let body = body.map_err(|error| {
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
            Problem::too_large(app.configuration.limits.body)
        } else {
            Problem::bad_request("the body could not be read")
        }
    })?;
    let nothing = || Problem::not_found("there is no such webhook");
    let client = app.client(&which.client).ok_or_else(nothing)?;
    let hook =
        app.configuration.clients.get(&which.client).and_then(|of| of.webhooks.get(&which.hook)).ok_or_else(nothing)?;
    let refused = |why: &'static str| {
        tracing::warn!(client = which.client, hook = which.hook, why, "a webhook was refused");
        app.meters.hooked(&which.client, "refused");
    };
    let Some(secrets) = (app.surroundings.environment)(&hook.secret_env) else {
        tracing::error!(client = which.client, hook = which.hook, "the variable with a webhook's secret is not set");
        return Err(Problem::unavailable("the webhook is not set up"));
    };
    let now = app.surroundings.now();
    let signed = signature::verify(&headers, &body, &secrets, now, app.configuration.webhooks.tolerance);
    let id = signed.map_err(|why| {
        refused(why);
        Problem::unsigned(why)
    })?;
    let Some(told) = brought::read(hook.brings, &body) else {
        refused("it cannot be understood");
        return Err(Problem::bad_request(match hook.brings {
            Brings::Resend => {
                "the webhook cannot be understood: it is JSON as Resend sends it, `type` and `data` with an address"
            }
            Brings::Events => {
                "the webhook cannot be understood: it is JSON with `type`, an event, and `data` with `contact`"
            }
        }));
    };
    let unused = |became: &'static str| {
        tracing::info!(client = which.client, hook = which.hook, became, "a webhook was taken, and changes nothing");
    };
    let Some(mut told) = told else {
        app.meters.hooked(&which.client, "nothing");
        unused("nothing");
        return Ok((StatusCode::ACCEPTED, Json(Taken { became: "nothing" })));
    };
    told.id = Some(id);
    let told_by = format!("webhook {}", which.hook);
    let client = Arc::clone(&client);
    let became = client
        .order(move |runner, now| {
            if !runner.book().program.events.iter().any(|event| event.name == told.event) {
                return Ok("nothing");
            }
            match record(runner, &told, &told_by, now) {
                Ok(recorded) => Ok(if recorded.recorded() { "recorded" } else { "known" }),
                // Who sends webhooks cannot mend it: sending it again would change nothing.
                Err(problem) if problem.status() == StatusCode::NOT_FOUND.as_u16() => Ok("nobody"),
                Err(problem) => Err(problem),
            }
        })
        .await?;
    app.meters.hooked(&which.client, became);
    if matches!(became, "nothing" | "nobody") {
        unused(became);
    }
    Ok((StatusCode::ACCEPTED, Json(Taken { became })))
}
