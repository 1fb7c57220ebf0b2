//! What was at work before: named on the page of the playbook, and put to work again from there.

use axum::Form;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::page::told;
use super::session::Session;
use crate::api::{self, VERSIONS};
use crate::app::App;
use crate::folder::Folder;

/// So many former versions are named, the newest ones.
const NAMED: usize = 20;

/// A version that was at work.
#[derive(Serialize)]
pub(super) struct Former {
    hash: String,
    /// When another one took its place.
    until: Option<Timestamp>,
}

/// What was at work before, the newest first.
pub(super) fn listed(folder: &Folder, at_work: &str) -> Vec<Former> {
    let kept = folder.path().join(VERSIONS);
    let former = api::former(folder).into_iter().filter(|hash| hash != at_work);
    let mut all: Vec<Former> = former
        .map(|hash| {
            // It is kept at the moment at which another one takes its place.
            let changed = std::fs::metadata(kept.join(&hash)).and_then(|known| known.modified()).ok();
            Former { until: changed.and_then(|changed| Timestamp::try_from(changed).ok()), hash }
        })
        .collect();
    all.sort_by_key(|former| std::cmp::Reverse(former.until));
    all.truncate(NAMED);
    all
}

#[derive(Deserialize)]
pub(super) struct Back {
    csrf: String,
    to: String,
    /// What was at work when the page was drawn.
    version: String,
}

pub(super) async fn put_back(State(app): State<App>, session: Session, Form(sent): Form<Back>) -> Response {
    let done = match session.own(&sent.csrf) {
        Ok(()) => api::put_back(&session.caller, &sent.to, sent.version).await,
        Err(problem) => Err(problem),
    };
    match done {
        Ok(_) => Redirect::to("/playbook?done=back").into_response(),
        Err(problem) => told(&app, &session, &problem).await,
    }
}
