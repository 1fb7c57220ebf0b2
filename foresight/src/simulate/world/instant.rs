//! The work of an instant, as the runner does it: what is new is told, slots that are due choose, what is due is woken.

use std::cmp::Reverse;
use std::convert::Infallible;

use compiler::program::{EntityId, Guard, StartKind, Value, Workflow};
use jiff::Timestamp;
use runtime::calendar;
use runtime::contact_policy::Consent;
use runtime::engine::{Input, RecordRef, starts_now};
use runtime::shell::{Consenting, FactJudge, Slots, consenting, is_exhausted_until, seeks_what_is_missing, slots};
use smol_str::SmolStr;

use super::super::store;
use super::World;

impl World<'_> {
    pub(super) fn work(&mut self) {
        loop {
            let before = (self.next, self.effects.len(), self.store.events.len());
            self.ingest();
            self.run_schedules();
            self.wake();
            let carried = self.run_effects();
            if !carried && before == (self.next, self.effects.len(), self.store.events.len()) {
                break;
            }
        }
        self.review();
    }

    fn ingest(&mut self) {
        for row in self.news.events.clone() {
            self.note_consent(row);
        }
        for contact in std::mem::take(&mut self.news.contacts) {
            let of = RecordRef { entity: SmolStr::new_static("Contact"), id: contact };
            self.created(contact, of, "contact.created");
        }
        for deal in std::mem::take(&mut self.news.deals) {
            let Some(contact) = self.store.deal(deal).map(|deal| deal.contact) else { continue };
            let of = RecordRef { entity: SmolStr::new_static("Deal"), id: deal };
            self.created(contact, of, "deal.created");
        }
        for row in std::mem::take(&mut self.news.events) {
            let Some(happened) = self.store.event(row).cloned() else { continue };
            let declared = self.setting.program().events.get(happened.event.index());
            let Some(event) = declared.map(|event| event.name.clone()) else { continue };
            let contact = happened.contact;
            let of = RecordRef { entity: SmolStr::new_static("Contact"), id: contact };
            let (at, cause) = (happened.at, happened.cause);
            if !happened.is_history {
                self.fresh_events.push(row);
            }
            self.tell(contact, &Input::Happened { event, of, row, at, cause }, None);
        }
    }

    fn created(&mut self, contact: i64, of: RecordRef, event: &'static str) {
        let (event, at) = (SmolStr::new_static(event), self.now);
        self.tell(contact, &Input::Happened { event, of, row: 0, at, cause: None }, None);
    }

    fn note_consent(&mut self, row: i64) {
        let Some(happened) = self.store.event(row) else { return };
        let (contact, at) = (happened.contact, happened.at);
        let name = self.setting.program().events.get(happened.event.index()).map_or("", |event| event.name.as_str());
        let fact = |wanted: &str| {
            let found = happened.fields.iter().find(|(name, _)| name == wanted);
            let text = found.and_then(|(_, value)| match value {
                Value::Text(text) => Some(text.to_string()),
                _ => None,
            });
            Ok::<_, Infallible>(text)
        };
        let Ok(Some(meant)) = consenting(name, fact) else { return };
        let Some(lead) = self.store.lead_mut(contact) else { return };
        match meant {
            Consenting::Given { channel, proof, .. } => {
                let is_known = |known: &Consent| known.channel == channel && known.given_at == at;
                if !lead.consents.iter().any(is_known) {
                    let proof = proof.map(SmolStr::from);
                    lead.consents.push(Consent { channel, given_at: at, proof, withdrawn: None });
                }
            }
            Consenting::Ended { withdrawn, suppressed, reason } => {
                if let Some(channel) = withdrawn {
                    let open = lead.consents.iter_mut().filter(|consent| consent.channel == channel);
                    open.filter(|consent| consent.withdrawn.is_none() && consent.given_at <= at)
                        .for_each(|consent| consent.withdrawn = Some(at));
                }
                lead.suppressed.push((suppressed, reason));
            }
        }
    }

    pub(super) fn plan_schedules(&mut self) {
        let (book, now) = (&self.setting.book, self.now);
        for (place, workflow) in book.program.workflows.iter().enumerate() {
            for (number, start) in (0..).zip(&workflow.starts) {
                if let StartKind::Every { schedule, .. } = &start.kind
                    && let Some(first) = calendar::next(schedule, &book.program.client, &book.zone, now, now)
                {
                    self.schedules.push((place, number, first));
                }
            }
        }
    }

    fn run_schedules(&mut self) {
        let book = &self.setting.book;
        for planned in 0..self.schedules.len() {
            let Some((place, number, slot)) = self.schedules.get(planned).copied() else { continue };
            let Some(workflow) = book.program.workflows.get(place) else { continue };
            let Some(StartKind::Every { schedule, guard, at_most }) =
                workflow.starts.get(number as usize).map(|start| &start.kind)
            else {
                continue;
            };
            let due = slots(schedule, &book.program.client, &book.zone, slot, self.now);
            let Some(Slots { due, following }) = due.filter(|_| !self.is_off_at(place)) else { continue };
            for (contact, of) in self.chosen(workflow, guard.as_ref(), at_most.unwrap_or(u32::MAX)) {
                let input = Input::Scheduled { workflow: workflow.name.clone(), start: number, slot: due, of };
                self.tell(contact, &input, None);
            }
            if let Some(planned) = self.schedules.get_mut(planned) {
                planned.2 = following.unwrap_or(Timestamp::MAX);
            }
        }
    }

    /// The records that a slot is for, those that were there first.
    fn chosen(&self, workflow: &Workflow, guard: Option<&Guard>, at_most: u32) -> Vec<(i64, RecordRef)> {
        let seeks = guard.is_some_and(seeks_what_is_missing);
        let mut chosen = Vec::new();
        for (contact, of) in self.records(workflow.entity) {
            if chosen.len() >= at_most as usize {
                break;
            }
            let Some(standing) = self.standing(contact) else { continue };
            let case = &standing.case;
            let is_running = case.runs.iter().any(|run| run.workflow == workflow.name && run.record == of);
            if is_running || case.paused.is_some() || case.erased || seeks && self.is_exhausted(workflow, contact, &of)
            {
                continue;
            }
            let book = &self.setting.book;
            let holds = guard.is_none_or(|guard| {
                let mut judge = FactJudge::new(&self.store, book, self.scorers.scorer(), self.now, &case.record);
                starts_now(&book.program, case, &of, guard, &mut judge)
            });
            if holds {
                chosen.push((contact, of));
            }
        }
        chosen
    }

    /// All records of a kind, each with its contact.
    fn records(&self, entity: EntityId) -> impl Iterator<Item = (i64, RecordRef)> {
        let book = &self.setting.book;
        let is_deal = Some(entity) == book.deal;
        let deals = if is_deal { self.store.deals.as_slice() } else { &[] };
        let of_deal =
            |(id, deal): (i64, &store::Deal)| (deal.contact, RecordRef { entity: SmolStr::new_static("Deal"), id });
        let contacts = if Some(entity) == book.contact && !is_deal { self.store.leads.len() } else { 0 };
        let of_contact = |id: i64| (id, RecordRef { entity: SmolStr::new_static("Contact"), id });
        (1..).zip(deals).map(of_deal).chain((1..=i64::try_from(contacts).unwrap_or(0)).map(of_contact))
    }

    fn is_exhausted(&self, workflow: &Workflow, contact: i64, of: &RecordRef) -> bool {
        let Some(lead) = self.store.lead(contact) else { return false };
        let ends = lead.ended.iter().filter(|(name, record, _)| *name == workflow.name && record == of);
        let Some(ended) = ends.map(|(.., at)| *at).max() else { return false };
        self.now < is_exhausted_until(ended) && !(of.entity == "Contact" && lead.news > ended)
    }

    pub(super) fn is_off_at(&self, workflow: usize) -> bool {
        let workflow = self.setting.program().workflows.get(workflow);
        !self.switches.is_empty() && workflow.is_some_and(|workflow| self.is_off(&workflow.name))
    }

    pub(super) fn is_off(&self, workflow: &str) -> bool {
        self.switches.contains("everything") || self.switches.contains(format!("workflow {workflow}").as_str())
    }

    fn wake(&mut self) {
        while let Some(Reverse((at, contact))) = self.wakes.peek().copied() {
            if at > self.now {
                return;
            }
            self.wakes.pop();
            if self.standing(contact).is_some_and(|standing| standing.wake == Some(at)) {
                self.tell(contact, &Input::Woke, None);
            }
        }
    }
}
