//! What comes from outside a playbook: leads that come in, buyers who do something, people who answer. It knows no shell: whoever plays
//! tells it what happened and what was asked, and is told what comes and when.
//!
//! Every draw is somebody's own, see [`super::random`]: nothing here depends on the order in which things happen.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use compiler::program::{BuyerHabit, EventId, Fixed, Period, PersonAct, PersonHabit, Program, Scenario};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use language::syntax::DurationUnit;
use runtime::calendar::{self, OpenHours};
use runtime::engine::{Answer, EntryId, Question, QuestionKind};
use smol_str::SmolStr;

use super::pool::Pool;
use super::random::{self, About, Lots};

/// Somebody who will come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Arrival {
    pub(super) at: Timestamp,
    /// The same in every world of the seed.
    pub(super) key: u64,
    /// Which pool, and which record of it.
    pub(super) place: (u32, u32),
}

/// What comes from outside.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Coming {
    /// Somebody comes in, a place in [`Outside::arrivals`].
    Lead(usize),
    /// A buyer does something.
    Buyer {
        /// Who, by number.
        contact: i64,
        /// What.
        event: EventId,
        /// How long after what it follows.
        took: SignedDuration,
    },
    /// A person answers.
    Person {
        /// Whose case, by number.
        contact: i64,
        /// Which question.
        question: EntryId,
        /// What they say.
        answer: Answer,
        /// Who.
        by: SmolStr,
    },
}

/// What waits for its time; the one that was put in first goes first.
type Waiting = Reverse<(Timestamp, u64)>;

/// What comes from outside, for one seed.
pub(super) struct Outside<'s> {
    program: &'s Program,
    zone: &'s TimeZone,
    scenario: &'s Scenario,
    lots: Lots,
    pub(super) arrivals: Vec<Arrival>,
    heap: BinaryHeap<Waiting>,
    waiting: HashMap<u64, Due>,
    next: u64,
    /// How often each buyer's habit, and each kind of question, has come up: by key and name.
    times: HashMap<(u64, u64), u64>,
    /// How many answers each habit has had in the period that it is in.
    busy: HashMap<usize, (Timestamp, u32)>,
    /// Questions that no habit is about.
    pub(super) unanswered: u64,
}

#[derive(Clone, Debug)]
enum Due {
    Lead(usize),
    Buyer { contact: i64, event: EventId, took: SignedDuration },
    Person { contact: i64, question: EntryId, habit: usize, lot: (u64, u64, u64) },
}

