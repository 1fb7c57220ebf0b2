//! What the engine asks about facts. All answers of one step come from one snapshot at one instant.

use compiler::program::{Act, Condition, ExperimentId, Fixed, Guard, ScoreId, Subject, Term};
use jiff::Timestamp;
use smol_str::SmolStr;

use super::{Reach, RecordRef, Run};
use crate::experiments::Chosen;

/// Answers about the facts of a case's record.
pub trait Judge {
    /// Whether a condition holds of a record; none is unknown. A run of a deal asks about its own deal.
    fn holds(&mut self, of: &RecordRef, subject: Subject, condition: &Condition) -> Option<bool>;

    /// As [`Judge::holds`], but scores route as they stand now, however provisional, and unknown is no.
    fn holds_for_now(&mut self, of: &RecordRef, subject: Subject, condition: &Condition) -> bool;

    /// A term's value; none while it is unknown.
    fn value(&mut self, of: &RecordRef, subject: Subject, term: &Term) -> Option<Fixed>;

    /// Whether an event that is in the CRM fits a query's filter.
    fn fits(&mut self, row: i64, filter: &Condition) -> bool;

    /// A score as it stands.
    fn score(&mut self, of: &RecordRef, score: ScoreId) -> Option<Scored>;

    /// Enough decisions are known for the score's routes to act.
    fn is_trusted(&mut self, score: ScoreId) -> bool;

    /// What the contact policy says to a send over this channel, now.
    fn may_send(&mut self, channel: &str) -> Sending;

    /// Why the contact must not be written to any more over this channel: they asked for that, or their consent was withdrawn.
    fn left_alone(&mut self, channel: &str) -> Option<SmolStr>;

    /// Whether that trigger has ever started that workflow for that record.
    fn has_started(&mut self, workflow: &str, trigger: &str, record: &RecordRef) -> bool;

    /// The arm of an experiment that this record gets; asked once, what is answered stays theirs. None where nothing can be tried.
    fn arm(&mut self, experiment: ExperimentId) -> Option<Chosen>;
}

/// A score as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scored {
    /// As far as is known.
    pub value: Fixed,
    /// At least.
    pub low: Fixed,
    /// At most.
    pub high: Fixed,
    /// Where it routes now.
    pub route: Option<SmolStr>,
    /// Whatever turns out.
    pub certain: bool,
    /// Layer by layer.
    pub layers: Vec<(SmolStr, Fixed)>,
}

/// What the contact policy says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sending {
    /// Go ahead.
    Now,
    /// Not before that instant.
    Later(Timestamp, SmolStr),
    /// Not at all, and why.
    Never(Vec<SmolStr>),
}

/// What the permissions and priorities say to an agent's act: `(check, why)` for each that fails, in order.
pub trait Gate {
    /// By the table, and by the priorities among the agents that are at work on the case.
    fn judge(&self, asked: &Asked<'_>, holds: &mut dyn FnMut(&Guard) -> Option<bool>) -> Verdict;

    /// The same of what an agent wants to see or change by itself. Who only looks is in nobody's way.
    fn reach(
        &self,
        agent: &str,
        reaches: &[Reach],
        others: &[SmolStr],
        holds: &mut dyn FnMut(&Guard) -> Option<bool>,
    ) -> Verdict;
}

/// What an agent wants.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Which agent.
    pub agent: &'a str,
    /// What.
    pub act: &'a Act,
    /// The other agents with a live run on the record.
    pub others: &'a [SmolStr],
    /// The run, where it is a stage's own act.
    pub run: Option<&'a Run>,
}

/// What the gate says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Every check that failed: `permission`, `priority`, and why.
    pub denials: Vec<(SmolStr, SmolStr)>,
    /// It was only the priority that failed, and the playbook says that the work waits.
    pub waits: bool,
    /// A person has to approve the act: of that role, or anybody.
    pub asks: Option<Option<SmolStr>>,
}
