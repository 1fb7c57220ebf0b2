//! A client is made on a page: by whoever has the link that the service gave when it began. What is made is what `playbook new` makes, with
//! an owner's token that is shown this once.

use axum::Form;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::tz::TimeZone;
use minijinja::context;
use serde::Deserialize;

use super::forms::From;
use super::page::alone;
use super::session::{Session, with_cookie};
use crate::access::caller::Caller;
use crate::access::invitation::Invitation;
use crate::access::role::Role;
use crate::access::tokens::{Tokens, Wanted};
use crate::app::App;
use crate::blocking::blocking;
use crate::folder::Folder;
use crate::opening;
use crate::problem::Problem;
use crate::template::{Beginning, folder_name};

/// Who is asked and who answers, as every new playbook has it.
const PERSON: &str = "founder";
/// No name is longer.
const LONGEST: usize = 64;

/// The link.
#[derive(Deserialize)]
pub(super) struct Link {
    #[serde(default)]
    key: String,
}

/// A client that is wanted.
#[derive(Default, Deserialize)]
pub(super) struct Wish {
    key: String,
    name: String,
    currency: String,
    zone: String,
    person: String,
}

pub(super) async fn ask(State(app): State<App>, From(from): From, Query(link): Query<Link>) -> Response {
    if let Err(problem) = invited(&app, &link.key, from) {
        return refused(&app, &problem);
    }
    let wish = Wish { key: link.key, currency: "USD".to_owned(), zone: "UTC".to_owned(), ..Wish::default() };
    form(&app, &wish, None, StatusCode::OK)
}

pub(super) async fn make(State(app): State<App>, From(from): From, Form(wish): Form<Wish>) -> Response {
    if let Err(problem) = invited(&app, &wish.key, from) {
        return refused(&app, &problem);
    }
    match made(&app, &wish).await {
        Ok(response) => response,
        Err(problem) => {
            let status = StatusCode::from_u16(problem.status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
            form(&app, &wish, Some(problem.detail()), status)
        }
    }
}

/// Whether a client may be made with that key; whoever guesses has to wait.
fn invited(app: &App, key: &str, from: std::net::IpAddr) -> Result<(), Problem> {
    let now = std::time::Instant::now();
    if let Some(wait) = app.guesses.wait(from, now) {
        return Err(Problem::too_many(wait.as_secs().max(1)));
    }
    if app.invitation.as_ref().is_some_and(|invitation| invitation.is_worth(key, app.surroundings.now())) {
        return Ok(());
    }
    app.guesses.failed(from, now);
    tracing::warn!("a link to make a client was refused");
    Err(Problem::forbidden(
        "this link is worth nothing (any more): it serves once, and for an hour. `playbook serve --invite` gives a new one, and \
         `playbook new` makes a client without one",
    ))
}

async fn made(app: &App, wish: &Wish) -> Result<Response, Problem> {
    let taken = app.invitation.as_ref().and_then(Invitation::take);
    let used = taken.ok_or_else(|| {
        Problem::conflict("in-use", "the link is in use", "a client is being made with this link already")
    })?;
    let within = app.root.clone().ok_or_else(|| Problem::not_found("the service is of one client alone"))?;
    let (name, person) = (plain(&wish.name, "the client's name")?, plain(&wish.person, "your name")?);
    let file = folder_name(name);
    if file.is_empty() {
        return Err(Problem::unprocessable(
            "the client's name needs a letter from a to z, or a digit: its folder is called by it",
        ));
    }
    let (now, currency) = (app.surroundings.now(), wish.currency.trim().to_uppercase());
    let beginning = Beginning {
        file: &file,
        title: name,
        currency: &currency,
        zone: wish.zone.trim(),
        founder: person,
        today: now.to_zoned(TimeZone::UTC).date(),
    };
    let files = beginning.files();
    let place = move || {
        checked(&within, &files)?;
        opening::place(&within, &file, &files).map_err(|error| match error.kind() {
            std::io::ErrorKind::AlreadyExists => Problem::conflict(
                "taken",
                "the name is taken",
                "there is a folder of that name already: choose another one",
            ),
            kind => {
                tracing::error!(kind = %kind, "a client's folder could not be written");
                Problem::internal()
            }
        })
    };
    let folder = blocking(place).await??;
    let client = app.take_in(folder).map_err(|error| {
        tracing::error!(kind = crate::problem::kind(&error), "a client that was made could not be opened");
        Problem::internal()
    })?;
    used.spend();
    // The page is shown once there is something to see.
    let trouble = client.look().await?;
    let (drawing, of, whose) = (app.surroundings.entropy.clone(), client.folder.path().to_owned(), person.to_owned());
    let draw = move || {
        let wanted = Wanted { role: Role::Owner, name: &whose, person: Some(PERSON), agent: None, lasts: None };
        Tokens::of(&of).and_then(|tokens| tokens.create(&wanted, now, &drawing))
    };
    let drawn = blocking(draw).await?;
    let (token, secret) = drawn.map_err(|error| {
        tracing::error!(client = client.name(), kind = crate::problem::kind(&error), "a token could not be made");
        Problem::internal()
    })?;
    tracing::info!(client = client.name(), "a client was made on a page");
    let folder = client.name().to_owned();
    let cookie = Session::begin(app, Caller { client, token, role: Role::Owner }).await?;
    let shown = context! { name, folder, token => secret, trouble };
    Ok(with_cookie(alone(app, "made.html", shown, StatusCode::CREATED), cookie))
}

/// Whether the files hold together: the currency and the time zone are words of the person who asked.
fn checked(within: &std::path::Path, files: &[(String, String)]) -> Result<(), Problem> {
    let sources = files.iter().filter(|(name, _)| crate::folder::is_playbook_name(name)).cloned().collect();
    // It is not there yet, so that it is read as if it were the folder around it: it uses nothing beside it.
    let folder = Folder::of(within.join("new")).map_err(|_| Problem::internal())?;
    let found = folder.compile(&sources).findings;
    match found.iter().find(|finding| finding.severity == "error") {
        None => Ok(()),
        Some(finding) => Err(Problem::unprocessable(finding.message.clone())),
    }
}

/// What stands between quotation marks in a playbook.
fn plain<'t>(text: &'t str, what: &str) -> Result<&'t str, Problem> {
    let text = text.trim();
    let is_fit = |letter: char| !letter.is_control() && !"\"\\{}<>".contains(letter);
    if text.is_empty() || text.chars().count() > LONGEST || !text.chars().all(is_fit) {
        return Err(Problem::unprocessable(format!(
            "{what} has 1 to {LONGEST} letters, and no quotation marks, backslashes or brackets"
        )));
    }
    Ok(text)
}

fn form(app: &App, wish: &Wish, wrong: Option<&str>, status: StatusCode) -> Response {
    // The others are old names of these, and no places.
    let is_place = |zone: &String| zone.contains('/') && !zone.starts_with("Etc/");
    let zones: Vec<String> = jiff::tz::db().available().map(|zone| zone.to_string()).filter(is_place).collect();
    let Wish { key, name, currency, zone, person } = wish;
    alone(app, "new.html", context! { wrong, key, name, currency, zone, person, zones }, status)
}

fn refused(app: &App, problem: &Problem) -> Response {
    let status = StatusCode::from_u16(problem.status()).unwrap_or(StatusCode::FORBIDDEN);
    alone(app, "new.html", context! { wrong => problem.detail(), refused => true }, status)
}
