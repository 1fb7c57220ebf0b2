//! Where there is nothing: a page for whoever looks with a browser, and a problem for everybody else.

use axum::extract::{FromRequestParts as _, Request, State};
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use minijinja::context;

use super::page::{alone, told};
use super::session::Session;
use crate::app::App;
use crate::problem::Problem;

pub(crate) async fn nothing(State(app): State<App>, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    let accepted = parts.headers.get(header::ACCEPT).and_then(|accepted| accepted.to_str().ok()).unwrap_or_default();
    let is_page =
        parts.method == Method::GET && accepted.contains("text/html") && !parts.uri.path().starts_with("/api/");
    if !is_page {
        return Problem::not_found("there is nothing at this address; /openapi.json says what there is")
            .into_response();
    }
    match Session::from_request_parts(&mut parts, &app).await {
        Ok(session) => told(&app, &session, &Problem::not_found("there is nothing at this address")).await,
        Err(_) => alone(&app, "lost.html", context! {}, StatusCode::NOT_FOUND),
    }
}
