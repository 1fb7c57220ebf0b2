//! The log, folded for measuring: runs, moves, scores, questions, acts. Whatever is measured of workflows is measured of this.
//!
//! It knows the entries and nothing of the playbook: what is counted here was so whatever the playbook says today.

mod fold;

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use compiler::program::{Fixed, Settlement};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use smol_str::SmolStr;

use crate::crm::Crm;
use crate::crm::log::{LogError, Logged};
use crate::engine::{EntryId, RecordRef};
use crate::metrics::Signature;
use fold::Fold;

/// The log up to an instant, folded for measuring.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Journal {
    /// When the first entry was made.
    pub began: Option<Timestamp>,
    /// When a playbook first ran.
    pub activated: Option<Timestamp>,
    /// By the entry that started it.
    pub runs: BTreeMap<EntryId, Run>,
    /// Visits to stages, in the order in which they began.
    pub visits: Vec<Visit>,
    /// Scores that were asked for, the oldest first.
    pub scored: Vec<Scored>,
    /// Stage questions to people, the oldest first.
    pub questions: Vec<Question>,
    /// What agents and people did or tried to do, the oldest first.
    pub acts: Vec<Act>,
    /// What was carried out, as far as it may cost money: work done and messages sent, the oldest first.
    pub carried: Vec<Carried>,
    /// What ports were paid, in the client's currency, and when; the oldest first.
    pub paid: Vec<(Timestamp, Decimal)>,
    /// Starts that would have fed themselves: which workflow's, and when.
    pub caught: Vec<(SmolStr, Timestamp)>,
    /// Who signed what, the oldest first.
    pub signatures: Vec<Signature>,
}

/// A run, live or over.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// Which workflow.
    pub workflow: SmolStr,
    /// For what.
    pub record: RecordRef,
    /// In whose case.
    pub case: RecordRef,
    /// Since when.
    pub started: Timestamp,
    /// Where it is or was: its last visit, a place in [`Journal::visits`].
    pub last: Option<usize>,
    /// How it ended.
    pub ended: Option<Ended>,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// The entry that says so.
    pub entry: EntryId,
    /// When.
    pub at: Timestamp,
    /// `disqualified`
    pub outcome: SmolStr,
    /// Why, as the log says.
    pub because: Option<SmolStr>,
}

/// A run in a stage, handoff or end.
#[derive(Clone, Debug, PartialEq)]
pub struct Visit {
    /// Which run.
    pub run: EntryId,
    /// Of which workflow.
    pub workflow: SmolStr,
    /// Where.
    pub stage: SmolStr,
    /// From which stage; none at the start.
    pub from: Option<SmolStr>,
    /// The way in, as written.
    pub way: SmolStr,
    /// Since when.
    pub entered: Timestamp,
    /// How it was left; none while the run is there.
    pub left: Option<Left>,
    /// A person stepped in, or was asked because of trouble.
    pub disturbed: bool,
}

/// How a stage was left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// When.
    pub at: Timestamp,
    /// For which stage; none where the run ended there.
    pub to: Option<SmolStr>,
    /// Who ran the stage, where the log says so: agent or role.
    pub by: Option<SmolStr>,
    /// `2026-W48`, in the client's zone.
    pub week: SmolStr,
}

/// A score as it was when it was asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Scored {
    /// For what the run ran.
    pub record: RecordRef,
    /// In whose case.
    pub case: RecordRef,
    /// When.
    pub at: Timestamp,
    /// Which.
    pub score: SmolStr,
    /// Where it routed.
    pub route: Option<SmolStr>,
    /// Whatever turned out.
    pub certain: bool,
    /// Layer by layer.
    pub layers: Vec<(SmolStr, Fixed)>,
}

/// A stage's question to a person.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// Which visit it belongs to, a place in [`Journal::visits`].
    pub visit: usize,
    /// When it was asked, as a week.
    pub week: SmolStr,
    /// Who wrote the draft that it is about; none where it is about none.
    pub draft_by: Option<SmolStr>,
    /// Evidence was missing when it was asked.
    pub lacks_evidence: bool,
    /// How it was settled, and in which week; none where it is open or void.
    pub settled: Option<(Settlement, SmolStr)>,
}

/// Something that was done or refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// In which visit; none where it came from outside.
    pub visit: Option<usize>,
    /// By which agent or role.
    pub by: SmolStr,
    /// `2026-W48`
    pub week: SmolStr,
    /// It was refused.
    pub denied: bool,
}

/// Work that was done, or a message that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carried {
    /// For which run.
    pub run: EntryId,
    /// When.
    pub at: Timestamp,
    /// `research`, `write`, `send`
    pub action: SmolStr,
    /// What the action may have a variant for: its object and its channel.
    pub about: [Option<SmolStr>; 2],
}

impl Journal {
    /// Folds entries; those that were made after the instant are left out.
    pub fn of<'e>(entries: impl IntoIterator<Item = &'e Logged>, now: Timestamp, zone: &TimeZone) -> Self {
        let mut fold = Fold::new(zone);
        for logged in entries {
            if logged.at > now {
                break;
            }
            fold.entry(logged);
        }
        fold.journal
    }

    /// Folds the log of a CRM up to an instant.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn read(crm: &Crm, now: Timestamp, zone: &TimeZone) -> Result<Self, LogError> {
        let mut fold = Fold::new(zone);
        crm.entries(None, EntryId(0), |logged| {
            if logged.at > now {
                return ControlFlow::Break(());
            }
            fold.entry(&logged);
            ControlFlow::Continue(())
        })?;
        Ok(fold.journal)
    }

    /// The contact in whose case a run is; none where the case is another record's.
    #[must_use]
    pub fn contact(&self, run: EntryId) -> Option<i64> {
        contact(&self.runs.get(&run)?.case)
    }

    /// The way by which a run came to where it is or was last.
    #[must_use]
    pub fn last_visit(&self, run: &Run) -> Option<&Visit> {
        run.last.and_then(|last| self.visits.get(last))
    }
}

impl Scored {
    /// Whom a score is of: the run's record where the score is of that kind, otherwise the one in whose case it runs.
    #[must_use]
    pub fn whom(&self, entity: Option<&SmolStr>) -> &RecordRef {
        if entity == Some(&self.record.entity) { &self.record } else { &self.case }
    }
}

/// The number of a contact; none of another record.
#[must_use]
pub fn contact(record: &RecordRef) -> Option<i64> {
    (record.entity == "Contact").then_some(record.id)
}
