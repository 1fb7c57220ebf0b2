//! The editor's server in a page, over a WebSocket: what a browser asks about the playbook that it shows is answered as an editor on this
//! machine is answered, of the client's own files and of nothing else. A message of the socket is one of the protocol, without its head.

mod confined;
mod line;

use std::path::Path;
use std::sync::Arc;

use axum::extract::State;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Response};
use runtime::crm::Crm;
use tokio::io::{AsyncWriteExt as _, DuplexStream};
use tokio::sync::{OwnedSemaphorePermit, mpsc, watch};

use super::session::{Session, is_of_another_site};
use crate::access::caller::Caller;
use crate::access::role::Doing;
use crate::app::App;
use crate::problem::Problem;
use confined::Confined;
use line::Line;

/// So many editors are open at once, of all clients together: each has a thread, and a compiled playbook.
pub(crate) const AT_ONCE: usize = 32;
/// No message of a browser's is longer: a playbook of the largest kind, and some more.
const LONGEST: usize = 8 << 20;
/// Between the socket and the server.
const BETWEEN: usize = 1 << 20;

/// Somebody opens the page with the editor.
pub(super) async fn open(
    State(app): State<App>,
    session: Session,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    if is_of_another_site(&headers) || !is_own(&headers, &app.configuration.public_url) {
        return Problem::forbidden("no other site edits a playbook").into_response();
    }
    if let Err(problem) = session.caller.may(Doing::TryPlaybook) {
        return problem.into_response();
    }
    let Ok(place) = Arc::clone(&app.editors).try_acquire_owned() else {
        return Problem::unavailable("too many editors are open").into_response();
    };
    let upgrade = upgrade.max_message_size(LONGEST).max_frame_size(LONGEST);
    upgrade.on_upgrade(move |socket| between(app, session.caller, socket, place))
}

/// A socket is no form: its origin is what browsers say of it, and is to be this very host, or the address that people reach it by.
fn is_own(headers: &HeaderMap, public_url: &str) -> bool {
    let named = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let Some(origin) = named(header::ORIGIN) else { return false };
    let host = origin.split_once("://").map(|(_, host)| host);
    origin == public_url.trim_end_matches('/') || host.is_some() && host == named(header::HOST)
}

/// Carries messages between a browser and a server of its own, until one of them, the service or the token has ended.
async fn between(app: App, caller: Caller, mut socket: WebSocket, place: OwnedSemaphorePermit) {
    let line = Line::of(&caller.client.folder);
    let (mut inward, theirs) = tokio::io::duplex(BETWEEN);
    let (said, mut outward) = mpsc::unbounded_channel();
    if let Err(error) = begin(&app, &caller, theirs, said, place) {
        tracing::error!(client = caller.client.name(), kind = %error.kind(), "an editor could not be begun");
        return;
    }
    let mut stopping = app.stopping.clone();
    loop {
        tokio::select! {
            heard = socket.recv() => match heard {
                Some(Ok(Message::Text(text))) => {
                    if !is_welcome(&app, &caller) {
                        break;
                    }
                    let Some(text) = line.inward(&text) else { continue };
                    let head = format!("Content-Length: {}\r\n\r\n", text.len());
                    let sent = async {
                        inward.write_all(head.as_bytes()).await?;
                        inward.write_all(text.as_bytes()).await
                    };
                    if sent.await.is_err() {
                        break;
                    }
                }
                Some(Ok(Message::Binary(_) | Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(Message::Close(_)) | Err(_)) | None => break,
            },
            told = outward.recv() => match told {
                Some(text) => if socket.send(Message::Text(line.outward(text).into())).await.is_err() { break },
                None => break,
            },
            () = stopped(&mut stopping) => break,
        }
    }
    // With its input the server ends too. Whoever has gone away hears of no farewell.
    drop(inward);
    let _ = socket.send(Message::Close(None)).await;
}

async fn stopped(stopping: &mut watch::Receiver<bool>) {
    // Where nobody can say so any more, it has stopped as well.
    let _ = stopping.wait_for(|stop| *stop).await;
}

/// Whoever may not look any more edits no more either.
fn is_welcome(app: &App, caller: &Caller) -> bool {
    let known = caller.client.file(|file| file.token(&caller.token.id)).ok().flatten();
    known.is_some_and(|token| token.is_valid(app.surroundings.now()))
}

/// A server on a thread of its own: what it asks of the CRM waits, and nobody else is to wait with it.
fn begin(
    app: &App,
    caller: &Caller,
    stream: DuplexStream,
    said: mpsc::UnboundedSender<String>,
    place: OwnedSemaphorePermit,
) -> std::io::Result<()> {
    let surroundings = app.surroundings.clone();
    let settings = lsp::Settings {
        disk: Arc::new(Confined::to(&caller.client.folder)),
        standard: None,
        as_of: Arc::new(move |_: &Crm, _: &Path| surroundings.now()),
        version: env!("CARGO_PKG_VERSION"),
    };
    let own = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let name = format!("{} editor", caller.client.name());
    let work = move || {
        let _place = place;
        own.block_on(async {
            // Its answers are read all the while, so that it never waits for a browser.
            let (ours, theirs) = tokio::io::duplex(BETWEEN);
            tokio::join!(line::messages(theirs, said), lsp::serve(stream, ours, settings));
        });
        own.shutdown_background();
    };
    std::thread::Builder::new().name(name).spawn(work).map(drop)
}
