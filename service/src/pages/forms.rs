//! What people send by forms: logging in and out, answers, stepping in, a changed playbook. Each is done as by the API, after a look at
//! the word that only the session's own pages have.

use std::collections::BTreeMap;
use std::net::IpAddr;

use axum::Form;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use minijinja::context;
use minijinja::value::Serde;
use runtime::engine::{EntryId, RecordRef};
use runtime::runner::Target;
use serde::Deserialize;

use super::page::{Page, alone, draw, told};
use super::session::{Session, is_of_another_site, with_cookie};
use crate::access::caller::{address, proven};
use crate::access::role::Doing;
use crate::api::{self, Given, How};
use crate::app::App;
use crate::blocking::blocking;
use crate::problem::Problem;
use crate::views::playbook::{Checked, changes};

/// Where a request comes from.
pub(super) struct From(pub(super) IpAddr);

impl FromRequestParts<App> for From {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        if is_of_another_site(&parts.headers) {
            return Err(Problem::forbidden("nobody logs in from another site"));
        }
        Ok(Self(address(parts, app.configuration.behind_proxy)))
    }
}

#[derive(Deserialize)]
pub(super) struct Token {
    token: String,
}

pub(super) async fn ask(State(app): State<App>) -> Response {
    login_page(&app, None, StatusCode::OK)
}

fn login_page(app: &App, wrong: Option<&str>, status: StatusCode) -> Response {
    alone(app, "login.html", context! { wrong => wrong }, status)
}

