//! The page of webhooks that go out: who is told, what was told, and telling it again.

use axum::Form;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use minijinja::context;
use minijinja::value::Serde;
use runtime::crm::service_file::deliveries::Again;
use serde::{Deserialize, Serialize};

use super::page::{Page, draw, told};
use super::session::Session;
use crate::api::outgoing::{self, Deliveries, Receiver};
use crate::app::App;
use crate::problem::Problem;

/// So many deliveries are shown of each.
const SHOWN: usize = 40;

#[derive(Serialize)]
struct Shown {
    receiver: Receiver,
    deliveries: Deliveries,
}

pub(super) async fn show(State(app): State<App>, session: Session) -> Response {
    match shown(&app, &session).await {
        Ok(all) => {
            let page = Page { template: "webhooks.html", here: "", title: "Webhooks" };
            draw(&app, &session, page, context! { all => Serde(all) }).await
        }
        Err(problem) => told(&app, &session, &problem).await,
    }
}

async fn shown(app: &App, session: &Session) -> Result<Vec<Shown>, Problem> {
    let mut all = Vec::new();
    for receiver in outgoing::all(app, &session.caller).await? {
        let deliveries = outgoing::listed(app, &session.caller, receiver.name.clone(), None, SHOWN).await?;
        all.push(Shown { receiver, deliveries });
    }
    Ok(all)
}

#[derive(Deserialize)]
pub(super) struct Do {
    csrf: String,
    hook: String,
    /// Which is told again; absent where the receiver is to go on.
    delivery: Option<i64>,
}

pub(super) async fn act(State(app): State<App>, session: Session, Form(sent): Form<Do>) -> Response {
    let done = match (session.own(&sent.csrf), sent.delivery) {
        (Err(problem), _) => Err(problem),
        (Ok(()), Some(number)) => {
            outgoing::tell_again(&app, &session.caller, sent.hook, Again::One(number)).await.map(drop)
        }
        (Ok(()), None) => outgoing::go_on(&app, &session.caller, sent.hook).await.map(drop),
    };
    match done {
        Ok(()) => Redirect::to("/webhooks").into_response(),
        Err(problem) => told(&app, &session, &problem).await,
    }
}
