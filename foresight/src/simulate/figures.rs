//! What one seed shows, in numbers: counted from the world's log and from what happened in it.

use std::collections::{BTreeMap, BTreeSet};

use compiler::program::{EventId, Fixed, Outcome, ScoreId, Value};
use jiff::{SignedDuration, Timestamp};
use runtime::calendar;
use runtime::engine::{Entry, EntryId, QuestionKind};
use runtime::metrics::{KillVerdict, Measuring, goals, kill_signals};
use smol_str::{SmolStr, format_smolstr};

use super::observed::{observed, week_of};
use super::setting::Setting;
use super::store::Store;
use super::world::World;

/// Whoever is written to has so long to answer, so that every week's response rate is of the same time.
pub const ANSWERING: SignedDuration = SignedDuration::from_hours(24 * 7);

/// After so many decisions the agreement of score and truth is measured.
pub const DECISIONS: usize = 50;

/// What one seed shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figures {
    /// Its number.
    pub seed: u64,
    /// Week by week.
    pub weeks: Vec<Week>,
    /// Runs that ever entered a stage, by workflow and stage as the playbook has them.
    pub entered: Vec<Vec<u64>>,
    /// Where each lead is at the end, or how its last run ended: they add up to the leads.
    pub places: BTreeMap<SmolStr, u64>,
    /// By score of contacts: its routes.
    pub scores: Vec<Agreement>,
    /// By goal of the playbook.
    pub goals: Vec<Aim>,
    /// By score with a kill signal.
    pub kills: Vec<Killing>,
    /// By experiment: its arms.
    pub experiments: Vec<Vec<Arm>>,
    /// How many hours questions were open until a person answered.
    pub waited: Vec<f64>,
    /// What was asked of people that nobody in the scenario answers.
    pub unanswered: u64,
    /// What keeps runs at the end, in words.
    pub kept: BTreeMap<SmolStr, u64>,
    /// What acts cost, as the playbook says.
    pub cost: f64,
}

/// A week of a seed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Week {
    /// Who came in.
    pub leads: u64,
    /// Messages that went out.
    pub sent: u64,
    /// Contacts that were first written to.
    pub written: u64,
    /// Those of them that answered in time.
    pub answered: u64,
    /// What buyers did, by the scenario's events.
    pub events: Vec<u64>,
    /// Deals that were made.
    pub deals: u64,
    /// What they are worth.
    pub pipeline: f64,
    /// Questions that people answered.
    pub approvals: u64,
    /// How many were still open at its end.
    pub queue: u64,
    /// Contacts first scored in it whose outcome is known, and those that were routed rightly.
    pub decided: u64,
    /// Those that were routed rightly.
    pub right: u64,
}

/// How a score and the truth agree.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Agreement {
    /// By label: how many were first scored so, and of them how many had each of the scenario's events.
    pub routes: Vec<(u64, Vec<u64>)>,
    /// Points and outcome of the first decisions, in the order in which they were decided.
    pub decisions: Vec<(f64, bool)>,
}

/// How a kill signal fared.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Killing {
    /// It spoke.
    pub fired: bool,
    /// It can say something: kill, or that it works.
    pub is_decided: bool,
    /// Those who decided.
    pub decided: u64,
    /// Those of them who had the event.
    pub hits: u64,
}

/// How a goal stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Aim {
    /// The figure.
    pub value: Option<f64>,
    /// Whether it is on the right side of the limit; none where it is undefined.
    pub holds: Option<bool>,
    /// Why it is.
    pub note: Option<SmolStr>,
}

/// An arm of an experiment.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Arm {
    /// How many got it, and were reached by it.
    pub pulls: u64,
    /// Those of them who did what counts in time.
    pub successes: u64,
}

/// The events that a scenario's buyers do, each once, in its order.
#[must_use]
pub fn watched(setting: &Setting) -> Vec<EventId> {
    let mut events = Vec::new();
    for habit in setting.scenario().into_iter().flat_map(|scenario| &scenario.buyers) {
        for event in [Some(habit.event), habit.otherwise].into_iter().flatten() {
            if !events.contains(&event) {
                events.push(event);
            }
        }
    }
    events
}

impl Figures {
    pub(super) fn of(world: &World<'_>, setting: &Setting, seed: u64) -> Self {
        let mut figures = Self {
            seed,
            weeks: vec![Week { events: vec![0; watched(setting).len()], ..Week::default() }; setting.weeks()],
            unanswered: world.outside.unanswered,
            ..Self::default()
        };
        figures.count_entries(world, setting);
        figures.count_events(world, setting);
        figures.count_places(world);
        figures.count_scores(world, setting);
        figures.count_goals(world, setting);
        figures.count_experiments(world, setting);
        figures
    }

    fn week(&mut self, setting: &Setting, at: Timestamp) -> Option<&mut Week> {
        self.weeks.get_mut(week_of(setting, at))
    }

