//! One world: the engine with everything around it in memory, played from one instant at which something is due to the next one.
//!
//! It is a shell like the runner and does the same in the same order: what is new is told, slots that are due choose, what is due is
//! woken, what waits in the outbox is done. What it decides is [`runtime::shell`]'s to say, and [`runtime::engine`]'s.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};
use std::convert::Infallible;

use compiler::program::{
    BuyerHabit, EntityId, EventId, Fixed, Guard, Score, ScoreId, StartKind, Subject, Value, Workflow,
};
use jiff::Timestamp;
use runtime::agents::{PortError, next_try};
use runtime::calendar;
use runtime::contact_policy::{Consent, Sent};
use runtime::crm::log::Logged;
use runtime::engine::{
    self, ACCEPT, Case, Context, Entry, EntryId, Input, Judge as _, QuestionKind, RecordRef, Refusal, WorkResult,
    starts_now,
};
use runtime::experiments::{Trial, Why};
use runtime::metrics::{KillVerdict, Observed, kill_signals};
use runtime::score::{LinkError, Scorer};
use runtime::shell::{
    Asked, Assigned, Consenting, FactJudge, Judged, Leaving, Slots, Taking, assignment, consenting, declared,
    is_exhausted_until, leaving, raised_by_delivery, seeks_what_is_missing, slots, take, taking,
};
use smol_str::{SmolStr, format_smolstr};

use super::figures::outcome;
use super::observed;
use super::outside::{Coming, Outside};
use super::random::{self, About, Lots};
use super::scorers::Scorers;
use super::setting::Setting;
use super::store::{self, Happened, Lead, Pull, Store, place};
use super::work::Memory;

/// So many effects are claimed at a time, as the runner does.
const CLAIMED: usize = 32;

/// A case with when it wants to be woken.
#[derive(Debug)]
pub(super) struct Standing {
    pub(super) case: Case,
    wake: Option<Timestamp>,
}

/// Something in the outbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Effect {
    ready: Timestamp,
    number: EntryId,
    contact: i64,
    attempts: u32,
}

/// What is new and has not been told.
#[derive(Default)]
struct News {
    contacts: Vec<i64>,
    deals: Vec<i64>,
    /// Rows of events.
    events: Vec<i64>,
}

/// A world under way.
pub(super) struct World<'s> {
    setting: &'s Setting,
    scorers: &'s mut Scorers,
    /// What was judged of whom, when, and of which version of what is kept: not judged again.
    judged: ((i64, Timestamp, u64), Judged),
    memory: &'s mut Memory,
    pub(super) store: Store<'s>,
    pub(super) outside: Outside<'s>,
    /// By contact.
    pub(super) cases: Vec<Standing>,
    wakes: BinaryHeap<Reverse<(Timestamp, i64)>>,
    effects: BinaryHeap<Reverse<Effect>>,
    /// The next slot of each schedule: workflow, start, slot.
    schedules: Vec<(usize, u32, Timestamp)>,
    switches: BTreeSet<SmolStr>,
    news: News,
    /// Events and questions of this instant, for those outside.
    fresh_events: Vec<i64>,
    fresh_questions: Vec<(i64, EntryId)>,
    fresh_leads: Vec<i64>,
    pub(super) log: Vec<Logged>,
    next: EntryId,
    now: Timestamp,
    /// The day of the last look at kill signals, and those that have spoken.
    reviewed: i64,
    pub(super) killed: Vec<(SmolStr, Timestamp)>,
    /// How many were waiting for people at the end of each week.
    pub(super) queues: Vec<usize>,
    /// When each deal was made.
    pub(super) made: Vec<Timestamp>,
}

impl<'s> World<'s> {
    /// At its beginning, with nobody in it.
    ///
    /// # Errors
    /// Where the Program is damaged.
    pub(super) fn new(
        setting: &'s Setting,
        scorers: &'s mut Scorers,
        memory: &'s mut Memory,
        seed: u64,
    ) -> Result<Self, LinkError> {
        let (book, lots) = (&setting.book, Lots::new(seed));
        let span = (setting.from, setting.until);
        let scenario = setting.scenario().ok_or(LinkError::Broken("the scenario"))?;
        let outside = Outside::new(&book.program, &book.zone, scenario, &setting.pools, lots, span);
        let mut world = Self {
            setting,
            scorers,
            judged: ((0, setting.from, 0), Judged::default()),
            memory,
            store: Store::new(&setting.layout, lots),
            outside,
            cases: Vec::new(),
            wakes: BinaryHeap::new(),
            effects: BinaryHeap::new(),
            schedules: Vec::new(),
            switches: BTreeSet::new(),
            news: News::default(),
            fresh_events: Vec::new(),
            fresh_questions: Vec::new(),
            fresh_leads: Vec::new(),
            log: Vec::new(),
            next: EntryId(1),
            now: setting.from,
            reviewed: 0,
            killed: Vec::new(),
            queues: Vec::new(),
            made: Vec::new(),
        };
        world.store.arms_by_record = setting.arms_by_record;
        world.emit(None, Entry::Activated { version: book.version.clone() });
        world.plan_schedules();
        Ok(world)
    }

