//! What waits in the outbox of a world: pieces of work, offers, messages.

use std::cmp::Reverse;
use std::convert::Infallible;
use std::sync::Arc;

use runtime::agents::{PortError, next_try};
use runtime::engine::{ACCEPT, Entry, EntryId, Input};
use runtime::shell::{Asked, Assigned, Leaving, Taking, assignment, leaving, take, taking};
use smol_str::SmolStr;

use super::super::store::place;
use super::super::work::{Done, Memory};
use super::{Effect, World};

/// So many effects are claimed at a time, as the runner does.
const CLAIMED: usize = 32;

impl World<'_> {
    /// Whether anything of the outbox was done.
    pub(super) fn run_effects(&mut self) -> bool {
        let mut carried = false;
        loop {
            let mut claimed = Vec::new();
            let mut stands = Vec::new();
            while claimed.len() < CLAIMED && self.effects.peek().is_some_and(|Reverse(effect)| effect.ready <= self.now)
            {
                let Some(Reverse(effect)) = self.effects.pop() else { break };
                if self.stands_still(&effect) { stands.push(effect) } else { claimed.push(effect) }
            }
            // What is paused waits until it is resumed: nobody resumes it here.
            drop(stands);
            if claimed.is_empty() {
                return carried;
            }
            carried = true;
            for effect in claimed {
                self.run_effect(effect);
            }
        }
    }

    fn stands_still(&self, effect: &Effect) -> bool {
        if self.switches.is_empty() {
            return false;
        }
        let Some(Entry::WorkAsked { run, .. } | Entry::Queued { run, .. }) = self.entry(effect.number) else {
            return false;
        };
        let run = self.standing(effect.contact).and_then(|standing| standing.case.run(*run));
        run.is_some_and(|run| self.is_off(&run.workflow))
    }

    pub(super) fn entry(&self, number: EntryId) -> Option<&Entry> {
        place(number.0).and_then(|place| self.log.get(place)).map(|logged| &logged.entry)
    }

    fn run_effect(&mut self, effect: Effect) {
        match self.entry(effect.number).cloned() {
            Some(Entry::WorkAsked { agent, action, object, .. }) if action == ACCEPT => {
                self.answer_offer(effect.contact, &agent, &object);
            }
            Some(entry @ Entry::WorkAsked { .. }) => self.do_work(effect, &entry),
            Some(Entry::Queued { by, .. }) => self.send(effect, &by),
            _ => {}
        }
    }

    fn answer_offer(&mut self, contact: i64, agent: &SmolStr, object: &str) {
        let offer = EntryId(object.parse().unwrap_or_default());
        let Some(standing) = self.standing(contact) else { return };
        let open = self.store.open_deal_of(contact);
        let taking = taking(&self.setting.book, &standing.case, offer, true, open.is_some());
        let (accepted, why, record) = match taking {
            Taking::Gone => return,
            Taking::Refused(why) => (false, Some(why.to_owned()), None),
            Taking::Taken => (true, None, None),
            Taking::WithOpenDeal | Taking::WithNewDeal => (true, None, Some(self.deal_for(contact))),
        };
        self.tell(contact, &Input::OfferAnswered { offer, accepted, by: agent.clone(), why, record }, None);
    }

    fn do_work(&mut self, effect: Effect, entry: &Entry) {
        let (book, now, contact) = (&self.setting.book, self.now, effect.contact);
        let Some(standing) = place(contact).and_then(|place| self.cases.get(place)) else { return };
        let Entry::WorkAsked { run, agent, .. } = entry else { return };
        // What its run no longer waits for is nobody's.
        let Some(run) = standing.case.run(*run).cloned() else { return };
        let asked = Asked { number: effect.number, entry };
        let sender = Some(&self.setting.sender);
        let lead = self.store.lead(contact);
        let key = lead.and_then(|lead| Memory::key(lead, &self.store, entry, &run));
        let done = match key.as_ref().and_then(|key| self.memory.find(key)) {
            Some(done) => Ok(done),
            None => {
                let Ok(assigned) =
                    assignment(&self.store, book, self.scorers.scorer(), &standing.case, asked, sender, now);
                match assigned {
                    Assigned::Nobody(why) => {
                        return self.tell(contact, &Input::Failed { work: effect.number, why: why.into() }, None);
                    }
                    Assigned::Task(assignment) => self.setting.worker.outcome(&assignment).map(|outcome| {
                        let done = Arc::new(Done { task: assignment.task, outcome });
                        if let Some(key) = key {
                            self.memory.keep(key, &done);
                        }
                        done
                    }),
                }
            }
        };
        match done {
            Ok(done) => {
                let of = run.record.clone();
                let store = &mut self.store;
                let observe = |path: &_, value: &_| Ok::<_, Infallible>(store.observe(&of, path, value, now));
                let Ok(taken) = take(book, &run, agent, &done.task, &done.outcome, observe);
                self.tell(contact, &Input::Done { work: effect.number, result: taken.result }, taken.body);
            }
            Err(error) => self.try_again(effect, &error),
        }
    }

    fn try_again(&mut self, effect: Effect, error: &PortError) {
        let key = format!("effect-{}", effect.number);
        let attempts = effect.attempts + 1;
        if let Some(wait) = next_try(attempts, error, &key)
            && let Ok(ready) = self.now.checked_add(wait)
        {
            self.effects.push(Reverse(Effect { ready, attempts, ..effect }));
            return;
        }
        let why = error.detail.as_str().into();
        self.tell(effect.contact, &Input::Failed { work: effect.number, why }, None);
    }

    fn send(&mut self, effect: Effect, by: &str) {
        let (book, now, contact) = (&self.setting.book, self.now, effect.contact);
        let Some(standing) = self.standing(contact) else { return };
        let of = (effect.number, by);
        let Ok(verdict) = leaving(&self.store, book, &standing.case, of, Some(contact), None, now);
        match verdict {
            Leaving::Now(..) => self.tell(contact, &Input::Delivered { send: effect.number }, None),
            Leaving::Later(ready, _) => {
                let known = self.store.leaving.iter_mut().find(|leaving| leaving.send == effect.number);
                if let Some(known) = known {
                    known.ready = ready;
                }
                // What is put off to now is asked about again at the next instant, not for ever at this one.
                self.effects.push(Reverse(Effect { ready, attempts: effect.attempts + 1, ..effect }));
            }
            Leaving::Unwanted => self.store.leaving.retain(|leaving| leaving.send != effect.number),
            Leaving::GivenUp(why, uncertain) => {
                let why = why.into();
                self.tell(contact, &Input::Undelivered { send: effect.number, why, uncertain }, None);
            }
        }
    }
}