impl<'s> Outside<'s> {
    /// The same people and buyers, under a playbook that has learned.
    pub(super) fn under<'t>(self, program: &'t Program, zone: &'t TimeZone, scenario: &'t Scenario) -> Outside<'t> {
        Outside {
            program,
            zone,
            scenario,
            lots: self.lots,
            arrivals: self.arrivals,
            heap: self.heap,
            waiting: self.waiting,
            next: self.next,
            times: self.times,
            busy: self.busy,
            unanswered: self.unanswered,
        }
    }

    /// Whether whoever adopts what was learned does so in a week; nobody does where no line says so.
    pub(super) fn adopts(&self, week: u64) -> bool {
        let habit = self.scenario.people.iter().find(|habit| habit.act == PersonAct::Adopts);
        let share = self.lots.share(week, About::Habit, random::name(&["adopts"]), 0);
        habit.is_some_and(|habit| share * 100.0 < habit.chance.to_f64())
    }

    pub(super) fn new(
        program: &'s Program,
        zone: &'s TimeZone,
        scenario: &'s Scenario,
        pools: &[Pool],
        lots: Lots,
        (from, until): (Timestamp, Timestamp),
    ) -> Self {
        let arrivals = arrivals(program, zone, scenario, pools, lots, (from, until));
        let mut outside = Self {
            program,
            zone,
            scenario,
            lots,
            arrivals: Vec::new(),
            heap: BinaryHeap::new(),
            waiting: HashMap::new(),
            next: 0,
            times: HashMap::new(),
            busy: HashMap::new(),
            unanswered: 0,
        };
        for (place, arrival) in arrivals.iter().enumerate() {
            outside.put(arrival.at, Due::Lead(place));
        }
        outside.arrivals = arrivals;
        outside
    }

    fn put(&mut self, at: Timestamp, due: Due) {
        self.heap.push(Reverse((at, self.next)));
        self.waiting.insert(self.next, due);
        self.next += 1;
    }

    /// When something comes next.
    pub(super) fn next(&self) -> Option<Timestamp> {
        self.heap.peek().map(|Reverse((at, _))| *at)
    }

    /// What comes by an instant, first things first; of an answer `asked` gives the question where it is still open.
    pub(super) fn coming(
        &mut self,
        now: Timestamp,
        mut asked: impl FnMut(i64, EntryId) -> Option<Question>,
    ) -> Option<Coming> {
        while self.next().is_some_and(|at| at <= now) {
            let Reverse((_, number)) = self.heap.pop()?;
            match self.waiting.remove(&number) {
                Some(Due::Lead(place)) => return Some(Coming::Lead(place)),
                Some(Due::Buyer { contact, event, took }) => return Some(Coming::Buyer { contact, event, took }),
                Some(Due::Person { contact, question, habit, lot }) => {
                    let Some(open) = asked(contact, question) else { continue };
                    if let Some(later) = self.too_busy(habit, now) {
                        self.put(later, Due::Person { contact, question, habit, lot });
                    } else if let Some(coming) = self.answer(contact, &open, habit, lot) {
                        return Some(coming);
                    }
                }
                None => {}
            }
        }
        None
    }

    /// Something happened to a contact, or it came in where no event is named: what its buyer makes of that. `holds` says whether
    /// what a habit goes by is so at this instant.
    pub(super) fn happened(
        &mut self,
        contact: i64,
        key: u64,
        what: Option<EventId>,
        now: Timestamp,
        mut holds: impl FnMut(&BuyerHabit) -> bool,
    ) {
        let scenario = self.scenario;
        for habit in scenario.buyers.iter().filter(|habit| habit.after == what) {
            let name = |event: EventId| self.program.events.get(event.index()).map_or("", |event| event.name.as_str());
            let drawn = random::name(&[name(habit.event), habit.after.map_or("", name)]);
            let time = self.time(key, drawn);
            let chance = match &habit.when {
                Some((_, otherwise)) if !holds(habit) => *otherwise,
                _ => habit.chance,
            };
            let does = self.lots.share(key, About::Habit, drawn, time) * 100.0 < chance.to_f64();
            let Some(event) = Some(habit.event).filter(|_| does).or(habit.otherwise) else { continue };
            let at = self.after(now, habit.within, self.lots.share(key, About::Delay, drawn, time));
            self.put(at, Due::Buyer { contact, event, took: at.duration_since(now) });
        }
    }

    /// A person is asked something.
    pub(super) fn asked(&mut self, contact: i64, key: u64, question: &Question, now: Timestamp) {
        let habits = self.scenario.people.iter().enumerate();
        let Some((place, habit)) = habits.into_iter().find(|(_, habit)| is_about(habit, question)) else {
            // What keeps a run is nobody's to answer: it goes on by itself.
            self.unanswered += u64::from(!matches!(question.kind, QuestionKind::Trouble(_)));
            return;
        };
        let drawn = random::name(&["asked", kind(&question.kind), &question.words]);
        let time = self.time(key, drawn);
        if habit.act == PersonAct::Accepts
            && self.lots.share(key, About::Habit, drawn, time) * 100.0 >= habit.chance.to_f64()
        {
            // Whoever does not accept leaves it.
            return;
        }
        let at = self.in_hours(now, habit.within, self.lots.share(key, About::Delay, drawn, time));
        let lot = (key, drawn, time);
        self.put(at, Due::Person { contact, question: question.id, habit: place, lot });
    }

    /// The so manieth time that something comes up for somebody.
    fn time(&mut self, key: u64, name: u64) -> u64 {
        let times = self.times.entry((key, name)).or_default();
        *times += 1;
        *times - 1
    }

    fn answer(
        &self,
        contact: i64,
        question: &Question,
        habit: usize,
        (key, drawn, time): (u64, u64, u64),
    ) -> Option<Coming> {
        let habit = self.scenario.people.get(habit)?;
        let does = self.lots.share(key, About::Habit, drawn, time) * 100.0 < habit.chance.to_f64();
        let takes = |option: &str| question.options.iter().any(|known| known == option);
        let answer = match habit.act {
            PersonAct::Rates => {
                Answer::Rate { value: self.rating(question, does, self.lots.share(key, About::Value, drawn, time))? }
            }
            PersonAct::Approves if !does => Answer::Reject,
            _ if takes("done") => Answer::Done,
            _ => Answer::Approve { hash: None },
        };
        let people = &self.program.client.people;
        let anybody = people.first().map_or_else(|| SmolStr::new_static("human"), |(role, _)| role.clone());
        let by = question.whom.clone().or_else(|| habit.whom.clone()).unwrap_or(anybody);
        Some(Coming::Person { contact, question: question.id, answer, by })
    }

    /// One of the better half of a rubric's values, or of the other one.
    fn rating(&self, question: &Question, better: bool, share: f64) -> Option<Fixed> {
        let QuestionKind::Rating { rubric, .. } = &question.kind else { return None };
        let rubric = self.program.rubrics.iter().find(|known| known.name == *rubric)?;
        let mut values: Vec<Fixed> = rubric.lines.iter().map(|(points, _)| *points).collect();
        values.sort_unstable();
        values.dedup();
        let half = values.len().div_ceil(2);
        let (low, high) = values.split_at(values.len() - half);
        let of = if better || low.is_empty() { high } else { low };
        of.get(pick(share, of.len())).copied()
    }

    /// Evenly within a period from an instant on.
    fn after(&self, from: Timestamp, within: Option<Period>, share: f64) -> Timestamp {
        let Some(within) = within else { return from };
        let end = calendar::after(&self.program.client, self.zone, from, within);
        let length = end.duration_since(from).as_secs_f64();
        from.checked_add(seconds(share * length)).unwrap_or(from)
    }

    /// The same for people, who answer in their business hours alone: hours of a `within` are hours in which they are open.
    fn in_hours(&self, from: Timestamp, within: Option<Period>, share: f64) -> Timestamp {
        let client = &self.program.client;
        let hours = OpenHours::of(client);
        let counted = within.and_then(|within| {
            let size = match within.unit {
                DurationUnit::Second => 1.0,
                DurationUnit::Minute => 60.0,
                DurationUnit::Hour => 3600.0,
                _ => return None,
            };
            Some(size * f64::from(within.amount))
        });
        let at = match (within, counted) {
            (_, Some(length)) => {
                let amount = u32::try_from(seconds(share * length).as_secs()).unwrap_or(u32::MAX);
                let period = Period { amount, unit: DurationUnit::Second, business: true };
                calendar::after(client, self.zone, hours.opens_at(self.zone, from), period)
            }
            (within, None) => self.after(from, within, share),
        };
        hours.opens_at(self.zone, at)
    }

    /// When somebody who has answered as much as they can goes on.
    fn too_busy(&mut self, habit: usize, now: Timestamp) -> Option<Timestamp> {
        let (most, per) = self.scenario.people.get(habit)?.at_most?;
        let begun = self.period_of(now, per);
        let (since, count) = self.busy.entry(habit).or_insert((begun, 0));
        if *since != begun {
            (*since, *count) = (begun, 0);
        }
        if *count < most {
            *count += 1;
            return None;
        }
        let next = calendar::after(&self.program.client, self.zone, begun, Period { business: false, ..per });
        Some(OpenHours::of(&self.program.client).opens_at(self.zone, next.max(now)))
    }

    /// When the period that an instant is in began.
    fn period_of(&self, now: Timestamp, per: Period) -> Timestamp {
        match per.unit {
            DurationUnit::Week => calendar::week_start(self.zone, now),
            DurationUnit::Month | DurationUnit::Year => calendar::month_start(self.zone, now),
            DurationUnit::Hour => {
                let since = now.as_second().rem_euclid(3600);
                now.checked_sub(SignedDuration::from_secs(since)).unwrap_or(now)
            }
            _ => calendar::day_start(self.zone, now),
        }
    }
}

