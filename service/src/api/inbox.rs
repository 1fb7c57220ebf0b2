//! The inbox: what people are asked, and their answers.

use axum::Json;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::answers::{Answered, Given, answer};
use super::sent::{Asked, At, Numbered, Sent, limit};
use crate::access::caller::Caller;
use crate::access::role::Doing;
use crate::problem::Problem;
use crate::views::inbox::{self as shown, Inbox, Question};

/// Which questions.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Which {
    /// Only what that one of the client's people is asked, and what anybody is.
    whom: Option<String>,
    /// From behind that place on: what `next` said.
    #[serde(default)]
    #[param(minimum = 0)]
    after: u32,
    /// So many: 50 where nothing is said, and 200 at most.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<usize>,
}

/// A yes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Approval {
    /// The hash of the message that was seen: an approval is of exactly that text. Left out where the question is about no message.
    hash: Option<String>,
    /// How much, where a rating is asked for.
    value: Option<String>,
    /// Why, for the log.
    why: Option<String>,
}

/// A yes in other words.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rewriting {
    /// The hash of the message that was seen.
    hash: String,
    /// The line above; as it was where nothing is said.
    subject: Option<String>,
    /// The text, as it goes out.
    body: String,
    /// Why, for the log.
    why: Option<String>,
}

/// A no.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rejection {
    /// The hash of the message that was seen, where one was.
    hash: Option<String>,
    /// Why, for the log.
    why: Option<String>,
}

/// The open questions, the one that is due first first.
#[utoipa::path(get, path = "/inbox", tag = "inbox", params(("client" = String, Path), Which), responses((status = 200, body = Inbox)))]
pub(crate) async fn inbox(caller: Caller, Asked(which): Asked<Which>) -> Result<Json<Inbox>, Problem> {
    caller.may(Doing::Look)?;
    let after = usize::try_from(which.after).unwrap_or(usize::MAX);
    let read =
        caller.client.read(move |reader, _| shown::open(reader, which.whom.as_deref(), after, limit(which.limit)));
    read.await.map(Json)
}

/// One open question.
#[utoipa::path(get, path = "/inbox/{number}", tag = "inbox", params(("client" = String, Path), ("number" = i64, Path)), responses((status = 200, body = Question)))]
pub(crate) async fn question(caller: Caller, At(at): At<Numbered>) -> Result<Json<Question>, Problem> {
    caller.may(Doing::Look)?;
    caller.client.read(move |reader, _| shown::one(reader, at.number)).await.map(Json)
}

/// Says yes: to the message as it was seen, or that something is done.
#[utoipa::path(post, path = "/inbox/{number}/approve", tag = "inbox", params(("client" = String, Path), ("number" = i64, Path)), request_body = Approval, responses((status = 200, body = Answered)))]
pub(crate) async fn approve(
    caller: Caller,
    At(at): At<Numbered>,
    Sent(sent): Sent<Approval>,
) -> Result<Json<Answered>, Problem> {
    let given = Given::Approve { hash: sent.hash, value: sent.value };
    answer(&caller, at.number, given, sent.why).await.map(Json)
}

/// Says yes in other words: they take the place of the message, approved as they stand.
#[utoipa::path(post, path = "/inbox/{number}/change", tag = "inbox", params(("client" = String, Path), ("number" = i64, Path)), request_body = Rewriting, responses((status = 200, body = Answered)))]
pub(crate) async fn change(
    caller: Caller,
    At(at): At<Numbered>,
    Sent(sent): Sent<Rewriting>,
) -> Result<Json<Answered>, Problem> {
    let given = Given::Change { hash: sent.hash, subject: sent.subject, body: sent.body };
    answer(&caller, at.number, given, sent.why).await.map(Json)
}

/// Says no.
#[utoipa::path(post, path = "/inbox/{number}/reject", tag = "inbox", params(("client" = String, Path), ("number" = i64, Path)), request_body = Rejection, responses((status = 200, body = Answered)))]
pub(crate) async fn reject(
    caller: Caller,
    At(at): At<Numbered>,
    Sent(sent): Sent<Rejection>,
) -> Result<Json<Answered>, Problem> {
    answer(&caller, at.number, Given::Reject { hash: sent.hash }, sent.why).await.map(Json)
}
