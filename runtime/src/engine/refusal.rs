//! Why an input changes nothing: for who gave it.

use smol_str::SmolStr;

use super::EntryId;

/// An input that is refused; nothing of it is in the log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It was settled before, expired, or never asked.
    #[error("question {0} is not open: it was answered, has expired, or was never asked")]
    NoSuchQuestion(EntryId),
    /// Somebody else was asked.
    #[error("question {question} is for `{whom}`, not for `{by}`")]
    NotForYou {
        /// Which.
        question: EntryId,
        /// Who was asked.
        whom: SmolStr,
        /// Who answered.
        by: SmolStr,
    },
    /// Agents answer no questions.
    #[error("question {question} is for a person, and `{by}` is an agent")]
    NotAPerson {
        /// Which.
        question: EntryId,
        /// Who answered.
        by: SmolStr,
    },
    /// The message is not what the person saw.
    #[error("the message of question {0} was changed since: look at it again")]
    Changed(EntryId),
    /// Not an answer to that question.
    #[error("question {question} cannot be answered so: it takes {options}")]
    NotAnOption {
        /// Which.
        question: EntryId,
        /// What it takes.
        options: String,
    },
    /// The time to answer it is over.
    #[error("question {question} has expired: the time to answer it is over")]
    Expired {
        /// Which.
        question: EntryId,
        /// When it was.
        due: jiff::Timestamp,
    },
    /// A yes alone does not change what keeps it.
    #[error("question {question} cannot be approved while this is so: {why}")]
    StillSo {
        /// Which.
        question: EntryId,
        /// What keeps it.
        why: SmolStr,
    },
    /// A rating is asked for.
    #[error("question {question} asks for a rating by `{rubric}`: say how much, {levels}")]
    NoRating {
        /// Which.
        question: EntryId,
        /// By which rubric.
        rubric: SmolStr,
        /// What its lines span.
        levels: SmolStr,
    },
    /// The rubric does not reach so far.
    #[error("`{value}` is no rating by `{rubric}`, which goes {levels}")]
    NoSuchRating {
        /// Which.
        question: EntryId,
        /// By which rubric.
        rubric: SmolStr,
        /// What was said.
        value: compiler::program::Fixed,
        /// What its lines span.
        levels: SmolStr,
    },
    /// Evidence is missing; going on all the same needs a reason.
    #[error("question {0} notes evidence that is not there: approve it with a reason, or reject it")]
    ReasonNeeded(EntryId),
    /// There is no such run, work or send any more.
    #[error("{0} is not under way: it is done, was cancelled, or never was")]
    NotUnderWay(EntryId),
    /// The message was sent, or is gone.
    #[error("message {0} can no longer be changed: it was sent, or its run went on")]
    MessageGone(EntryId),
    /// The person was forgotten.
    #[error("this record was erased: nothing can be done with it")]
    Erased,
}