/// Whether a person's habit is about a question.
fn is_about(habit: &PersonHabit, question: &Question) -> bool {
    let is_theirs = match (&habit.whom, &question.whom) {
        (Some(habit), Some(whom)) => habit == whom,
        _ => true,
    };
    let takes = |option: &str| question.options.iter().any(|known| known == option);
    let is_handoff = matches!(question.kind, QuestionKind::Handoff(_));
    is_theirs
        && match (habit.act, &question.kind) {
            (_, QuestionKind::Trouble(_) | QuestionKind::Review) | (PersonAct::Adopts, _) => false,
            (PersonAct::Rates, QuestionKind::Rating { .. }) => true,
            (PersonAct::Rates, _) | (PersonAct::Approves, QuestionKind::Rating { .. }) => false,
            (PersonAct::Accepts, _) => is_handoff,
            (PersonAct::Approves, _) => takes("approve") || takes("done"),
        }
}

const fn kind(kind: &QuestionKind) -> &'static str {
    match kind {
        QuestionKind::Stage { .. } => "stage",
        QuestionKind::Way { .. } => "way",
        QuestionKind::Errand { .. } => "errand",
        QuestionKind::Act { .. } => "act",
        QuestionKind::Rating { .. } => "rating",
        QuestionKind::Handoff(_) => "handoff",
        QuestionKind::Trouble(_) => "trouble",
        QuestionKind::Stranded { .. } => "stranded",
        QuestionKind::Review => "review",
    }
}

