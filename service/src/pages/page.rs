//! What every page has around it: who looks, at which client, what is paused, what is wrong.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Serialize;

use super::session::Session;
use crate::access::role::Doing;
use crate::app::App;
use crate::pool::Reader;
use crate::problem::Problem;
use crate::views::runs;

/// The pages, in the order in which they are shown.
const PAGES: [(&str, &str); 8] = [
    ("/today", "Today"),
    ("/prospects", "Prospects"),
    ("/contacts", "Contacts"),
    ("/pipeline", "Pipeline"),
    ("/agents", "Agents"),
    ("/goals", "Goals"),
    ("/experiments", "Experiments"),
    ("/playbook", "Playbook"),
];

#[derive(Serialize)]
struct Link {
    href: &'static str,
    words: &'static str,
    count: Option<usize>,
}

/// A page that is about to be drawn.
pub(super) struct Page<'p> {
    pub(super) template: &'static str,
    /// Which of the pages it is, or belongs to.
    pub(super) here: &'p str,
    pub(super) title: &'p str,
}

/// Draws a page around what it shows.
pub(super) async fn draw(app: &App, session: &Session, page: Page<'_>, shown: Value) -> Response {
    match drawn(app, session, &page, shown, StatusCode::OK).await {
        Ok(response) => response,
        Err(problem) => told(app, session, &problem).await,
    }
}

/// A page that says why something was not done.
pub(super) async fn told(app: &App, session: &Session, problem: &Problem) -> Response {
    let status = StatusCode::from_u16(problem.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let title = if status == StatusCode::NOT_FOUND { "Not there" } else { "Not done" };
    let page = Page { template: "error.html", here: "", title };
    let shown = context! { detail => problem.detail() };
    drawn(app, session, &page, shown, status).await.unwrap_or_else(IntoResponse::into_response)
}

async fn drawn(
    app: &App,
    session: &Session,
    page: &Page<'_>,
    shown: Value,
    status: StatusCode,
) -> Result<Response, Problem> {
    let caller = &session.caller;
    let (client, stands) = (&caller.client, caller.client.stands());
    client.prove();
    let paused = |reader: &Reader, _| runs::paused(reader);
    // A client without a playbook at work can still be told what is wrong.
    let switches = client.read(paused).await.unwrap_or_default();
    let (name, zone) = stands.at_work.as_ref().map_or_else(
        || (client.name().to_owned(), "UTC".to_owned()),
        |at_work| (at_work.program.client.name.to_string(), at_work.program.client.timezone.to_string()),
    );
    let links: Vec<Link> = PAGES
        .into_iter()
        .map(|(href, words)| Link {
            href,
            words,
            count: Some(stands.open_questions).filter(|count| href == "/today" && *count > 0),
        })
        .collect();
    let around = context! {
        client_name => name,
        slug => client.name(),
        zone => zone,
        title => page.title,
        here => page.here,
        links => Serde(links),
        who => caller.token.name.clone(),
        role => caller.role.name(),
        csrf => session.csrf.clone(),
        switches => Serde(switches),
        trouble => stands.trouble.clone(),
        has_receivers => app.configuration.clients.get(client.name()).is_some_and(|of| !of.outgoing.is_empty()),
        may_answer => caller.role.may(Doing::Answer),
        may_step_in => caller.role.may(Doing::StepIn),
        may_activate => caller.role.may(Doing::Activate),
        ..shown
    };
    let text = app.templates.draw(page.template, around).map_err(|error| {
        tracing::error!(template = page.template, kind = ?error.kind(), line = error.line(), "a page could not be drawn");
        Problem::internal()
    })?;
    Ok((status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], text).into_response())
}

/// Draws a page that has nothing around it, for whoever has not logged in.
pub(super) fn alone(app: &App, template: &str, shown: Value, status: StatusCode) -> Response {
    match app.templates.draw(template, shown) {
        Ok(text) => (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], text).into_response(),
        Err(_) => Problem::internal().into_response(),
    }
}
