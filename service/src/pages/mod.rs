//! Pages for people: drawn here, usable without a mouse, without a script and on a phone. Each of them shows what the API shows, and
//! whatever is done on one is done as by the API.

mod answered;
mod bring;
pub(crate) mod editor;
mod forms;
mod founding;
mod hooks;
mod lost;
mod page;
mod session;
mod shown;
pub(crate) mod templates;
mod versions;

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::header;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use futures_util::Stream;
use tokio::sync::watch;

use crate::access::caller::Caller;
use crate::app::App;
use crate::client::Client;
pub(crate) use lost::nothing;
use session::Session;

pub(crate) fn routes(app: &App) -> Router<App> {
    Router::new()
        .route("/import", get(bring::ask).post(bring::attempt))
        .route_layer(DefaultBodyLimit::max(app.configuration.limits.upload))
        .route("/import/keep", get(|| async { Redirect::to("/import") }).post(bring::keep))
        .route("/import/undo", post(bring::undo))
        .route("/import/lying", get(|| async { Redirect::to("/import") }).post(bring::lying))
        .route("/import/rejected/{name}", get(bring::rejected))
        .route("/", get(|| async { Redirect::to("/today") }))
        .route("/new", get(founding::ask).post(founding::make))
        .route("/login", get(forms::ask).post(forms::log_in))
        .route("/logout", post(forms::log_out))
        .route("/today", get(shown::today))
        .route("/prospects", get(shown::prospects))
        .route("/contacts", get(shown::contacts))
        .route("/contacts/{number}", get(shown::contact))
        .route("/pipeline", get(shown::pipeline))
        .route("/agents", get(shown::agents))
        .route("/goals", get(shown::goals))
        .route("/experiments", get(shown::experiments))
        .route("/playbook", get(shown::playbook))
        .route("/playbook/compare", get(|| async { Redirect::to("/playbook") }).post(forms::compare))
        .route("/playbook/editor", get(editor::open))
        .route("/playbook/activate", get(|| async { Redirect::to("/playbook") }).post(forms::activate))
        .route("/playbook/roll-back", get(|| async { Redirect::to("/playbook") }).post(versions::put_back))
        .route("/inbox/{number}/{answer}", get(|| async { Redirect::to("/today") }).post(forms::answer))
        .route("/step", post(forms::step))
        .route("/webhooks", get(hooks::show).post(hooks::act))
        .route("/news", get(news))
        .route("/assets/style.css", get(|| asset("text/css", include_str!("style.css"))))
        .route("/assets/page.js", get(|| asset("text/javascript", include_str!("page.js"))))
        .route("/assets/editor.js", get(|| asset("text/javascript", include_str!("editor.js"))))
        .route("/assets/icon.svg", get(|| asset("image/svg+xml", include_str!("icon.svg"))))
}

async fn asset(kind: &'static str, text: &'static str) -> Response {
    let kind = format!("{kind}; charset=utf-8");
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "public, max-age=3600".to_owned())], text).into_response()
}

/// Tells whoever looks when there is news: the number of the last entry, and nothing of what it says.
async fn news(State(app): State<App>, session: Session) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let Caller { client, token, .. } = session.caller;
    let (heard, stopping) = (client.news.clone(), app.stopping.clone());
    let telling = Telling { app, client, token: token.id, heard, stopping, begun: false };
    let stream = futures_util::stream::unfold(telling, |mut telling| async move {
        let mark = telling.next().await?;
        Some((Ok(Event::default().event("news").data(mark.to_string())), telling))
    });
    Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
}

/// Somebody who is told.
struct Telling {
    app: App,
    client: Arc<Client>,
    token: String,
    heard: watch::Receiver<u64>,
    stopping: watch::Receiver<bool>,
    begun: bool,
}

impl Telling {
    /// The next mark; none once there is nothing more to tell.
    async fn next(&mut self) -> Option<u64> {
        if std::mem::replace(&mut self.begun, true) {
            tokio::select! {
                changed = self.heard.changed() => changed.ok()?,
                _ = self.stopping.wait_for(|stop| *stop) => return None,
            }
        }
        // Whoever may not look any more is told nothing more.
        let known = self.client.file(|file| file.token(&self.token)).ok().flatten();
        known.filter(|token| token.is_valid(self.app.surroundings.now()))?;
        Some(*self.heard.borrow_and_update())
    }
}