    fn count_entries(&mut self, world: &World<'_>, setting: &Setting) {
        let program = setting.program();
        self.entered = program.workflows.iter().map(|workflow| vec![0; workflow.stages.len()]).collect();
        let mut runs: BTreeMap<EntryId, usize> = BTreeMap::new();
        let mut visited: BTreeSet<(EntryId, usize)> = BTreeSet::new();
        let mut asked: BTreeMap<EntryId, Timestamp> = BTreeMap::new();
        for logged in &world.log {
            match &logged.entry {
                Entry::Started { workflow, .. } => {
                    let place = program.workflows.iter().position(|known| known.name == *workflow);
                    runs.extend(place.map(|place| (logged.number, place)));
                }
                Entry::Entered { run, stage, .. } => {
                    let Some(&workflow) = runs.get(run) else { continue };
                    let stages = program.workflows.get(workflow).map(|known| known.stages.as_slice());
                    let found = stages.and_then(|stages| stages.iter().position(|known| known.name == *stage));
                    let Some(place) = found.filter(|place| visited.insert((*run, *place))) else { continue };
                    if let Some(count) = self.entered.get_mut(workflow).and_then(|stages| stages.get_mut(place)) {
                        *count += 1;
                    }
                }
                Entry::Asked { question, .. } if !matches!(question, QuestionKind::Trouble(_)) => {
                    asked.insert(logged.number, logged.at);
                }
                Entry::Settled { question, how: Some(_), by: Some(_), .. } => {
                    if let Some(since) = asked.remove(question) {
                        self.waited.push(logged.at.duration_since(since).as_secs_f64() / 3600.0);
                    }
                    if let Some(week) = self.week(setting, logged.at) {
                        week.approvals += 1;
                    }
                }
                Entry::Delivered { .. } => {
                    if let Some(week) = self.week(setting, logged.at) {
                        week.sent += 1;
                    }
                }
                _ => {}
            }
        }
        for (week, queue) in self.weeks.iter_mut().zip(&world.queues) {
            week.queue = *queue as u64;
        }
        for standing in &world.cases {
            for question in &standing.case.questions {
                if let QuestionKind::Trouble(_) = question.kind {
                    let words = question.words.split(';').next().unwrap_or_default();
                    *self.kept.entry(words.into()).or_default() += 1;
                }
            }
        }
    }

    fn count_events(&mut self, world: &World<'_>, setting: &Setting) {
        let watched = watched(setting);
        for happened in world.store.events.iter().filter(|happened| !happened.is_history) {
            let Some(place) = watched.iter().position(|event| *event == happened.event) else { continue };
            let week = self.week(setting, happened.at);
            if let Some(count) = week.and_then(|week| week.events.get_mut(place)) {
                *count += 1;
            }
        }
        let reply = setting.program().event("reply.received");
        for (number, lead) in (1..).zip(&world.store.leads) {
            if let Some(week) = self.week(setting, lead.arrived) {
                week.leads += 1;
            }
            let Some(first) = lead.sends.first().map(|sent| sent.at) else { continue };
            let answered = reply.and_then(|reply| world.store.first(number, reply, first));
            let in_time = answered.is_some_and(|at| at.duration_since(first) <= ANSWERING);
            if let Some(week) = self.week(setting, first) {
                week.written += 1;
                week.answered += u64::from(in_time);
            }
        }
        for (deal, made) in world.store.deals.iter().zip(&world.made) {
            let value = setting.layout.deal_value();
            let worth =
                deal.fields.iter().find(|(field, _)| Some(*field) == value).and_then(|(_, value)| match value {
                    Value::Number(value) => Some(value.to_f64()),
                    _ => None,
                });
            if let Some(week) = self.week(setting, *made) {
                week.deals += 1;
                week.pipeline += worth.unwrap_or(0.0);
            }
        }
    }

    fn count_places(&mut self, world: &World<'_>) {
        // The last run of each lead that began, whatever it runs for.
        let mut last: BTreeMap<i64, (EntryId, SmolStr)> = BTreeMap::new();
        let mut ends: BTreeMap<EntryId, SmolStr> = BTreeMap::new();
        for logged in &world.log {
            match (&logged.entry, &logged.record) {
                (Entry::Started { workflow, .. }, Some(record)) => {
                    last.insert(record.id, (logged.number, workflow.clone()));
                }
                (Entry::Ended { run, outcome, .. }, _) => {
                    ends.insert(*run, outcome.clone());
                }
                _ => {}
            }
        }
        for (number, standing) in (1..).zip(&world.cases) {
            let place = match last.get(&number) {
                None => SmolStr::new_static("nowhere: no workflow began"),
                Some((run, workflow)) => match (standing.case.run(*run), ends.get(run)) {
                    (Some(run), _) => format_smolstr!("{workflow}.{}", run.stage),
                    (None, Some(outcome)) => format_smolstr!("{workflow}: {outcome}"),
                    (None, None) => format_smolstr!("{workflow}: gone"),
                },
            };
            *self.places.entry(place).or_default() += 1;
        }
    }

