//! What the log says: one entry for each thing that was decided or done. No entry holds personal data: texts are kept apart, under
//! the entry's number, and only their hashes stand here, so that erasing a person leaves the chain of hashes whole.

use compiler::program::{Fixed, Settlement};
use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::{Arrived, EntryId, Override, QuestionKind, RecordRef};

/// An entry before it has a number and a place in the chain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Entry {
    /// A run begins. The store keeps `trigger` unique for each workflow: nothing starts twice.
    Started {
        /// Which workflow.
        workflow: SmolStr,
        /// For what.
        record: RecordRef,
        /// Why, once and for all: `event:17`, `schedule:0:2026-11-30T08:00`, `crossing:2:…`, `handoff:812`.
        trigger: SmolStr,
        /// The hash of the playbook.
        version: SmolStr,
        /// The run whose doing started it.
        parent: Option<EntryId>,
    },
    /// A run enters a stage, a handoff or an end.
    Entered {
        /// Which run.
        run: EntryId,
        /// From which stage; none at the start.
        from: Option<SmolStr>,
        /// To which.
        stage: SmolStr,
        /// As written, or why it was skipped or capped.
        way: SmolStr,
        /// How long the run was in the stage before, in seconds.
        seconds: i64,
        /// Who ran the stage before: agent or role.
        by: SmolStr,
    },
    /// An agent is asked for work. Effect: its port is called.
    WorkAsked {
        /// For which run.
        run: EntryId,
        /// Which agent.
        agent: SmolStr,
        /// The verb.
        action: SmolStr,
        /// As written.
        words: SmolStr,
        /// Its template, rubric, entity or name; the offer for `accept`.
        object: SmolStr,
        /// Over which channel.
        channel: Option<SmolStr>,
    },
    /// Work is done.
    WorkDone {
        /// Which.
        work: EntryId,
        /// What came of it.
        result: super::WorkResult,
    },
    /// An experiment gives the record an arm, which stays theirs.
    Tried {
        /// In which run.
        run: EntryId,
        /// Which experiment.
        experiment: SmolStr,
        /// Which arm.
        arm: SmolStr,
        /// Why that one.
        why: crate::experiments::Why,
    },
    /// A port was paid for a try of some work, whatever came of it.
    Spent {
        /// For which run.
        run: EntryId,
        /// For which work.
        work: EntryId,
        /// For which agent.
        agent: SmolStr,
        /// The verb.
        action: SmolStr,
        /// In the client's currency.
        amount: Decimal,
    },
    /// Work failed for good.
    WorkFailed {
        /// Which.
        work: EntryId,
        /// Why.
        why: SmolStr,
    },
    /// A score was asked for.
    Scored {
        /// By which run.
        run: EntryId,
        /// Which.
        score: SmolStr,
        /// As far as is known.
        value: Fixed,
        /// At least.
        low: Fixed,
        /// At most.
        high: Fixed,
        /// Where it routes now.
        route: Option<SmolStr>,
        /// Whatever turns out.
        certain: bool,
        /// Layer by layer: name and value.
        layers: Vec<(SmolStr, Fixed)>,
        /// Which agent asked.
        by: SmolStr,
    },
    /// A rating that counts: a person's, or an agent's that nobody has to confirm.
    Rated {
        /// In which run.
        run: EntryId,
        /// By which rubric.
        rubric: SmolStr,
        /// How much.
        value: Fixed,
        /// What that means, as the rubric says it.
        level: SmolStr,
        /// Of the message with this hash; otherwise of the record.
        message: Option<SmolStr>,
        /// Who: a role or an agent.
        by: SmolStr,
        /// The answer, under which the reasons are sealed.
        answer: Option<EntryId>,
    },
    /// An act of a stage is done.
    Acted {
        /// Which run.
        run: EntryId,
        /// Which of its acts.
        act: u32,
    },
    /// A person is asked. Effect: it is in the inbox.
    Asked {
        /// For which run.
        run: Option<EntryId>,
        /// What about.
        question: QuestionKind,
        /// Whom.
        whom: Option<SmolStr>,
        /// What may be answered.
        options: Vec<SmolStr>,
        /// In words.
        words: SmolStr,
        /// What to weigh.
        notes: Vec<SmolStr>,
        /// Expired then.
        due: Option<Timestamp>,
        /// First reminded of then.
        remind: Option<Timestamp>,
    },
    /// A person was reminded.
    Reminded {
        /// Of which question.
        question: EntryId,
        /// Again then.
        next: Option<Timestamp>,
    },
    /// What a question is about stood still meanwhile: whoever is asked has as much time left as they had.
    Prolonged {
        /// Which.
        question: EntryId,
        /// Expired then.
        due: Option<Timestamp>,
        /// Reminded of then.
        remind: Option<Timestamp>,
    },
    /// A run stood still from then on: that time does not count for what leads on after some time.
    StoodStill {
        /// Which.
        run: EntryId,
        /// Since when.
        since: Timestamp,
        /// The handoff that it stands at is to be taken until then.
        due: Option<Timestamp>,
    },
    /// A question is settled.
    Settled {
        /// Which.
        question: EntryId,
        /// How; none where it is void because what it was about is gone.
        how: Option<Settlement>,
        /// By whom; nobody where it expired or is void.
        by: Option<SmolStr>,
        /// What was approved: the message's hash, or what else the question named.
        hash: Option<SmolStr>,
        /// An approval holds until then.
        until: Option<Timestamp>,
        /// What void means, in words.
        why: Option<SmolStr>,
    },
    /// A message was changed: what was approved of it is void.
    Rewritten {
        /// Which.
        message: EntryId,
        /// What it is now.
        hash: SmolStr,
        /// By whom.
        by: SmolStr,
    },
    /// A message may go out. Effect: the outbox.
    Queued {
        /// For which run.
        run: EntryId,
        /// Which message.
        message: EntryId,
        /// Exactly this text.
        hash: SmolStr,
        /// Over which channel.
        channel: SmolStr,
        /// The answer that allows it.
        approval: EntryId,
        /// By which agent or role.
        by: SmolStr,
        /// Not before.
        not_before: Option<Timestamp>,
    },
    /// A send reached its port.
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
        /// It may have gone out.
        uncertain: bool,
    },
    /// An act has to wait.
    Held {
        /// Which run.
        run: EntryId,
        /// Tried again then.
        until: Timestamp,
        /// Why.
        why: SmolStr,
    },
    /// An agent's act was refused.
    Denied {
        /// Of which run; none where it came from outside.
        run: Option<EntryId>,
        /// Which agent.
        agent: SmolStr,
        /// What it wanted.
        act: SmolStr,
        /// Every check that failed, the first one leading: `permission`, `priority`, `approval`, `contact policy`, and why; of an agent from
        /// outside that is paused, `pause`.
        reasons: Vec<(SmolStr, SmolStr)>,
    },
    /// An agent's act from outside was allowed.
    Allowed {
        /// Which agent.
        agent: SmolStr,
        /// What.
        act: SmolStr,
    },
    /// A handoff is offered. Effect: the receiver is given the packet.
    Offered {
        /// By which run.
        run: EntryId,
        /// Which handoff of its workflow.
        handoff: SmolStr,
        /// To which workflow.
        to: SmolStr,
        /// Answered until then.
        due: Option<Timestamp>,
    },
    /// A handoff is answered.
    OfferAnswered {
        /// Which.
        offer: EntryId,
        /// Taken.
        accepted: bool,
        /// By whom.
        by: SmolStr,
    },
    /// A run is over.
    Ended {
        /// Which.
        run: EntryId,
        /// `disqualified`, `won`, `handed off`, `cancelled`, `denied`.
        outcome: SmolStr,
        /// Why.
        because: Option<SmolStr>,
    },
    /// The playbook was changed, and a run belongs to that workflow of it from now on; the stage it enters is an entry of its own.
    Moved {
        /// Which run.
        run: EntryId,
        /// Of which workflow.
        workflow: SmolStr,
        /// The hash of the playbook.
        version: SmolStr,
        /// Who said so.
        by: SmolStr,
    },
    /// A person stepped in.
    Overridden {
        /// How.
        how: Override,
        /// One run, or the whole case.
        run: Option<EntryId>,
        /// Who.
        by: SmolStr,
    },
    /// On which side of a threshold the record is.
    Side {
        /// Whose start.
        workflow: SmolStr,
        /// Which.
        start: u32,
        /// Beyond it.
        beyond: bool,
    },
    /// Something arrived for what is paused: it waits, and is worked off in order once that is resumed.
    PutOff {
        /// What arrived.
        what: Arrived,
        /// Paused runs that it may move.
        runs: Vec<EntryId>,
        /// Paused workflows that it may start, and runs of which it may move.
        workflows: Vec<SmolStr>,
    },
    /// What was put off is worked off, for what is no longer paused.
    TakenUp {
        /// The entry that put it off.
        put_off: EntryId,
        /// Runs that it waits for no more.
        runs: Vec<EntryId>,
        /// Workflows that it waits for no more.
        workflows: Vec<SmolStr>,
    },
    /// A start that would feed itself was not taken.
    Caught {
        /// Whose.
        workflow: SmolStr,
        /// What would have started it.
        trigger: SmolStr,
    },
    /// The person was forgotten.
    Erased {
        /// Who saw to it.
        by: SmolStr,
    },
    /// The playbook at work was changed, or ran for the first time.
    Activated {
        /// Its hash.
        version: SmolStr,
    },
    /// A person stands behind a workflow's text as it is.
    Signed {
        /// Which workflow.
        workflow: SmolStr,
        /// The hash of exactly that text.
        hash: SmolStr,
        /// Who.
        by: SmolStr,
    },
    /// An agent, a workflow or everything was paused or resumed; or a kill signal did it.
    Switched {
        /// `agent LeadGen`, `workflow LeadGeneration`, `everything`.
        what: SmolStr,
        /// Paused; otherwise resumed.
        paused: bool,
        /// Who.
        by: SmolStr,
        /// Why.
        why: Option<SmolStr>,
    },
}
