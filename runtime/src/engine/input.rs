//! What can happen to a case from outside.

use compiler::program::{EntityId, FieldId, ScoreId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::EntryId;

/// Something that the engine is told.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// An event of the record is in the CRM.
    Happened {
        /// `reply.received`
        event: SmolStr,
        /// To which record: the case's own, or a deal of it.
        of: super::RecordRef,
        /// Its row; a run starts once for it. Zero for one that has no row, as a record's creation.
        row: i64,
        /// When it happened, which may be long ago.
        at: Timestamp,
        /// The run whose doing it was, where it was the engine's.
        cause: Option<EntryId>,
    },
    /// A schedule chose this record.
    Scheduled {
        /// Whose schedule.
        workflow: SmolStr,
        /// Which of its starts.
        start: u32,
        /// For which instant.
        slot: Timestamp,
        /// For which record: the case's own, or a deal of it.
        of: super::RecordRef,
    },
    /// Time has passed: whatever is due is done.
    Woke,
    /// A pause is about to end: no time limit ran in it.
    StoodStill {
        /// What is resumed.
        ends: Standstill,
        /// All pauses that concern the record, this one with them: what two have in common counts once.
        pauses: Vec<Pause>,
    },
    /// An agent has done its work. What it found is already checked at the gate and in the CRM.
    Done {
        /// Which.
        work: EntryId,
        /// What came of it.
        result: WorkResult,
    },
    /// An agent's work failed for good.
    Failed {
        /// Which.
        work: EntryId,
        /// Why.
        why: SmolStr,
    },
    /// A person answers a question.
    Answered {
        /// Which.
        question: EntryId,
        /// What.
        answer: Answer,
        /// Who: a role of the client.
        by: SmolStr,
        /// Why, for the log.
        why: Option<String>,
        /// The record that a handoff goes on with, where that is another one than the case's own: a deal made for it.
        record: Option<super::RecordRef>,
    },
    /// Somebody changes a message: its approval is void.
    Rewritten {
        /// Which.
        message: EntryId,
        /// The hash of what it says now.
        hash: SmolStr,
        /// An agent, or a role.
        by: SmolStr,
        /// By an agent; a person's own words are approved by writing them only within an answer.
        agent: bool,
    },
    /// A send has reached its port.
    Delivered {
        /// Which.
        send: EntryId,
    },
    /// A send was given up.
    Undelivered {
        /// Which.
        send: EntryId,
        /// Why.
        why: SmolStr,
        /// It may have gone out all the same: it is never tried again by itself.
        uncertain: bool,
    },
    /// The receiver of a handoff answers.
    OfferAnswered {
        /// Which.
        offer: EntryId,
        /// It is taken.
        accepted: bool,
        /// Who: an agent or a role.
        by: SmolStr,
        /// Why not.
        why: Option<String>,
        /// The record that the receiving workflow runs for: a deal made for it, else the case's own.
        record: Option<super::RecordRef>,
    },
    /// The playbook was changed: runs go on in other stages.
    Moved {
        /// Which, and where.
        moves: Vec<super::Relocation>,
        /// Who said so.
        by: SmolStr,
        /// Why, for the log.
        why: Option<String>,
    },
    /// A person steps in.
    Override {
        /// How.
        kind: Override,
        /// One run, or the whole case.
        run: Option<EntryId>,
        /// Who.
        by: SmolStr,
        /// Why.
        why: Option<String>,
    },
    /// An agent asks to act from outside: over a protocol, or in a test. Allowed acts are done as if the stage had them.
    Tried {
        /// Which agent.
        agent: SmolStr,
        /// What it wants to do.
        act: compiler::program::Act,
    },
    /// An agent asks from outside to see or change something of the record by itself. What is allowed, the shell does.
    Reached {
        /// Which agent.
        agent: SmolStr,
        /// All of it, or nothing.
        reaches: Vec<Reach>,
        /// The same in words, for the log.
        words: SmolStr,
    },
    /// An agent hands the record over from outside, as a handoff of one of its workflows would.
    HandedIn {
        /// To which workflow.
        to: SmolStr,
        /// For which record: the case's own, or a deal of it.
        of: super::RecordRef,
        /// Which agent.
        by: SmolStr,
        /// By what it is known again: handed in twice with the same one, it counts once.
        key: SmolStr,
    },
    /// The person asked to be forgotten.
    Erased {
        /// Who saw to it.
        by: SmolStr,
    },
}

/// Something that an agent wants to see or change by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// To see a field; what belongs to the record where absent.
    Read(EntityId, Option<FieldId>),
    /// To see a score.
    ReadScore(ScoreId),
    /// To change a field.
    Write(EntityId, FieldId),
    /// To make a record, for a purpose where it has one.
    Create(EntityId, Option<SmolStr>),
}

impl Reach {
    /// Nothing is changed by it.
    #[must_use]
    pub const fn is_reading(&self) -> bool {
        matches!(self, Self::Read(..) | Self::ReadScore(_))
    }
}

/// What came of an agent's work.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkResult {
    /// Facts or insights, by number of kept ones and of refused ones.
    Found {
        /// Kept.
        kept: u32,
        /// Refused at the gate.
        refused: u32,
    },
    /// A message.
    Wrote {
        /// The hash of channel, subject and body.
        hash: SmolStr,
        /// Over which channel it is to go.
        channel: SmolStr,
        /// From which template.
        template: SmolStr,
    },
    /// A rating; none where the rater could not say.
    Rated {
        /// By which rubric.
        rubric: SmolStr,
        /// How much.
        value: Option<compiler::program::Fixed>,
        /// Of the message with this hash; otherwise of the record.
        message: Option<SmolStr>,
    },
    /// Nothing to tell.
    Nothing,
}

/// What a person says to a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Yes; of the message whose hash the person saw.
    Approve {
        /// What they saw. It must be what stands now.
        hash: Option<SmolStr>,
    },
    /// No.
    Reject,
    /// Yes, with these words of their own.
    Change {
        /// The hash of them.
        hash: SmolStr,
    },
    /// An errand is done.
    Done,
    /// So much, by the rubric that was asked about.
    Rate {
        /// Within what its lines span.
        value: compiler::program::Fixed,
    },
}

/// How a person steps in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "they are what they are called")]
pub enum Override {
    Pause,
    Resume,
    Cancel,
}

/// Something that is paused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pause {
    /// What.
    pub what: Standstill,
    /// Since when.
    pub since: Timestamp,
}

/// What stands still.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standstill {
    /// All of the record.
    Record,
    /// One run.
    Run(EntryId),
    /// `agent LeadGen`, `workflow LeadGeneration`, `everything`.
    Switch(SmolStr),
}
