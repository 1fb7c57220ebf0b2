//! What people are asked, and how it was settled.

use compiler::program::Settlement;
use jiff::Timestamp;
use smol_str::SmolStr;

use super::LogError;
use super::derive::Row;
use crate::engine::{EntryId, QuestionKind};

/// A question that is asked.
#[derive(Clone, Copy)]
pub(super) struct New<'a> {
    pub(super) question: &'a QuestionKind,
    pub(super) whom: Option<&'a str>,
    pub(super) options: &'a [SmolStr],
    pub(super) words: &'a str,
    pub(super) notes: &'a [SmolStr],
    pub(super) due: Option<Timestamp>,
    pub(super) remind: Option<Timestamp>,
}

pub(super) fn ask(row: Row<'_>, run: Option<EntryId>, new: &New<'_>) -> Result<(), LogError> {
    let insert = "INSERT INTO question (number, run, entity, record, about, whom, options, words, notes, asked, due, remind) \
                  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
    let (entity, record) = row.place.record.map(|record| (record.entity.as_str(), record.id)).unzip();
    let json = |text: Result<String, serde_json::Error>| {
        text.map_err(|error| LogError::Unreadable {
            what: format!("entry {}", row.place.number),
            detail: error.to_string(),
        })
    };
    let about = json(serde_json::to_string(new.question))?;
    let (options, notes) = (json(serde_json::to_string(new.options))?, json(serde_json::to_string(new.notes))?);
    let (due, remind) = (new.due.map(Timestamp::as_microsecond), new.remind.map(Timestamp::as_microsecond));
    let run = run.map(|run| run.0);
    let asked = row.at();
    let values = (row.number(), run, entity, record, about, new.whom, options, new.words, notes, asked, due, remind);
    row.write(insert, values).map(drop)
}

pub(super) fn remind(row: Row<'_>, question: EntryId, next: Option<Timestamp>) -> Result<(), LogError> {
    let update = "UPDATE question SET remind = ?2, reminded = reminded + 1 WHERE number = ?1 AND settled IS NULL";
    row.change("question", question, update, (question.0, next.map(Timestamp::as_microsecond)))
}

pub(super) fn prolong(
    row: Row<'_>,
    question: EntryId,
    due: Option<Timestamp>,
    remind: Option<Timestamp>,
) -> Result<(), LogError> {
    let update = "UPDATE question SET due = ?2, remind = ?3 WHERE number = ?1 AND settled IS NULL";
    let (due, remind) = (due.map(Timestamp::as_microsecond), remind.map(Timestamp::as_microsecond));
    row.change("question", question, update, (question.0, due, remind))
}

pub(super) fn settle(
    row: Row<'_>,
    question: EntryId,
    how: Option<Settlement>,
    by: Option<&str>,
) -> Result<(), LogError> {
    let how = how.map(|how| match how {
        Settlement::Approved => "approved",
        Settlement::Changed => "changed",
        Settlement::Rejected => "rejected",
        Settlement::Expired => "expired",
    });
    let update = "UPDATE question SET settled = ?2, settled_at = ?3, how = ?4, who = ?5, remind = NULL \
                  WHERE number = ?1 AND settled IS NULL";
    row.change("question", question, update, (question.0, row.number(), row.at(), how, by))
}
