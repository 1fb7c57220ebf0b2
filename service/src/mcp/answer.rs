//! What a tool answers: data, a denial with its reasons, or that a person has to say yes first.

use rmcp::ErrorData;
use rmcp::model::{CallToolResponse, CallToolResult};
use runtime::engine::Entry;
use serde_json::{Value, json};

use crate::problem::Problem;

/// What came of a call, before it is put into the words of a revision.
#[derive(Debug)]
pub(super) enum Answer {
    /// It is done, or shown.
    Done(Value),
    /// The gate says no; it stands in the log.
    Denied(Value),
    /// It cannot be done so: why, and what to do.
    Failed(String),
    /// A person is asked in the inbox, and nothing goes on before.
    Waits(Waiting),
}

/// What waits for a person.
#[derive(Debug)]
pub(super) struct Waiting {
    /// The question of the inbox, where one is asked already.
    pub(super) question: Option<i64>,
    /// The message that does not go out before.
    pub(super) message: i64,
    /// What is asked, without a word of anybody outside.
    pub(super) words: String,
    /// What is looked at when the call is made again.
    pub(super) state: Value,
}

impl Answer {
    /// What the gate says, where it says no.
    pub(super) fn denied(said: Option<&Entry>) -> Option<Self> {
        let Some(Entry::Denied { act, reasons, .. }) = said else { return None };
        let reasons: Vec<Value> =
            reasons.iter().map(|(check, why)| json!({ "check": check, "because": why })).collect();
        Some(Self::Denied(json!({ "status": "denied", "act": act, "reasons": reasons })))
    }
}

impl From<Value> for Answer {
    fn from(value: Value) -> Self {
        Self::Done(value)
    }
}

/// A problem as a tool tells it: what an agent can mend it reads, what is broken here it does not.
///
/// # Errors
/// Where it is ours.
pub(super) fn told(problem: &Problem) -> Result<Answer, ErrorData> {
    if problem.status() >= 500 {
        return Err(ErrorData::internal_error(problem.detail().to_owned(), None));
    }
    Ok(Answer::Failed(problem.detail().to_owned()))
}

/// An answer that waits for nobody.
pub(super) fn complete(answer: Answer) -> CallToolResponse {
    match answer {
        Answer::Done(value) => CallToolResult::structured(value).into(),
        Answer::Denied(value) => CallToolResult::structured_error(value).into(),
        Answer::Failed(why) => CallToolResult::structured_error(json!({ "status": "failed", "why": why })).into(),
        Answer::Waits(Waiting { question, message, words, .. }) => {
            let what = json!({ "status": "input_required", "question": question, "message": message, "what": words });
            CallToolResult::structured(what).into()
        }
    }
}
