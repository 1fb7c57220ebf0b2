//! How a question is answered, by whichever way the answer came in: bound to the text that was seen, by a person, once.

use runtime::crm::log::Asked;
use runtime::engine::{EntryId, QuestionKind};
use runtime::placeholders::{self, Placeholder};
use runtime::runner::letters::Text;
use runtime::runner::{Given as Told, Runner};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::caller::Caller;
use crate::access::role::Doing;
use crate::problem::Problem;

/// So long may a reason be.
const REASON: usize = 2000;

/// An answer.
#[derive(Clone, Debug)]
pub(crate) enum Given {
    /// Yes, to what was seen; with points where a rating is asked for.
    Approve {
        /// The hash of the message that was seen.
        hash: Option<String>,
        /// How much, where a rating is asked for.
        value: Option<String>,
    },
    /// Yes, in other words.
    Change {
        /// The hash of the message that was seen.
        hash: String,
        /// The line above; as it was where nothing is said.
        subject: Option<String>,
        /// The text.
        body: String,
    },
    /// No.
    Reject {
        /// The hash of the message that was seen, where one was.
        hash: Option<String>,
    },
}

/// How a question was answered.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct Answered {
    /// Which.
    question: i64,
    /// `approved`, `changed` or `rejected`
    answer: String,
    /// By which of the client's people.
    by: String,
    /// Entries of the log that followed at once.
    entries: usize,
}

/// Answers a question as whoever asks.
///
/// # Errors
/// Where they may not, the question is not open, or it is not what was seen any more.
pub(crate) async fn answer(
    caller: &Caller,
    number: i64,
    given: Given,
    why: Option<String>,
) -> Result<Answered, Problem> {
    caller.may(Doing::Answer)?;
    let by = caller.person()?;
    if why.as_ref().is_some_and(|why| why.chars().count() > REASON) {
        return Err(Problem::unprocessable(format!("a reason has at most {REASON} letters")));
    }
    let why = why.filter(|why| !why.trim().is_empty());
    caller
        .client
        .order(move |runner, now| {
            let (told, answer) = told(runner, number, given)?;
            let done = runner.answer(EntryId(number), told, &by, why.as_deref(), now)?;
            Ok(Answered { question: number, answer: answer.to_owned(), by, entries: done.entries })
        })
        .await
}

/// An answer as the runner takes it, after a look at what is asked.
fn told(runner: &Runner, number: i64, given: Given) -> Result<(Told, &'static str), Problem> {
    let asked = Asked { number: Some(EntryId(number)), ..Asked::default() };
    let open = runner.crm.inbox(&asked)?.into_iter().next();
    let Some(inquiry) = open else {
        // What became of it, where there was one.
        runner.question(EntryId(number))?;
        return Err(Problem::not_found(format!("there is no open question {number}")));
    };
    let message = runner.message_of(&inquiry)?;
    let is_errand = matches!(inquiry.question.kind, QuestionKind::Errand { .. });
    let standing = message.as_ref().map(|(_, hash, _)| hash.as_str()).filter(|hash| !hash.is_empty() && !is_errand);
    let is_seen = |hash: Option<&str>| match (standing, hash) {
        (Some(standing), Some(hash)) if standing != hash => Err(Problem::conflict(
            "changed",
            "it is not what was seen any more",
            format!("the message of question {number} was changed since: look at it again"),
        )),
        (None, Some(_)) => {
            Err(Problem::unprocessable(format!("question {number} is about no message: leave `hash` out")))
        }
        _ => Ok(()),
    };
    match given {
        Given::Approve { hash, value } => {
            is_seen(hash.as_deref())?;
            if standing.is_some() && hash.is_none() {
                return Err(Problem::unprocessable(
                    "send the `hash` of the message that was seen: an approval is of that text",
                ));
            }
            if let Some(value) = value {
                if !matches!(inquiry.question.kind, QuestionKind::Rating { .. }) {
                    return Err(Problem::unprocessable(format!(
                        "question {number} asks for no rating: leave `value` out"
                    )));
                }
                let points = value.parse().map_err(|_| Problem::unprocessable("`value` is not a number of points"))?;
                return Ok((Told::Rate(points), "approved"));
            }
            let done = inquiry.question.options.iter().any(|option| option == "done");
            Ok((if done { Told::Done } else { Told::Approve(hash.map(Into::into)) }, "approved"))
        }
        Given::Change { hash, subject, body } => {
            let (_, _, text) = message.as_ref().ok_or_else(|| {
                Problem::unprocessable(format!("question {number} is about no message: approve or reject it"))
            })?;
            is_seen(Some(&hash))?;
            if body.trim().is_empty() {
                return Err(Problem::unprocessable("the text is empty: nobody would know what it is about"));
            }
            let subject = subject.filter(|subject| !subject.is_empty()).or_else(|| text.subject.clone());
            if subject.as_ref().is_some_and(|subject| subject.chars().any(char::is_control)) {
                return Err(Problem::unprocessable("the subject has a line break or another control character"));
            }
            let texts = [subject.as_deref().unwrap_or_default(), body.as_str()];
            if let Some(Placeholder { path, .. }) = texts.into_iter().find_map(placeholders::first) {
                return Err(Problem::unprocessable(format!(
                    "the text has a placeholder, `{path}`, and a person's own words go out as they stand: write what should stand there"
                )));
            }
            let plain = |text: &str| text.replace("\\{", "{");
            let text = Text { subject: subject.as_deref().map(plain), body: plain(&body.replace("\r\n", "\n")) };
            Ok((Told::Change(text), "changed"))
        }
        Given::Reject { hash } => {
            is_seen(hash.as_deref())?;
            Ok((Told::Reject, "rejected"))
        }
    }
}