    fn count_scores(&mut self, world: &World<'_>, setting: &Setting) {
        let program = setting.program();
        let watched = watched(setting);
        let last = setting.until;
        for (id, score) in (0..).map(ScoreId).zip(&program.scores) {
            let mut agreement =
                Agreement { routes: vec![(0, vec![0; watched.len()]); score.labels.len()], decisions: Vec::new() };
            let mut seen = BTreeSet::new();
            let mut decided: Vec<(Timestamp, f64, bool)> = Vec::new();
            for logged in &world.log {
                let (Entry::Scored { score: name, value, route, .. }, Some(record)) = (&logged.entry, &logged.record)
                else {
                    continue;
                };
                if *name != score.name || !seen.insert(record.id) {
                    continue;
                }
                let label = route.as_ref().and_then(|route| score.labels.iter().position(|label| label == route));
                if let Some((count, had)) = label.and_then(|label| agreement.routes.get_mut(label)) {
                    *count += 1;
                    for (event, had) in watched.iter().zip(had) {
                        *had += u64::from(world.store.first(record.id, *event, logged.at).is_some());
                    }
                }
                let Some((at, good)) =
                    outcome(&world.store, setting, id, record.id, logged.at).filter(|(at, _)| *at < last)
                else {
                    continue;
                };
                decided.push((at, value.to_f64(), good));
                let fits = label.is_some_and(|label| label + 1 < score.labels.len());
                if id.index() == 0
                    && let Some(week) = self.week(setting, logged.at)
                {
                    week.decided += 1;
                    week.right += u64::from(fits == good);
                }
            }
            decided.sort_by_key(|(at, ..)| *at);
            agreement.decisions = decided.into_iter().take(DECISIONS).map(|(_, value, good)| (value, good)).collect();
            self.scores.push(agreement);
        }
    }

    fn count_goals(&mut self, world: &World<'_>, setting: &Setting) {
        let book = &setting.book;
        let observed = observed(setting, &world.store, &world.log, setting.until);
        let measuring = Measuring {
            program: &book.program,
            zone: &book.zone,
            now: setting.until,
            observed: &observed,
            maturity: &[],
        };
        for measured in goals(measuring) {
            let reading = measured.last.unwrap_or(measured.current);
            let note = reading.figure.notes.first().filter(|_| reading.holds.is_none());
            self.goals.push(Aim {
                value: reading.figure.value.map(Fixed::to_f64),
                holds: reading.holds,
                note: note.map(SmolStr::from),
            });
        }
        for signal in kill_signals(&book.program, &book.zone, setting.until, &observed) {
            self.kills.push(Killing {
                fired: signal.verdict == KillVerdict::Kill
                    || world.killed.iter().any(|(name, _)| *name == signal.score),
                is_decided: matches!(signal.verdict, KillVerdict::Kill | KillVerdict::Works),
                decided: signal.decided,
                hits: signal.seen.hits,
            });
        }
        let carried = observed.journal.carried.iter();
        self.cost = carried.map(|carried| runtime::metrics::cost(&book.program, carried).to_f64()).sum();
    }

    fn count_experiments(&mut self, world: &World<'_>, setting: &Setting) {
        for experiment in &setting.program().experiments {
            let mut arms = vec![Arm::default(); experiment.arms.len()];
            for pull in world.store.pulls.iter().filter(|pull| pull.experiment == experiment.name) {
                let place = experiment.arms.iter().position(|arm| *arm == pull.trial.arm);
                let (Some(began), Some(arm)) = (pull.trial.began, place.and_then(|place| arms.get_mut(place))) else {
                    continue;
                };
                let end = experiment.within.map_or(Timestamp::MAX, |within| {
                    calendar::after(&setting.book.program.client, &setting.book.zone, began, within)
                });
                let succeeded = world.store.first(pull.contact, experiment.success, began);
                arm.pulls += 1;
                arm.successes += u64::from(succeeded.is_some_and(|at| at <= end));
            }
            self.experiments.push(arms);
        }
    }
}

/// What a score's `learn` says of a contact that was scored at an instant: when it was decided, and how.
pub(super) fn outcome(
    store: &Store<'_>,
    setting: &Setting,
    score: ScoreId,
    contact: i64,
    scored: Timestamp,
) -> Option<(Timestamp, bool)> {
    let learn = setting.program().scores.get(score.index())?.learn.as_ref()?;
    let when = |outcome: &Outcome| match outcome {
        Outcome::Event(event) => store.first(contact, *event, scored),
        Outcome::Silence { event, after, since } => {
            let began = store.first(contact, *since, scored)?;
            let end = calendar::after(&setting.book.program.client, &setting.book.zone, began, *after);
            let spoke = store.first(contact, *event, began).is_some_and(|at| at <= end);
            (!spoke).then_some(end)
        }
        Outcome::Holds(_) => None,
    };
    let good = learn.good.iter().filter_map(when).min().map(|at| (at, true));
    let bad = learn.bad.iter().filter_map(when).min().map(|at| (at, false));
    [good, bad].into_iter().flatten().min_by_key(|(at, good)| (*at, !*good))
}