/// Who comes in when: of each period so many, spread over its business hours.
fn arrivals(
    program: &Program,
    zone: &TimeZone,
    scenario: &Scenario,
    pools: &[Pool],
    lots: Lots,
    (from, until): (Timestamp, Timestamp),
) -> Vec<Arrival> {
    let client = &program.client;
    let mut all = Vec::new();
    for (stream, number) in scenario.leads.iter().zip(0_u64..) {
        let Some(pool) = (0_u32..).zip(pools).find(|(_, pool)| pool.from == stream.from) else { continue };
        let (pool_place, records) = (pool.0, pool.1.records.len());
        if records == 0 {
            continue;
        }
        let end = stream.during.map_or(until, |during| calendar::after(client, zone, from, during).min(until));
        let (mut begin, mut period) = (from, 0_u64);
        while begin < end {
            period += 1;
            let amount = stream.per.amount.saturating_mul(u32::try_from(period).unwrap_or(u32::MAX));
            let next = calendar::after(client, zone, from, Period { amount, ..stream.per });
            if next <= begin {
                break;
            }
            let open = open_times(program, zone, (begin, next));
            for one in 0..u64::from(stream.count) {
                let key = number << 48 | period << 24 | one;
                let at = spread(&open, lots.share(key, About::Arrival, 0, 0));
                let record = pick(lots.share(key, About::Record, 0, 0), records);
                if at < end {
                    all.push(Arrival { at, key, place: (pool_place, u32::try_from(record).unwrap_or(0)) });
                }
            }
            begin = next;
        }
    }
    all.sort_by_key(|arrival| (arrival.at, arrival.key));
    all
}

/// When the client is open between two instants; all of it where never.
fn open_times(
    program: &Program,
    zone: &TimeZone,
    (from, until): (Timestamp, Timestamp),
) -> Vec<(Timestamp, Timestamp)> {
    let hours = OpenHours::of(&program.client);
    let mut open = Vec::new();
    let mut day = zone.to_datetime(from).date();
    let last = zone.to_datetime(until).date();
    while day <= last {
        if let Some(opening) = hours.opening(zone, day) {
            let (begin, end) = (opening.from.max(from), opening.to.min(until));
            if begin < end {
                open.push((begin, end));
            }
        }
        let Ok(next) = day.tomorrow() else { break };
        day = next;
    }
    if open.is_empty() { vec![(from, until)] } else { open }
}

/// The instant at a share of all that time, to the second.
fn spread(open: &[(Timestamp, Timestamp)], share: f64) -> Timestamp {
    let length = |(from, until): &(Timestamp, Timestamp)| until.duration_since(*from).as_secs_f64();
    let mut left = share * open.iter().map(length).sum::<f64>();
    for part in open {
        if left < length(part) {
            return part.0.checked_add(seconds(left)).unwrap_or(part.0);
        }
        left -= length(part);
    }
    open.last().map_or(Timestamp::MIN, |part| part.0)
}

/// Whole seconds: the log keeps no more than a millionth, and nobody comes in between two.
#[expect(clippy::cast_possible_truncation, reason = "no scenario is longer than all calendars")]
fn seconds(length: f64) -> SignedDuration {
    SignedDuration::from_secs(length.max(0.0) as i64)
}

/// The place at a share of so many.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "a share of a number of things in memory"
)]
pub(super) fn pick(share: f64, of: usize) -> usize {
    ((share * of as f64) as usize).min(of.saturating_sub(1))
}
