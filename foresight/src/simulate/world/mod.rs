//! One world: the engine with everything around it in memory, played from one instant at which something is due to the next one.
//!
//! It is a shell like the runner and does the same in the same order: what is new is told, slots that are due choose, what is due is
//! woken, what waits in the outbox is done. What it decides is [`runtime::shell`]'s to say, and [`runtime::engine`]'s.

mod coming;
mod effects;
mod instant;
mod review;
mod scored;
mod telling;

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use compiler::program::{EventId, Fixed, Value};
use jiff::Timestamp;
use runtime::crm::log::Logged;
use runtime::engine::{Case, Entry, EntryId, QuestionKind};
use runtime::score::{LinkError, Scorer};
use runtime::shell::Judged;
use smol_str::SmolStr;

use super::figures::Figures;
use super::observed;
use super::outside::Outside;
use super::random::Lots;
use super::scorers::Scorers;
use super::setting::Setting;
use super::store::{Store, place};
use super::work::Memory;
use scored::Scored;

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
    scored: Scored,
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
        let log = memory.log();
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
            log,
            scored: Scored::default(),
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

    /// What it came to; whoever plays the next one has the room that its log took.
    pub(super) fn figures(mut self, seed: u64) -> Figures {
        let figures = Figures::of(&self, self.setting, seed);
        self.memory.give_back(std::mem::take(&mut self.log));
        figures
    }

    /// Goes on under a playbook that has learned; everything that is under way looks around, as after any change. What workers did under
    /// the one before is not remembered: another card may want other facts.
    pub(super) fn under<'t>(
        self,
        setting: &'t Setting,
        scorers: &'t mut Scorers,
        memory: &'t mut Memory,
    ) -> Option<World<'t>>
    where
        's: 't,
    {
        let scenario = setting.scenario()?;
        let mut world = World {
            setting,
            scorers,
            judged: ((0, self.now, 0), Judged::default()),
            memory,
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
            scored: self.scored.undecided(),
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
