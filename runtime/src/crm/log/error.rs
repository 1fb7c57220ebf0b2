//! What can go wrong with the log, in words for the user who has to do something about it.

use crate::crm::CrmError;
use crate::engine::{EntryId, RecordRef};

/// Why something was not kept, or not read. Nothing of what was being written is kept then.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The database said no.
    #[error(transparent)]
    Crm(#[from] CrmError),
    /// Somebody else decided in between: read the case again and decide again.
    #[error("{} {} was changed by somebody else in the meantime: look at it again", record.entity, record.id)]
    Conflict {
        /// Whose case.
        record: RecordRef,
    },
    /// Somebody else wrote an entry in between, so that the numbers would be wrong: decide again.
    #[error("entry {wanted} was to be written, and the next one is {next}: decide again")]
    Overtaken {
        /// Which number the decision counted on.
        wanted: EntryId,
        /// The next one.
        next: EntryId,
    },
    /// The trigger has started such a run before.
    #[error("`{trigger}` has started `{workflow}` for {} {} already, and nothing starts twice", record.entity, record.id)]
    AlreadyStarted {
        /// Which workflow.
        workflow: String,
        /// Why.
        trigger: String,
        /// For what.
        record: RecordRef,
    },
    /// The workflow is at work on the record.
    #[error("`{workflow}` is at work on {} {} already", record.entity, record.id)]
    AlreadyRunning {
        /// Which workflow.
        workflow: String,
        /// For what.
        record: RecordRef,
    },
    /// An entry speaks of what is not there, or is settled already.
    #[error("entry {entry} speaks of {what} {about}, which is not there or is over")]
    NotThere {
        /// Which entry.
        entry: EntryId,
        /// `run`, `question`, `message`, `effect`
        what: &'static str,
        /// Its number.
        about: EntryId,
    },
    /// An entry of a case was written without one.
    #[error("entry {entry} belongs to a record, and none was named")]
    NoCase {
        /// Which entry.
        entry: EntryId,
    },
    /// An effect was taken over by somebody else, or is settled.
    #[error(
        "`{holder}` does not hold effect {effect} any more: its time has passed and somebody else took it, or it is settled"
    )]
    ClaimLost {
        /// The entry that asked for it.
        effect: EntryId,
        /// Who thought to hold it.
        holder: String,
    },
    /// The group that a decision was in was not kept.
    #[error("nothing of this group was kept: {why}")]
    NotKept {
        /// What went wrong.
        why: String,
    },
    /// What is kept cannot be understood.
    #[error("{what} cannot be read: {detail}; somebody changed the file by hand, so restore it from a backup")]
    Unreadable {
        /// `entry 17`, `the case of Contact 4`
        what: String,
        /// What is wrong.
        detail: String,
    },
}
