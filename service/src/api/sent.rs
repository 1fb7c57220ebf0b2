//! What is sent with a request, read strictly: what cannot be understood is told as a problem.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::app::App;
use crate::misread;
use crate::problem::Problem;

/// So many are given at once where nothing is said.
const SOME: usize = 50;
/// And never more than so many.
const MOST: usize = 200;

/// A body in JSON.
pub(crate) struct Sent<T>(pub(crate) T);

/// What stands behind the `?`.
pub(crate) struct Asked<T>(pub(crate) T);

/// What stands in the address.
pub(crate) struct At<T>(pub(crate) T);

/// A number in an address; the client's name is read by who asks.
#[derive(Debug, Deserialize)]
pub(crate) struct Numbered {
    pub(crate) number: i64,
}

/// So many as are given at once.
pub(crate) fn limit(asked: Option<usize>) -> usize {
    asked.unwrap_or(SOME).clamp(1, MOST)
}

impl<T: DeserializeOwned> FromRequest<App> for Sent<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if !kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json")) {
            return Err(Problem::bad_request("send JSON: Content-Type: application/json"));
        }
        let bytes = Bytes::from_request(request, app).await.map_err(|error| of_body(&error, app))?;
        let read = misread::json(&bytes).map(Self);
        read.map_err(|why| Problem::bad_request(format!("the body is not what is taken here: {why}")))
    }
}

/// Why a body could not be read.
pub(crate) fn of_body(error: &BytesRejection, app: &App) -> Problem {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return Problem::too_large(app.configuration.limits.body);
    }
    Problem::bad_request("the body could not be read")
}

impl<T: DeserializeOwned + Send> FromRequestParts<App> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let read = Query::<T>::from_request_parts(parts, app).await;
        let wrong = |why: &str| {
            Problem::bad_request(format!("what stands behind the `?` cannot be used: {}", misread::query(why)))
        };
        read.map(|Query(read)| Self(read)).map_err(|error| wrong(&error.body_text()))
    }
}

impl<T: DeserializeOwned + Send> FromRequestParts<App> for At<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let read = Path::<T>::from_request_parts(parts, app).await;
        read.map(|Path(read)| Self(read)).map_err(|_| Problem::not_found("the address names nothing that can be there"))
    }
}
