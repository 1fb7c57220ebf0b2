//! Companies, deals, activities and tasks. What they say is brought in by imports and found by agents: nothing is written here.

use axum::Json;
use serde::Deserialize;
use utoipa::IntoParams;

use super::sent::{Asked, At, Numbered, limit};
use crate::access::caller::Caller;
use crate::access::role::Doing;
use crate::problem::Problem;
use crate::views::records::{self as shown, Record, Records, Wanted};

/// Which records.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Which {
    /// Only those of that contact.
    contact: Option<i64>,
    /// Only those of that company.
    company: Option<i64>,
    /// Only those of that deal.
    deal: Option<i64>,
    /// Only records with a higher number: what `next` said.
    #[serde(default)]
    after: i64,
    /// So many: 50 where nothing is said, and 200 at most.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<usize>,
}

/// Companies, page by page.
#[utoipa::path(get, path = "/companies", tag = "records", params(("client" = String, Path), Which), responses((status = 200, body = Records)))]
pub(crate) async fn companies(caller: Caller, Asked(which): Asked<Which>) -> Result<Json<Records>, Problem> {
    page(&caller, "Company", which).await
}

/// A company.
#[utoipa::path(get, path = "/companies/{number}", tag = "records", params(("client" = String, Path), ("number" = i64, Path)), responses((status = 200, body = Record)))]
pub(crate) async fn company(caller: Caller, At(at): At<Numbered>) -> Result<Json<Record>, Problem> {
    one(&caller, "Company", at.number).await
}

/// Deals, page by page.
#[utoipa::path(get, path = "/deals", tag = "records", params(("client" = String, Path), Which), responses((status = 200, body = Records)))]
pub(crate) async fn deals(caller: Caller, Asked(which): Asked<Which>) -> Result<Json<Records>, Problem> {
    page(&caller, "Deal", which).await
}

/// A deal.
#[utoipa::path(get, path = "/deals/{number}", tag = "records", params(("client" = String, Path), ("number" = i64, Path)), responses((status = 200, body = Record)))]
pub(crate) async fn deal(caller: Caller, At(at): At<Numbered>) -> Result<Json<Record>, Problem> {
    one(&caller, "Deal", at.number).await
}

/// Activities, page by page.
#[utoipa::path(get, path = "/activities", tag = "records", params(("client" = String, Path), Which), responses((status = 200, body = Records)))]
pub(crate) async fn activities(caller: Caller, Asked(which): Asked<Which>) -> Result<Json<Records>, Problem> {
    page(&caller, "Activity", which).await
}

/// An activity.
#[utoipa::path(get, path = "/activities/{number}", tag = "records", params(("client" = String, Path), ("number" = i64, Path)), responses((status = 200, body = Record)))]
pub(crate) async fn activity(caller: Caller, At(at): At<Numbered>) -> Result<Json<Record>, Problem> {
    one(&caller, "Activity", at.number).await
}

/// Tasks, page by page.
#[utoipa::path(get, path = "/tasks", tag = "records", params(("client" = String, Path), Which), responses((status = 200, body = Records)))]
pub(crate) async fn tasks(caller: Caller, Asked(which): Asked<Which>) -> Result<Json<Records>, Problem> {
    page(&caller, "Task", which).await
}

/// A task.
#[utoipa::path(get, path = "/tasks/{number}", tag = "records", params(("client" = String, Path), ("number" = i64, Path)), responses((status = 200, body = Record)))]
pub(crate) async fn task(caller: Caller, At(at): At<Numbered>) -> Result<Json<Record>, Problem> {
    one(&caller, "Task", at.number).await
}

async fn page(caller: &Caller, name: &'static str, which: Which) -> Result<Json<Records>, Problem> {
    caller.may(Doing::Look)?;
    let of = [("contact", which.contact), ("company", which.company), ("deal", which.deal)];
    let of = of.into_iter().filter_map(|(relation, number)| Some((relation, number?))).collect();
    let wanted = Wanted { of, after: which.after, limit: limit(which.limit) };
    caller.client.read(move |reader, _| shown::page(reader, name, &wanted)).await.map(Json)
}

async fn one(caller: &Caller, name: &'static str, number: i64) -> Result<Json<Record>, Problem> {
    caller.may(Doing::Look)?;
    caller.client.read(move |reader, _| shown::one(reader, name, number)).await.map(Json)
}
