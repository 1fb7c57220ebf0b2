//! What comes from outside into a world: leads, what buyers do, what people answer; and showing those outside what came of it.

use compiler::program::{BuyerHabit, EventId, Fixed, Subject};
use runtime::engine::{self, Case, EntryId, Input, Judge as _, QuestionKind, RecordRef};
use runtime::shell::{FactJudge, declared};
use smol_str::SmolStr;

use super::super::outside::Coming;
use super::super::random::{self, About};
use super::super::store::{Happened, Lead, place};
use super::{Standing, World, delay};

impl World<'_> {
    pub(super) fn let_come(&mut self) {
        let now = self.now;
        loop {
            let cases = &self.cases;
            let asked = |contact: i64, question: EntryId| {
                let standing = place(contact).and_then(|place| cases.get(place))?;
                standing.case.questions.iter().find(|open| open.id == question).cloned()
            };
            match self.outside.coming(now, asked) {
                Some(Coming::Lead(place)) => self.arrive(place),
                Some(Coming::Buyer { contact, event, took }) => {
                    let fields = delay(self.setting.program(), event, took);
                    self.happens(Happened { contact, event, at: now, fields, cause: None, is_history: false });
                }
                Some(Coming::Person { contact, question, answer, by }) => {
                    let record = self.handed_on_with(contact, question, &answer);
                    let why = Some("in a scenario".to_owned());
                    self.tell(contact, &Input::Answered { question, answer, by, why, record }, None);
                }
                None => return,
            }
        }
    }

    fn arrive(&mut self, arrival: usize) {
        let Some(arrival) = self.outside.arrivals.get(arrival).copied() else { return };
        let (pool, record) = (arrival.place.0 as usize, arrival.place.1 as usize);
        let setting = self.setting;
        let Some(pool_of) = setting.pools.get(pool) else { return };
        let filling = setting.fillings.get(pool).and_then(|fillings| fillings.get(record));
        let (Some(prototype), Some(filling)) = (pool_of.records.get(record), filling) else { return };
        let lead = Lead::new(arrival.key, prototype, arrival.place, filling, pool_of.as_of, self.now);
        let history = lead.history();
        self.store.leads.push(lead);
        let contact = i64::try_from(self.store.leads.len()).unwrap_or(i64::MAX);
        let of = RecordRef { entity: SmolStr::new_static("Contact"), id: contact };
        self.cases.push(Standing { case: Case::new(of), wake: None });
        self.news.contacts.push(contact);
        self.fresh_leads.push(contact);
        for event in history {
            let (event, at, fields) = (event.event, event.at, event.fields);
            self.happens(Happened { contact, event, at, fields, cause: None, is_history: true });
        }
    }

    pub(super) fn happens(&mut self, happened: Happened) {
        let row = self.store.happens(happened);
        self.news.events.push(row);
    }

    /// The record that a yes to a handoff goes on with: a workflow for deals runs for the contact's own.
    fn handed_on_with(&mut self, contact: i64, question: EntryId, answer: &engine::Answer) -> Option<RecordRef> {
        if *answer == engine::Answer::Reject {
            return None;
        }
        let book = &self.setting.book;
        let case = &self.standing(contact)?.case;
        let asked = case.questions.iter().find(|open| open.id == question)?;
        let (QuestionKind::Handoff(_), Some(run)) = (&asked.kind, asked.run) else { return None };
        let run = case.run(run)?;
        let to = declared(book, run, &run.stage)?.to;
        let entity = book.program.workflows.get(to.index()).map(|to| to.entity);
        if entity.is_none() || entity != book.deal {
            return None;
        }
        Some(self.deal_for(contact))
    }

    pub(super) fn deal_for(&mut self, contact: i64) -> RecordRef {
        let deal = self.store.open_deal_of(contact).unwrap_or_else(|| {
            let key = self.store.lead(contact).map_or(0, |lead| lead.key);
            let worth = self.setting.worth.map(|(low, high)| {
                let share = self.store.lots.share(key, About::Value, random::name(&["deal.value"]), 0);
                Fixed::from_integer(worth(low, high, share))
            });
            let made = self.store.make_deal(contact, worth);
            self.news.deals.push(made);
            self.made.push(self.now);
            made
        });
        RecordRef { entity: SmolStr::new_static("Deal"), id: deal }
    }

    /// Shows those outside what happened at this instant.
    pub(super) fn show(&mut self) {
        let now = self.now;
        for contact in std::mem::take(&mut self.fresh_leads) {
            self.show_event(contact, None);
        }
        for row in std::mem::take(&mut self.fresh_events) {
            if let Some((contact, event)) = self.store.event(row).map(|happened| (happened.contact, happened.event)) {
                self.show_event(contact, Some(event));
            }
        }
        for (contact, question) in std::mem::take(&mut self.fresh_questions) {
            let Some(standing) = place(contact).and_then(|place| self.cases.get(place)) else { continue };
            let key = self.store.lead(contact).map_or(0, |lead| lead.key);
            if let Some(open) = standing.case.questions.iter().find(|open| open.id == question) {
                self.outside.asked(contact, key, open, now);
            }
        }
    }

    fn show_event(&mut self, contact: i64, event: Option<EventId>) {
        let Some(key) = self.store.lead(contact).map(|lead| lead.key) else { return };
        let record = RecordRef { entity: SmolStr::new_static("Contact"), id: contact };
        let book = &self.setting.book;
        let Some(entity) = book.contact else { return };
        let mut judge = FactJudge::new(&self.store, book, self.scorers.scorer(), self.now, &record);
        let holds = |habit: &BuyerHabit| {
            let own = Subject::Own(entity);
            habit.when.as_ref().is_some_and(|(condition, _)| judge.holds_for_now(&record, own, condition))
        };
        self.outside.happened(contact, key, event, self.now, holds);
    }
}

/// Evenly between two amounts, in hundreds.
#[expect(clippy::cast_possible_truncation, reason = "amounts of money in hundreds")]
fn worth(low: f64, high: f64, share: f64) -> i64 {
    ((low + (high - low) * share) / 100.0).round() as i64 * 100
}
