//! The page on which a file is brought in: chosen, tried and looked at, then kept or left; and on which an import is taken back.

use axum::Form;
use axum::extract::multipart::{Field, Multipart};
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Redirect, Response};
use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Deserialize;
use tokio::io::AsyncWriteExt as _;

use super::page::{Page, draw, told};
use super::session::Session;
use crate::access::role::Doing;
use crate::api::imports::{self, Imported, Upload};
use crate::app::App;
use crate::pool::Reader;
use crate::problem::Problem;

/// No answer of a form's is longer, files apart.
const LONGEST: usize = 4096;

pub(super) async fn ask(State(app): State<App>, session: Session) -> Response {
    drawn(&app, &session, None).await
}

/// A file that was tried or taken.
struct Done {
    imported: Imported,
    /// By which it is kept, where it was only tried.
    upload: Option<String>,
}

async fn drawn(app: &App, session: &Session, done: Option<Done>) -> Response {
    let folder = session.caller.client.folder.clone();
    let read = move |reader: &Reader, _| {
        let imports = imports::listed(&reader.crm)?;
        let of = |preset: bool| {
            let sources = reader.program.sources.iter().filter(move |source| source.preset == preset);
            sources.map(|source| source.name.to_string()).collect::<Vec<_>>()
        };
        let lying = imports::lying(&reader.program, &folder);
        Ok(context! { imports => Serde(imports), own => of(false), presets => of(true), lying })
    };
    let may_import = session.caller.role.may(Doing::Import);
    match session.caller.client.read(read).await {
        Ok(shown) => {
            let done = done.map_or(Value::UNDEFINED, |done| {
                context! { report => Serde(done.imported.report), preview => Serde(done.imported.preview), upload => done.upload }
            });
            let page = Page { template: "import.html", here: "/contacts", title: "Bring contacts in" };
            draw(app, session, page, context! { done => done, may_import => may_import, ..shown }).await
        }
        Err(problem) => told(app, session, &problem).await,
    }
}

pub(super) async fn attempt(State(app): State<App>, session: Session, sent: Multipart) -> Response {
    match attempted(&app, &session, sent).await {
        Ok(done) => drawn(&app, &session, Some(done)).await,
        Err(problem) => told(&app, &session, &problem).await,
    }
}

/// The form sends the word that only this session's pages have first, and the file last: of nobody else's anything is written.
async fn attempted(app: &App, session: &Session, mut sent: Multipart) -> Result<Done, Problem> {
    let unreadable = |_| Problem::bad_request("the form could not be read");
    let (mut is_own, mut source) = (false, None);
    while let Some(field) = sent.next_field().await.map_err(unreadable)? {
        match field.name().unwrap_or_default() {
            "csrf" => {
                session.own(&word(field).await?)?;
                session.caller.may(Doing::Import)?;
                is_own = true;
            }
            "source" => source = Some(word(field).await?).filter(|source| !source.is_empty()),
            "file" if is_own => return tried(app, session, field, source).await,
            _ => {}
        }
    }
    Err(Problem::bad_request("no file was sent"))
}

async fn word(field: Field<'_>) -> Result<String, Problem> {
    let word = field.text().await.map_err(|_| Problem::bad_request("the form could not be read"))?;
    if word.len() > LONGEST {
        return Err(Problem::bad_request("the form could not be read"));
    }
    Ok(word)
}

async fn tried(app: &App, session: &Session, mut field: Field<'_>, source: Option<String>) -> Result<Done, Problem> {
    let most = app.configuration.limits.upload;
    let name = field.file_name().unwrap_or_default().to_owned();
    if name.is_empty() {
        return Err(Problem::unprocessable("choose a file first"));
    }
    let upload = Upload::begin(app, &session.caller, &name)?;
    let failed = |error: std::io::Error| imports::unwritten(&error);
    let mut file = tokio::fs::File::create(&upload.path).await.map_err(failed)?;
    loop {
        match field.chunk().await {
            Ok(Some(chunk)) => file.write_all(&chunk).await.map_err(failed)?,
            Ok(None) => break,
            Err(_) => {
                upload.forget();
                return Err(Problem::too_large(most));
            }
        }
    }
    file.flush().await.map_err(failed)?;
    let (imported, upload) = imports::tried(&session.caller, upload, source).await?;
    Ok(Done { imported, upload: Some(upload) })
}

#[derive(Deserialize)]
pub(super) struct Lying {
    csrf: String,
    source: String,
    file: String,
}

/// Tries a file that the playbook names itself.
pub(super) async fn lying(State(app): State<App>, session: Session, Form(sent): Form<Lying>) -> Response {
    let tried = match session.own(&sent.csrf) {
        Ok(()) => imports::try_lying(&app, &session.caller, &sent.source, &sent.file).await,
        Err(problem) => Err(problem),
    };
    match tried {
        Ok((imported, upload)) => drawn(&app, &session, Some(Done { imported, upload: Some(upload) })).await,
        Err(problem) => told(&app, &session, &problem).await,
    }
}

/// Rows that an import has rejected, to be mended and brought in again.
pub(super) async fn rejected(State(app): State<App>, session: Session, Path(name): Path<String>) -> Response {
    let head = [(CONTENT_TYPE, "text/csv; charset=utf-8"), (CONTENT_DISPOSITION, "attachment")];
    match imports::rejected(&session.caller, &name).await {
        Ok(rows) => (head, rows).into_response(),
        Err(problem) => told(&app, &session, &problem).await,
    }
}

#[derive(Deserialize)]
pub(super) struct Keep {
    csrf: String,
    upload: String,
    source: String,
    /// Absent where it is left.
    keep: Option<String>,
}

pub(super) async fn keep(State(app): State<App>, session: Session, Form(sent): Form<Keep>) -> Response {
    match kept(&session, sent).await {
        Ok(Some(imported)) => drawn(&app, &session, Some(Done { imported, upload: None })).await,
        Ok(None) => Redirect::to("/import").into_response(),
        Err(problem) => told(&app, &session, &problem).await,
    }
}

async fn kept(session: &Session, sent: Keep) -> Result<Option<Imported>, Problem> {
    session.own(&sent.csrf)?;
    session.caller.may(Doing::Import)?;
    let upload = Upload::found(&session.caller.client.folder, &sent.upload)?;
    if sent.keep.is_none() {
        upload.forget();
        return Ok(None);
    }
    let imported = imports::take(&session.caller, &upload, Some(sent.source), false).await?;
    upload.forget();
    Ok(Some(imported))
}

#[derive(Deserialize)]
pub(super) struct Undo {
    csrf: String,
    number: i64,
}

pub(super) async fn undo(State(app): State<App>, session: Session, Form(sent): Form<Undo>) -> Response {
    let done = match session.own(&sent.csrf) {
        Ok(()) => imports::take_back(&session.caller, sent.number).await,
        Err(problem) => Err(problem),
    };
    match done {
        Ok(_) => Redirect::to("/import").into_response(),
        Err(problem) => told(&app, &session, &problem).await,
    }
}