pub(super) async fn log_in(State(app): State<App>, From(from): From, Form(sent): Form<Token>) -> Response {
    let begun = match proven(&app, None, sent.token.trim(), from).await {
        Ok(caller) => Session::begin(&app, caller).await,
        Err(problem) => Err(problem),
    };
    match begun {
        Ok(cookie) => with_cookie(Redirect::to("/today").into_response(), cookie),
        Err(problem) => {
            let status = StatusCode::from_u16(problem.status()).unwrap_or(StatusCode::UNAUTHORIZED);
            let wrong = if status == StatusCode::UNAUTHORIZED {
                "that token is worth nothing here: it is mistyped, has expired, or was revoked"
            } else {
                problem.detail()
            };
            login_page(&app, Some(wrong), status)
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Only {
    csrf: String,
}

pub(super) async fn log_out(State(app): State<App>, session: Session, Form(sent): Form<Only>) -> Response {
    if let Err(problem) = session.own(&sent.csrf) {
        return told(&app, &session, &problem).await;
    }
    match session.end(&app) {
        Ok(cookie) => with_cookie(Redirect::to("/login").into_response(), cookie),
        Err(problem) => problem.into_response(),
    }
}

#[derive(Deserialize)]
pub(super) struct Answer {
    csrf: String,
    hash: Option<String>,
    value: Option<String>,
    subject: Option<String>,
    body: Option<String>,
    why: Option<String>,
}

pub(super) async fn answer(
    State(app): State<App>,
    session: Session,
    headers: HeaderMap,
    Path((number, how)): Path<(i64, String)>,
    Form(sent): Form<Answer>,
) -> Response {
    let hash = sent.hash.filter(|hash| !hash.is_empty());
    let given = match how.as_str() {
        "approve" => Given::Approve { hash, value: sent.value.filter(|value| !value.is_empty()) },
        "change" => {
            Given::Change { hash: hash.unwrap_or_default(), subject: sent.subject, body: sent.body.unwrap_or_default() }
        }
        "reject" => Given::Reject { hash },
        _ => return told(&app, &session, &Problem::not_found("a question is approved, changed or rejected")).await,
    };
    let done = match session.own(&sent.csrf) {
        Ok(()) => api::answer(&session.caller, number, given, sent.why).await.map(drop),
        Err(problem) => Err(problem),
    };
    back(&app, &session, &headers, done, Some(number)).await
}

#[derive(Deserialize)]
pub(super) struct Step {
    csrf: String,
    /// `contact 4`, `run 17`, `agent LeadGen`, `workflow Funnel`, `everything`
    what: String,
    how: How,
    why: Option<String>,
}

pub(super) async fn step(
    State(app): State<App>,
    session: Session,
    headers: HeaderMap,
    Form(sent): Form<Step>,
) -> Response {
    let number = |text: &str| text.parse::<i64>().ok();
    let target = match sent.what.split_once(' ') {
        Some(("contact", id)) => number(id).map(|id| Target::Record(RecordRef { entity: "Contact".into(), id })),
        Some(("run", run)) => number(run).map(|run| Target::Number(EntryId(run))),
        _ => Some(Target::Switch(sent.what.as_str().into())),
    };
    let done = match (session.own(&sent.csrf), target) {
        (Err(problem), _) => Err(problem),
        (Ok(()), None) => Err(Problem::not_found("there is no such thing")),
        (Ok(()), Some(target)) => api::step_in(&session.caller, target, sent.how, sent.why).await.map(drop),
    };
    back(&app, &session, &headers, done, None).await
}

/// Back to the page that the form was on, which says what became of the question that was answered.
async fn back(
    app: &App,
    session: &Session,
    headers: &HeaderMap,
    done: Result<(), Problem>,
    answered: Option<i64>,
) -> Response {
    if let Err(problem) = done {
        return told(app, session, &problem).await;
    }
    // Only its path is taken: nobody is ever sent elsewhere. Browsers that tell nothing are sent to the first page.
    let referer = headers.get(header::REFERER).and_then(|referer| referer.to_str().ok());
    let path = referer.and_then(|referer| referer.split_once("://")?.1.split_once('/')).map(|(_, path)| path);
    let is_page = |path: &&str| {
        path.starts_with(|letter: char| letter.is_ascii_lowercase()) && !path.contains("//") && path.is_ascii()
    };
    Redirect::to(&after(path.filter(is_page).unwrap_or("today"), answered)).into_response()
}

/// The address of a page, and with it which question was answered; what it said of an earlier one is left out.
fn after(page: &str, answered: Option<i64>) -> String {
    let (path, asked) = page.split_once('?').unwrap_or((page, ""));
    let kept = asked.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("answered="));
    let said = answered.map(|number| format!("answered={number}"));
    let asked = kept.map(ToOwned::to_owned).chain(said).collect::<Vec<_>>().join("&");
    if asked.is_empty() { format!("/{path}") } else { format!("/{path}?{asked}") }
}

#[derive(Deserialize)]
pub(super) struct Changed {
    csrf: String,
    file: String,
    text: String,
    version: Option<String>,
}

impl Changed {
    fn files(&self) -> BTreeMap<String, Option<String>> {
        // Browsers send line ends of their own.
        BTreeMap::from([(self.file.clone(), Some(self.text.replace("\r\n", "\n")))])
    }
}

pub(super) async fn compare(State(app): State<App>, session: Session, Form(sent): Form<Changed>) -> Response {
    match compared(&session, &sent).await {
        Ok(shown) => {
            draw(&app, &session, Page { template: "playbook.html", here: "/playbook", title: "Playbook" }, shown).await
        }
        Err(problem) => told(&app, &session, &problem).await,
    }
}

async fn compared(session: &Session, sent: &Changed) -> Result<minijinja::Value, Problem> {
    session.own(&sent.csrf)?;
    session.caller.may(Doing::TryPlaybook)?;
    let client = &session.caller.client;
    let folder = client.folder.clone();
    let sources = api::merged(&folder, sent.files())?;
    let version = client.at_work()?.version.to_string();
    let names: Vec<String> = sources.keys().cloned().collect();
    let (program, checked) = blocking(move || Checked::of(folder.compile(&sources))).await?;
    let changes = match program {
        Some(program) => Some(client.read(move |reader, now| changes(reader, program, now)).await?),
        None => None,
    };
    Ok(
        context! { checked => Serde(checked), changes => Serde(changes), files => names, file => sent.file.clone(), text => sent.text.clone(), version => version },
    )
}

pub(super) async fn activate(State(app): State<App>, session: Session, Form(sent): Form<Changed>) -> Response {
    let done = match session.own(&sent.csrf).and_then(|()| session.caller.may(Doing::Activate)) {
        Ok(()) => api::activate(&session.caller, sent.files(), sent.version.clone().unwrap_or_default()).await,
        Err(problem) => Err(problem),
    };
    match done {
        Ok(_) => {
            let file = percent_encoding::utf8_percent_encode(&sent.file, percent_encoding::NON_ALPHANUMERIC);
            Redirect::to(&format!("/playbook?file={file}&done=yes")).into_response()
        }
        Err(problem) => told(&app, &session, &problem).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_told_which_question_was_answered() {
        assert_eq!(after("today", Some(812)), "/today?answered=812");
        assert_eq!(after("today?after=20&answered=5", Some(812)), "/today?after=20&answered=812");
        assert_eq!(after("contacts/4?answered=5", None), "/contacts/4");
    }
}
