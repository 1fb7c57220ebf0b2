//! What is around every answer of the API: who asks is known before anything is read; what was asked with a key is done once; what was
//! not changed is not sent again.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequest as _, Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use jiff::SignedDuration;
use runtime::crm::service_file::Known;

use super::sent::of_body;
use crate::access::caller::Caller;
use crate::app::App;
use crate::blocking::blocking;
use crate::problem::Problem;

/// How long an answer is kept under its key.
const KEPT: SignedDuration = SignedDuration::from_hours(24);
/// No answer of the API is larger.
const LARGEST: usize = 16 << 20;
/// The key of a request.
const KEY: &str = "idempotency-key";

/// Lets a request through.
///
/// # Errors
/// Where nobody is known to ask, they ask too often, or a key is used for another request.
pub(crate) async fn guard(
    State(app): State<App>,
    caller: Caller,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    app.calls.count(&caller)?;
    if request.method() == Method::GET {
        let known = request.headers().get(header::IF_NONE_MATCH).cloned();
        return tagged(next.run(request).await, known.as_ref()).await;
    }
    let Some(key) = request.headers().get(KEY) else { return Ok(next.run(request).await) };
    let key = key.to_str().ok().filter(|key| (1..=255).contains(&key.len()));
    let key = key.ok_or_else(|| Problem::bad_request("an Idempotency-Key has 1 to 255 letters of ASCII"))?.to_owned();
    once(&app, &caller, key, request, next).await
}

/// An answer with a tag; without its body where the asker has it.
async fn tagged(response: Response, known: Option<&HeaderValue>) -> Result<Response, Problem> {
    if response.status() != StatusCode::OK {
        return Ok(response);
    }
    let (mut parts, body) = response.into_parts();
    let body = to_bytes(body, LARGEST).await.map_err(|_| Problem::internal())?;
    let hash = blake3::hash(&body).to_hex();
    let tag = format!("\"{}\"", hash.get(..32).unwrap_or_default());
    let is_known = known.and_then(|known| known.to_str().ok()).is_some_and(|known| {
        known.split(',').any(|one| one.trim() == "*" || one.trim().trim_start_matches("W/") == tag)
    });
    if let Ok(value) = HeaderValue::from_str(&tag) {
        parts.headers.insert(header::ETAG, value);
    }
    parts.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    if is_known {
        parts.status = StatusCode::NOT_MODIFIED;
        parts.headers.remove(header::CONTENT_LENGTH);
        return Ok(Response::from_parts(parts, Body::empty()));
    }
    Ok(Response::from_parts(parts, Body::from(body)))
}

/// Does a request once, and answers its repetitions as it was answered.
async fn once(app: &App, caller: &Caller, key: String, request: Request, next: Next) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let body = Bytes::from_request(Request::from_parts(parts.clone(), body), app)
        .await
        .map_err(|error| of_body(&error, app))?;
    let mut hasher = blake3::Hasher::new();
    for part in [parts.method.as_str().as_bytes(), parts.uri.to_string().as_bytes(), &body] {
        hasher.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes());
        hasher.update(part);
    }
    let hash: [u8; 32] = hasher.finalize().into();
    let now = app.surroundings.now();
    let forget = now.checked_sub(KEPT).unwrap_or(now);
    let (client, token) = (std::sync::Arc::clone(&caller.client), caller.token.id.clone());
    let (of, of_key) = (token.clone(), key.clone());
    let known = blocking(move || client.file(|file| file.begin_request((&of, &of_key), &hash, now, forget))).await??;
    match known {
        Known::New => {}
        Known::Begun => {
            let detail = "the request with that key is being done, or was broken off: look at what came of it, then use another key";
            return Err(Problem::conflict("begun", "the request is being done", detail));
        }
        Known::Other => {
            return Err(Problem::unprocessable("that Idempotency-Key was used for another request: use another key"));
        }
        Known::Done { status, content_type, body } => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
            let mut response = (status, body).into_response();
            if let Ok(kind) = HeaderValue::from_str(&content_type) {
                response.headers_mut().insert(header::CONTENT_TYPE, kind);
            }
            response.headers_mut().insert("idempotency-replayed", HeaderValue::from_static("true"));
            return Ok(response);
        }
    }
    let response = next.run(Request::from_parts(parts, Body::from(body))).await;
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, LARGEST).await.map_err(|_| Problem::internal())?;
    let kind =
        parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default().to_owned();
    let (client, status, kept) = (std::sync::Arc::clone(&caller.client), parts.status, body.clone());
    blocking(move || {
        client.file(|file| {
            // What failed for a reason of ours may be tried again with the same key.
            if status.is_server_error() {
                file.drop_request((&token, &key))
            } else {
                file.end_request((&token, &key), status.as_u16(), &kind, &kept)
            }
        })
    })
    .await??;
    Ok(Response::from_parts(parts, Body::from(body)))
}
