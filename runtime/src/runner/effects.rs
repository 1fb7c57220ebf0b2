//! The outbox: what decisions asked of the world, claimed, done once, and told back. A port that fails is asked again later; what may
//! have been done is never done again by itself.

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;

use super::redacted::without_addresses;
use super::tell::{self, Telling};
use super::{RunError, Runner, Worked, letters};
use crate::agents::traced;
use crate::agents::{Assignment, Letter, Mailbox, Outcome, PortError, PortErrorKind, Task, Worker as _, next_try};
use crate::crm::log::{Claimant, Decision, Effect, Lease, LogError, Means};
use crate::crm::{ContactId, RecordId};
use crate::engine::{ACCEPT, Entry, EntryId, Input, Refusal, Run};
use crate::shell::{self, Asked, Assigned, Leaving, assignment, leaving};

/// A claim of a process that died is anybody's after so long. No port takes longer.
const LEASE: SignedDuration = SignedDuration::from_mins(10);
/// So many are claimed at a time.
const CLAIMED: u32 = 32;

impl Runner {
    /// Does what is due in the outbox.
    pub(super) fn run_effects(&mut self, now: Timestamp) -> Result<Worked, RunError> {
        let mut worked = Worked::default();
        loop {
            let holder = self.holder.clone();
            let effects = self.crm.claim_outbox(Claimant { holder: &holder, now, lease: LEASE }, CLAIMED)?;
            if effects.is_empty() {
                return Ok(worked);
            }
            for effect in effects {
                match self.run_effect(&effect, now) {
                    Ok(done) => worked.add(done),
                    // Somebody else has it, or it is no longer wanted: nothing of it is ours to tell.
                    Err(RunError::Log(LogError::ClaimLost { .. })) => {}
                    Err(error) => return Err(error),
                }
            }
        }
    }

    fn run_effect(&mut self, effect: &Effect, now: Timestamp) -> Result<Worked, RunError> {
        match &effect.entry {
            Entry::WorkAsked { action, .. } if self.ports.workers.leaves(action) => self.leave(effect, now),
            Entry::WorkAsked { action, .. } if action == ACCEPT => self.answer_offer(effect, None, now),
            Entry::WorkAsked { .. } => self.do_work(effect, now),
            Entry::Queued { .. } => self.send(effect, now),
            _ => Ok(Worked::default()),
        }
    }

    fn do_work(&mut self, effect: &Effect, now: Timestamp) -> Result<Worked, RunError> {
        let until = now.checked_add(LEASE).unwrap_or(now);
        let wanted = Lease { agent: effect.agent.clone(), holder: self.holder.clone().into(), until };
        let lease = self.crm.lease(&effect.record, &wanted, now)?;
        if lease.agent != wanted.agent || lease.holder != wanted.holder {
            let why = format!("`{}` is at work on the record", lease.agent);
            self.crm.retry_at(effect.number, &self.holder, lease.until, &why)?;
            return Ok(Worked { failed: 1, ..Worked::default() });
        }
        let done = self.do_leased_work(effect, now);
        self.crm.release(&effect.record, &wanted)?;
        done
    }

    fn do_leased_work(&mut self, effect: &Effect, now: Timestamp) -> Result<Worked, RunError> {
        let scorer = self.scorer(now)?;
        let case = self.crm.case(&effect.record)?.case;
        let asked = Asked { number: effect.number, entry: &effect.entry };
        let assigned = assignment(&self.crm, &self.book, &scorer, &case, asked, self.ports.sender.as_ref(), now)?;
        let assignment = match assigned {
            Assigned::Task(assignment) => assignment,
            Assigned::Nobody(why) => return self.fail(effect, &why, now),
        };
        let outcome = self.ask_worker(&assignment);
        let spent = match &outcome {
            Ok(outcome) => outcome.spent,
            Err(error) => error.spent,
        };
        self.note_spent(effect, spent, now)?;
        let outcome = match outcome {
            Ok(outcome) => outcome,
            Err(error) => return self.try_again(effect, &error, now),
        };
        let Entry::WorkAsked { run, agent, .. } = &effect.entry else { return Ok(Worked::default()) };
        // The run may have gone on meanwhile; then what was found is still true, and a draft is nobody's.
        let Some(run) = case.run(*run).cloned() else {
            self.crm.settle(effect.number, &self.holder)?;
            return Ok(Worked::default());
        };
        let agent = agent.clone();
        let entries = self.keep_outcome(effect, &run, (&agent, &assignment.task), &outcome, now)?;
        if entries.is_none() {
            self.crm.settle(effect.number, &self.holder)?;
        }
        Ok(Worked { entries: entries.unwrap_or_default(), work: 1, ..Worked::default() })
    }

