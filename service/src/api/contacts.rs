//! Contacts, their stories and their scores.

use axum::Json;
use serde::Deserialize;
use utoipa::IntoParams;

use super::sent::{Asked, At, Numbered, limit};
use crate::access::caller::Caller;
use crate::access::role::Doing;
use crate::problem::Problem;
use crate::views::contacts::{self as shown, Contacts};
use crate::views::ledger::{self, Ledger};
use crate::views::ranking::{self, Ranking};
use crate::views::story::{self, Story};

/// Which contacts.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Which {
    /// A part of a name, an address or a company.
    search: Option<String>,
    /// Only contacts with a higher number: what `next` said.
    #[serde(default)]
    after: i64,
    /// So many: 50 where nothing is said, and 200 at most.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<usize>,
}

/// By which score.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ByScore {
    /// Its name; the playbook's first where nothing is said.
    score: Option<String>,
}

/// A part of the ranking.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Ranks {
    /// By which score; the playbook's first where nothing is said.
    score: Option<String>,
    /// From behind that place on: what `next` said.
    #[serde(default)]
    #[param(minimum = 0)]
    after: u32,
    /// So many: 50 where nothing is said, and 200 at most.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<usize>,
}

/// Contacts, page by page.
#[utoipa::path(get, path = "/contacts", tag = "contacts", params(("client" = String, Path), Which), responses((status = 200, body = Contacts)))]
pub(crate) async fn contacts(caller: Caller, Asked(which): Asked<Which>) -> Result<Json<Contacts>, Problem> {
    caller.may(Doing::Look)?;
    let read = caller
        .client
        .read(move |reader, _| shown::page(reader, which.search.as_deref(), which.after, limit(which.limit)));
    read.await.map(Json)
}

/// A contact's whole story.
#[utoipa::path(get, path = "/contacts/{number}", tag = "contacts", params(("client" = String, Path), ("number" = i64, Path)), responses((status = 200, body = Story)))]
pub(crate) async fn contact(caller: Caller, At(at): At<Numbered>) -> Result<Json<Story>, Problem> {
    caller.may(Doing::Look)?;
    caller.client.read(move |reader, _| story::story(reader, at.number)).await.map(Json)
}

/// A contact's score as a ledger that adds up.
#[utoipa::path(get, path = "/contacts/{number}/score", tag = "scores", params(("client" = String, Path), ("number" = i64, Path), ByScore), responses((status = 200, body = Ledger)))]
pub(crate) async fn score(
    caller: Caller,
    At(at): At<Numbered>,
    Asked(by): Asked<ByScore>,
) -> Result<Json<Ledger>, Problem> {
    caller.may(Doing::Look)?;
    caller.client.read(move |reader, now| ledger::of(reader, now, by.score.as_deref(), at.number)).await.map(Json)
}

/// Everybody by a score, the best first.
#[utoipa::path(get, path = "/scores", tag = "scores", params(("client" = String, Path), Ranks), responses((status = 200, body = Ranking)))]
pub(crate) async fn scores(caller: Caller, Asked(ranks): Asked<Ranks>) -> Result<Json<Ranking>, Problem> {
    caller.may(Doing::Look)?;
    let after = usize::try_from(ranks.after).unwrap_or(usize::MAX);
    let read = caller
        .client
        .read(move |reader, now| ranking::ranking(reader, now, ranks.score.as_deref(), after, limit(ranks.limit)));
    read.await.map(Json)
}