    /// Plays it on to an instant.
    ///
    /// # Errors
    /// Where the Program is damaged.
    pub(super) fn play_until(&mut self, until: Timestamp) -> Result<(), LinkError> {
        while let Some(next) = self.next_due().filter(|next| *next < until) {
            self.end_weeks(next);
            self.go_to(next)?;
            self.let_come();
            self.work();
            self.show();
        }
        self.end_weeks(until);
        self.go_to(until)
    }

    /// When its next week ends, where that is before its own end.
    pub(super) fn next_week(&self) -> Option<Timestamp> {
        let (week, now) = (jiff::SignedDuration::from_hours(24 * 7), self.now);
        let weeks = i32::try_from(observed::week_of(self.setting, now) + 1).unwrap_or(i32::MAX);
        self.setting.from.checked_add(week * weeks).ok().filter(|end| *end < self.setting.until)
    }

    pub(super) const fn setting(&self) -> &'s Setting {
        self.setting
    }

    pub(super) const fn now(&self) -> Timestamp {
        self.now
    }

    pub(super) const fn scorer(&self) -> &Scorer {
        self.scorers.scorer()
    }

    /// Has the scorer judge as of an instant.
    pub(super) fn link_at(&mut self, at: Timestamp) -> Result<(), LinkError> {
        self.scorers.go_to(self.setting, at)
    }

    /// Goes on under a playbook that has learned; everything that is under way looks around, as after any change.
    pub(super) fn under<'t>(self, setting: &'t Setting, scorers: &'t mut Scorers) -> Option<World<'t>>
    where
        's: 't,
    {
        let scenario = setting.scenario()?;
        let mut world = World {
            setting,
            scorers,
            judged: ((0, self.now, 0), Judged::default()),
            memory: self.memory,
            store: self.store.under(&setting.layout, &setting.fillings),
            outside: self.outside.under(&setting.book.program, &setting.book.zone, scenario),
            cases: self.cases,
            wakes: self.wakes,
            effects: self.effects,
            schedules: self.schedules,
            switches: self.switches,
            news: self.news,
            fresh_events: self.fresh_events,
            fresh_questions: self.fresh_questions,
            fresh_leads: self.fresh_leads,
            log: self.log,
            next: self.next,
            now: self.now,
            reviewed: self.reviewed,
            killed: self.killed,
            queues: self.queues,
            made: self.made,
        };
        world.emit(None, Entry::Activated { version: setting.book.version.clone() });
        for (contact, standing) in (1..).zip(&world.cases) {
            if !standing.case.runs.is_empty() {
                world.wakes.push(Reverse((world.now, contact)));
            }
        }
        let now = world.now;
        let live = world.cases.iter_mut().filter(|standing| !standing.case.runs.is_empty());
        live.for_each(|standing| standing.wake = Some(now));
        Some(world)
    }

    fn go_to(&mut self, now: Timestamp) -> Result<(), LinkError> {
        self.now = now;
        self.link_at(now)
    }

    /// Notes how long the queue was at the end of each week that is over by then.
    fn end_weeks(&mut self, now: Timestamp) {
        while self.queues.len() < self.setting.weeks() && observed::week_of(self.setting, now) > self.queues.len() {
            let open = self.cases.iter().flat_map(|standing| &standing.case.questions);
            self.queues.push(open.filter(|question| !matches!(question.kind, QuestionKind::Trouble(_))).count());
        }
    }

    fn next_due(&mut self) -> Option<Timestamp> {
        while let Some(Reverse((at, contact))) = self.wakes.peek().copied() {
            if self.standing(contact).is_some_and(|standing| standing.wake == Some(at)) {
                break;
            }
            self.wakes.pop();
        }
        let wake = self.wakes.peek().map(|Reverse((at, _))| *at);
        let effect = self.effects.peek().map(|Reverse(effect)| effect.ready);
        let slot =
            self.schedules.iter().filter(|(workflow, ..)| !self.is_off_at(*workflow)).map(|(_, _, slot)| *slot).min();
        [wake, effect, slot, self.outside.next()].into_iter().flatten().min().map(|next| next.max(self.now))
    }

    fn standing(&self, contact: i64) -> Option<&Standing> {
        self.cases.get(place(contact)?)
    }

    // ── What comes from outside ────────────────────────────────────────────

    fn let_come(&mut self) {
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

    fn happens(&mut self, happened: Happened) {
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

    fn deal_for(&mut self, contact: i64) -> RecordRef {
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
    fn show(&mut self) {
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

    // ── The work of an instant, as the runner does it ──────────────────────

    fn work(&mut self) {
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

    fn plan_schedules(&mut self) {
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

    fn records(&self, entity: EntityId) -> Vec<(i64, RecordRef)> {
        let book = &self.setting.book;
        if Some(entity) == book.deal {
            let of =
                |(id, deal): (i64, &store::Deal)| (deal.contact, RecordRef { entity: SmolStr::new_static("Deal"), id });
            return (1..).zip(&self.store.deals).map(of).collect();
        }
        let contacts = if Some(entity) == book.contact { self.store.leads.len() } else { 0 };
        let of = |id: i64| (id, RecordRef { entity: SmolStr::new_static("Contact"), id });
        (1..=i64::try_from(contacts).unwrap_or(0)).map(of).collect()
    }

    fn is_exhausted(&self, workflow: &Workflow, contact: i64, of: &RecordRef) -> bool {
        let Some(lead) = self.store.lead(contact) else { return false };
        let ends = lead.ended.iter().filter(|(name, record, _)| *name == workflow.name && record == of);
        let Some(ended) = ends.map(|(.., at)| *at).max() else { return false };
        self.now < is_exhausted_until(ended) && !(of.entity == "Contact" && lead.news > ended)
    }

    fn is_off_at(&self, workflow: usize) -> bool {
        let workflow = self.setting.program().workflows.get(workflow);
        !self.switches.is_empty() && workflow.is_some_and(|workflow| self.is_off(&workflow.name))
    }

    fn is_off(&self, workflow: &str) -> bool {
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

    /// Whether anything of the outbox was done.
    fn run_effects(&mut self) -> bool {
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

    fn entry(&self, number: EntryId) -> Option<&Entry> {
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
            Some(done) => Ok(done.clone()),
            None => {
                let Ok(assigned) =
                    assignment(&self.store, book, self.scorers.scorer(), &standing.case, asked, sender, now);
                match assigned {
                    Assigned::Nobody(why) => {
                        return self.tell(contact, &Input::Failed { work: effect.number, why: why.into() }, None);
                    }
                    Assigned::Task(assignment) => self.setting.worker.outcome(&assignment).map(|outcome| {
                        let done = super::work::Done { task: assignment.task, outcome };
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

    // ── Telling, and what follows from it ──────────────────────────────────

    /// Tells a case something. What does not fit it as it stands is left out.
    fn tell(&mut self, contact: i64, input: &Input, body: Option<String>) {
        let setting = self.setting;
        let Some(standing) = place(contact).and_then(|place| self.cases.get(place)) else { return };
        let record = standing.case.record.clone();
        let key = (contact, self.now, self.store.version);
        let known = std::mem::take(&mut self.judged.1);
        let known = if self.judged.0 == key { known } else { Judged::default() };
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
        let step = engine::step(&context, &standing.case, input, self.now, &mut judge);
        self.judged = (key, judge.into_judged());
        let step = match step {
            Ok(step) => step,
            Err(refusal) => return self.refused(contact, &refusal),
        };
        let mut body = body;
        for entry in step.entries {
            self.follow(contact, &entry, &mut body, &step.case);
            self.emit(Some(record.clone()), entry);
        }
        if let Some(wake) = step.wake {
            self.wakes.push(Reverse((wake, contact)));
        }
        if let Some(standing) = place(contact).and_then(|place| self.cases.get_mut(place)) {
            *standing = Standing { case: step.case, wake: step.wake };
        }
    }

    fn refused(&mut self, contact: i64, refusal: &Refusal) {
        if matches!(refusal, Refusal::Expired { .. }) {
            // That it came too late is in the log from now on.
            self.tell(contact, &Input::Woke, None);
        }
    }

    fn emit(&mut self, record: Option<RecordRef>, entry: Entry) {
        let number = self.next;
        self.next = EntryId(number.0 + 1);
        self.log.push(Logged { number, at: self.now, clock: None, record, entry, sealed: None });
    }

    /// What an entry that is about to be logged means for what is kept.
    fn follow(&mut self, contact: i64, entry: &Entry, body: &mut Option<String>, after: &Case) {
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
            Entry::Asked { .. } if after.questions.iter().any(|open| open.id == number) => {
                self.fresh_questions.push((contact, number));
            }
            Entry::Tried { run, experiment, arm, why } => {
                let trial = Trial { arm: arm.clone(), began: None, succeeded: None, held_out: *why == Why::HeldOut };
                self.store.pulls.push(Pull { experiment: experiment.clone(), contact, run: *run, trial });
            }
            _ => {}
        }
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

    // ── What the whole playbook learns from its runs ───────────────────────────────────────────────────────

    /// What `trust after` counts, as long as it is not reached.
    fn count_decisions(&mut self) {
        let (setting, now) = (self.setting, self.now);
        for (id, score) in (0..).map(ScoreId).zip(&setting.program().scores) {
            let known =
                self.store.decisions.iter().find(|(name, _)| *name == score.name).map_or(0, |(_, known)| *known);
            let wanted = score.trust_after.filter(|wanted| score.learn.is_some() && known < u64::from(*wanted));
            if wanted.is_none() {
                continue;
            }
            let mut seen = BTreeSet::new();
            let decided = self.log.iter().filter(|logged| {
                let (Entry::Scored { score: scored, .. }, Some(record)) = (&logged.entry, &logged.record) else {
                    return false;
                };
                let is_first = *scored == score.name && seen.insert(record.id);
                is_first && outcome(&self.store, setting, id, record.id, logged.at).is_some_and(|(at, _)| at <= now)
            });
            let decided = decided.count() as u64;
            self.store.decisions.retain(|(name, _)| *name != score.name);
            self.store.decisions.push((score.name.clone(), decided.max(known)));
        }
    }

    /// Looks once a day whether a kill signal says that the playbook does not work, as the runner does.
    fn review(&mut self) {
        let setting = self.setting;
        let book = &setting.book;
        let learns = |score: &Score| score.kill.is_some() || score.learn.is_some() && score.trust_after.is_some();
        if !book.program.scores.iter().any(learns) {
            return;
        }
        let day = calendar::day_start(&book.zone, self.now).as_second() / 86_400;
        if self.reviewed >= day {
            return;
        }
        self.reviewed = day;
        self.count_decisions();
        let may_speak = |score: &compiler::program::Score| {
            let Some(kill) = &score.kill else { return false };
            let is_done = self.killed.iter().any(|(name, _)| *name == score.name);
            !is_done && observed::is_time_up(setting, &self.log, &score.name, kill, self.now)
        };
        if !book.program.scores.iter().any(may_speak) {
            return;
        }
        let observed: Observed = observed::observed(setting, &self.store, &self.log, self.now);
        for signal in kill_signals(&book.program, &book.zone, self.now, &observed) {
            let is_done = self.killed.iter().any(|(name, _)| *name == signal.score);
            let Some(score) = book.program.scores.iter().find(|score| score.name == signal.score) else { continue };
            let Some(kill) = score.kill.as_ref().filter(|_| signal.verdict == KillVerdict::Kill && !is_done) else {
                continue;
            };
            self.killed.push((score.name.clone(), self.now));
            for paused in kill.pause.iter().filter_map(|workflow| book.program.workflows.get(workflow.index())) {
                let what = format_smolstr!("workflow {}", paused.name);
                let by = format_smolstr!("the kill signal of {}", score.name);
                self.switches.insert(what.clone());
                self.emit(None, Entry::Switched { what, paused: true, by, why: None });
            }
        }
    }
}

/// How long it took, where an event has a fact for that.
pub(super) fn delay(
    program: &compiler::program::Program,
    event: EventId,
    took: jiff::SignedDuration,
) -> Vec<(SmolStr, Value)> {
    let declared = program.events.get(event.index());
    let is_delay =
        |field: &&compiler::program::Field| field.name == "delay" && field.ty == compiler::program::Type::Duration;
    let field = declared.and_then(|event| event.fields.iter().find(is_delay));
    let took = Fixed::from_integer(took.as_secs());
    field.map(|field| vec![(field.name.clone(), Value::Number(took))]).unwrap_or_default()
}

/// Evenly between two amounts, in hundreds.
#[expect(clippy::cast_possible_truncation, reason = "amounts of money in hundreds")]
fn worth(low: f64, high: f64, share: f64) -> i64 {
    ((low + (high - low) * share) / 100.0).round() as i64 * 100
}