    /// Asks a worker's port.
    pub(super) fn ask_worker(&self, assignment: &Assignment) -> Result<Outcome, PortError> {
        let span = traced::called("worker", assignment.task.verb()).entered();
        let outcome = self.tokio.block_on(self.ports.workers.work(assignment));
        traced::returned(&span, &outcome);
        outcome
    }

    /// Keeps what came of work, with what follows from it; gives the number of entries, or nothing where it is not wanted any more.
    pub(super) fn keep_outcome(
        &mut self,
        effect: &Effect,
        run: &Run,
        (agent, task): (&str, &Task),
        outcome: &Outcome,
        now: Timestamp,
    ) -> Result<Option<usize>, RunError> {
        let scorer = self.scorer(now)?;
        let book = &self.book;
        let mut group = self.crm.group()?;
        let (crm, id) = (group.crm(), RecordId(run.record.id));
        let taken = shell::take(book, run, agent, task, outcome, |path, value| {
            crm.observe(&book.program, id, path, value, now)
        })?;
        let room = tell::Room { book, scorer, switches: &self.switches, channels: &self.channels };
        let mut means = Means { now, zone: &book.zone, randomness: &mut *self.randomness };
        let input = Input::Done { work: effect.number, result: taken.result };
        let telling = Telling { body: taken.body, ..Telling::of(input) };
        match room.tell(&mut group, &effect.record, &mut means, telling) {
            Ok(committed) => {
                group.finish()?;
                Ok(Some(committed.entries))
            }
            Err(RunError::Refused(Refusal::NotUnderWay(_) | Refusal::Erased)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// What a port was paid is in the log whatever comes of its work: the day's budget is reckoned from there.
    fn note_spent(&mut self, effect: &Effect, amount: Decimal, now: Timestamp) -> Result<(), RunError> {
        let Entry::WorkAsked { run, agent, action, .. } = &effect.entry else { return Ok(()) };
        if amount.is_zero() {
            return Ok(());
        }
        let (run, agent, action) = (*run, agent.clone(), action.clone());
        let spent = Entry::Spent { run, work: effect.number, agent, action, amount };
        let mut means = Means { now, zone: &self.book.zone, randomness: &mut *self.randomness };
        self.crm.decide(&effect.record, &mut means, |_, standing, _| {
            let entries = vec![spent.into()];
            Ok::<_, RunError>(Decision { entries, wake: standing.wake, ..Decision::default() })
        })?;
        Ok(())
    }

    /// Sends an approved message. Everything is asked once more at the last moment: consent can be withdrawn meanwhile.
    fn send(&mut self, effect: &Effect, now: Timestamp) -> Result<Worked, RunError> {
        let case = self.crm.case(&effect.record)?.case;
        let contact = tell::contact(&self.crm, &effect.record)?.map(|contact| contact.0);
        let taken_over = effect.taken_over && !self.knows_its_keys();
        let doubtful = taken_over.then_some("the process that was sending it died");
        let of = (effect.number, effect.agent.as_str());
        let (queued, contact) = match leaving(&self.crm, &self.book, &case, of, contact, doubtful, now)? {
            Leaving::Now(queued, contact) => (queued, ContactId(contact)),
            Leaving::Later(at, why) => {
                self.crm.retry_at(effect.number, &self.holder, at, &why)?;
                return Ok(Worked { failed: 1, ..Worked::default() });
            }
            Leaving::Unwanted => {
                self.crm.dead(effect.number, &self.holder, "it is not wanted any more", false)?;
                return Ok(Worked::default());
            }
            Leaving::GivenUp(why, uncertain) => return self.give_up(effect, &why, uncertain, now),
        };
        let Some(letter) = self.letter(effect.number, contact, queued.message, now)? else {
            return self.give_up(effect, "its text, its sender or its address is gone", false, now);
        };
        let span = traced::called("mailer", "send").entered();
        let sent = self.tokio.block_on(self.ports.mailer.send(&letter));
        traced::returned(&span, &sent);
        drop(span);
        match sent {
            Ok(_) => {
                let told = self.tell(&effect.record, now, Telling::of(Input::Delivered { send: effect.number }))?;
                Ok(Worked { entries: told.entries, sent: 1, ..Worked::default() })
            }
            Err(error) => self.try_again(effect, &error, now),
        }
    }

    /// A carrier that knows a letter again by its key does not send it twice.
    fn knows_its_keys(&self) -> bool {
        self.ports.mailer.knows_its_keys()
    }

    fn letter(
        &self,
        send: EntryId,
        contact: ContactId,
        message: EntryId,
        now: Timestamp,
    ) -> Result<Option<Letter>, RunError> {
        let reachable = self.crm.reachable(contact)?;
        let text = self.crm.message_text(message)?.and_then(|sealed| letters::parts(&sealed));
        let (Some(sender), Some(address), Some((subject, body))) = (&self.ports.sender, reachable.email, text) else {
            return Ok(None);
        };
        let to = Mailbox { name: reachable.name, address };
        let key = self.key(send)?;
        // The same on every try, as the key is.
        let at = self.crm.logged_at(send)?.unwrap_or(now);
        Ok(Some(sender.letter(&key, to, subject.unwrap_or_default(), body, at)))
    }

    /// What a letter is known by. One carrier serves many CRMs: a key has to be this log's own, and the same on every try.
    pub(super) fn key(&self, send: EntryId) -> Result<String, RunError> {
        let log = self.crm.log_name()?.unwrap_or_default();
        Ok(format!("{}-{send}", log.get(..16).unwrap_or(&log)))
    }

    fn try_again(&mut self, effect: &Effect, error: &PortError, now: Timestamp) -> Result<Worked, RunError> {
        let key = format!("effect-{}", effect.number);
        if let Some(wait) = next_try(effect.attempt, error, &key)
            && let Ok(at) = now.checked_add(wait)
        {
            self.crm.retry_at(effect.number, &self.holder, at, &without_addresses(&error.detail))?;
            return Ok(Worked { failed: 1, ..Worked::default() });
        }
        match effect.entry {
            Entry::Queued { .. } => {
                let uncertain = error.kind == PortErrorKind::Uncertain;
                self.give_up(effect, &error.detail, uncertain, now)
            }
            _ => self.fail(effect, &error.detail, now),
        }
    }

    fn give_up(&mut self, effect: &Effect, why: &str, uncertain: bool, now: Timestamp) -> Result<Worked, RunError> {
        let input = Input::Undelivered { send: effect.number, why: without_addresses(why), uncertain };
        let told = self.tell(&effect.record, now, Telling::of(input))?;
        Ok(Worked { entries: told.entries, failed: 1, ..Worked::default() })
    }

    pub(super) fn fail(&mut self, effect: &Effect, why: &str, now: Timestamp) -> Result<Worked, RunError> {
        let told = self.tell(
            &effect.record,
            now,
            Telling::of(Input::Failed { work: effect.number, why: without_addresses(why) }),
        );
        match told {
            Ok(told) => Ok(Worked { entries: told.entries, failed: 1, ..Worked::default() }),
            Err(RunError::Refused(Refusal::NotUnderWay(_) | Refusal::Erased)) => {
                self.crm.settle(effect.number, &self.holder)?;
                Ok(Worked { failed: 1, ..Worked::default() })
            }
            Err(error) => Err(error),
        }
    }
}
