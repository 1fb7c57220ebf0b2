//! Telling a case something, and what its entries mean for what is kept.

use std::cmp::Reverse;

use runtime::contact_policy::Sent;
use runtime::crm::log::Logged;
use runtime::engine::{self, Context, Entry, EntryId, Input, RecordRef, Refusal, WorkResult};
use runtime::experiments::{Trial, Why};
use runtime::shell::{FactJudge, raised_by_delivery};

use super::super::store::{self, Happened, Pull, place};
use super::{Effect, World};

impl World<'_> {
    /// Tells a case something. What does not fit it as it stands is left out.
    pub(super) fn tell(&mut self, contact: i64, input: &Input, body: Option<String>) {
        let setting = self.setting;
        let Some(standing) = place(contact).and_then(|place| self.cases.get_mut(place)) else { return };
        let record = standing.case.record.clone();
        let key = (contact, self.now, self.store.version);
        let known = std::mem::take(&mut self.judged.1);
        let known = if self.judged.0 == key { known } else { known.forgotten() };
        let scorer = self.scorers.scorer();
        let mut judge = FactJudge::new(&self.store, &setting.book, scorer, self.now, &record).knowing(known);
        let context = Context {
            program: &setting.book.program,
            version: &setting.book.version,
            zone: &setting.book.zone,
            gate: &setting.book,
            switches: &self.switches,
            channels: &setting.channels,
            next: self.next,
        };
        let decided = engine::step_in_place(&context, &mut standing.case, input, self.now, &mut judge);
        self.judged = (key, judge.into_judged());
        let engine::Decided { entries, wake } = match decided {
            Ok(decided) => decided,
            Err(refusal) => return self.refused(contact, &refusal),
        };
        standing.wake = wake;
        self.wakes.extend(wake.map(|wake| Reverse((wake, contact))));
        let mut body = body;
        for entry in entries {
            self.follow(contact, &entry, &mut body);
            self.emit(Some(record.clone()), entry);
        }
    }

    fn refused(&mut self, contact: i64, refusal: &Refusal) {
        if matches!(refusal, Refusal::Expired { .. }) {
            // That it came too late is in the log from now on.
            self.tell(contact, &Input::Woke, None);
        }
    }

    pub(super) fn emit(&mut self, record: Option<RecordRef>, entry: Entry) {
        let number = self.next;
        self.next = EntryId(number.0 + 1);
        if let (Entry::Scored { score, .. }, Some(record)) = (&entry, &record) {
            self.scored.note(score, record.id, self.now);
        }
        self.log.push(Logged { number, at: self.now, clock: None, record, entry, sealed: None });
    }

    /// What an entry that is about to be logged means for what is kept.
    fn follow(&mut self, contact: i64, entry: &Entry, body: &mut Option<String>) {
        let (number, now) = (self.next, self.now);
        match entry {
            Entry::Started { workflow, record, trigger, .. } => {
                if let Some(lead) = self.store.lead_mut(contact) {
                    lead.started.push((workflow.clone(), trigger.clone(), record.clone()));
                }
            }
            Entry::Ended { run, .. } => self.ended(contact, *run),
            Entry::WorkAsked { .. } => {
                self.effects.push(Reverse(Effect { ready: now, number, contact, attempts: 0 }));
            }
            Entry::WorkDone { result: WorkResult::Wrote { .. }, .. } => {
                if let Some(text) = body.take() {
                    self.store.texts.push((number, text));
                }
            }
            Entry::Queued { channel, not_before, .. } => {
                let ready = not_before.map_or(now, |then| then.max(now));
                self.effects.push(Reverse(Effect { ready, number, contact, attempts: 0 }));
                self.store.leaving.push(store::Leaving { send: number, contact, ready, channel: channel.clone() });
            }
            Entry::Delivered { send } => self.delivered(contact, *send),
            Entry::Undelivered { send, .. } => self.store.leaving.retain(|leaving| leaving.send != *send),
            Entry::Asked { .. } if self.is_open(contact, number) => self.fresh_questions.push((contact, number)),
            Entry::Tried { run, experiment, arm, why } => {
                let trial = Trial { arm: arm.clone(), began: None, succeeded: None, held_out: *why == Why::HeldOut };
                self.store.pulls.push(Pull { experiment: experiment.clone(), contact, run: *run, trial });
            }
            _ => {}
        }
    }

    fn is_open(&self, contact: i64, question: EntryId) -> bool {
        self.standing(contact).is_some_and(|standing| standing.case.questions.iter().any(|open| open.id == question))
    }

    fn ended(&mut self, contact: i64, run: EntryId) {
        let Some(Entry::Started { workflow, record, .. }) = self.entry(run).cloned() else { return };
        let now = self.now;
        if self.store.pulls.iter().any(|pull| pull.run == run && pull.trial.began.is_none()) {
            self.store.over.push(run);
        }
        if let Some(lead) = self.store.lead_mut(contact) {
            lead.ended.push((workflow, record, now));
        }
    }

    /// A message has gone out: it counts for caps, and whoever watches sees it.
    fn delivered(&mut self, contact: i64, send: EntryId) {
        let now = self.now;
        self.store.leaving.retain(|leaving| leaving.send != send);
        // One that a person carried is queued and delivered in the same step.
        let Some(Entry::Queued { run, message, channel, .. }) = self.entry(send).cloned() else { return };
        let sent = Sent { at: now, channel: channel.clone() };
        self.store.sent.push(sent.clone());
        if let Some(lead) = self.store.lead_mut(contact) {
            lead.sends.push(sent);
        }
        let template = match self.entry(message) {
            Some(Entry::WorkDone { result: WorkResult::Wrote { template, .. }, .. }) => Some(template.clone()),
            _ => None,
        };
        self.store.begins(contact, [&channel, template.as_deref().unwrap_or_default()], now);
        for (name, fields) in raised_by_delivery(&channel, template.as_deref()) {
            if let Some(event) = self.setting.program().event(name) {
                self.happens(Happened { contact, event, at: now, fields, cause: Some(run), is_history: false });
            }
        }
    }
}
