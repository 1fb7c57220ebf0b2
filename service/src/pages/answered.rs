//! What a page says at its top of the question that was just answered: read off the log, whatever the address says.

use compiler::program::Settlement;
use runtime::crm::log::Asked;
use runtime::engine::{EntryId, QuestionKind};
use runtime::people;
use serde::Serialize;

use crate::pool::Reader;
use crate::problem::Problem;

/// A question that was answered.
#[derive(Serialize)]
pub(super) struct Answered {
    number: i64,
    /// `is approved`
    how: &'static str,
    /// About whom.
    about: Option<String>,
    /// Their number, where it is a contact.
    contact: Option<i64>,
}

/// What became of a question; none where nobody has answered it.
///
/// # Errors
/// Where the CRM cannot be read.
pub(super) fn answered(reader: &Reader, number: Option<i64>) -> Result<Option<Answered>, Problem> {
    let Some(number) = number else { return Ok(None) };
    let asked = Asked { number: Some(EntryId(number)), settled: true, ..Asked::default() };
    let Some(inquiry) = reader.crm.inbox(&asked)?.into_iter().next() else { return Ok(None) };
    let is_rating = matches!(inquiry.question.kind, QuestionKind::Rating { .. });
    let is_errand = inquiry.question.options.iter().any(|option| option == "done");
    let how = match inquiry.answer.as_ref().and_then(|answer| answer.how) {
        Some(Settlement::Rejected) => "is rejected",
        Some(Settlement::Approved | Settlement::Changed) if is_rating => "is answered: it is rated",
        Some(Settlement::Approved) if is_errand => "is answered: it is done",
        Some(Settlement::Approved) => "is approved",
        Some(Settlement::Changed) => "is changed and approved",
        Some(Settlement::Expired) | None => return Ok(None),
    };
    let about = inquiry.record.as_ref().map(|record| people::of(&reader.crm, &reader.program, record)).transpose()?;
    let contact = inquiry.record.filter(|record| record.entity == "Contact").map(|record| record.id);
    Ok(Some(Answered { number, how, about: about.map(|person| person.title()), contact }))
}
