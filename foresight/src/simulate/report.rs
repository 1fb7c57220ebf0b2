//! What all seeds of a scenario show together.

use jiff::Timestamp;
use runtime::metrics::statistics::{Share, fewer_than};
use serde::{Deserialize, Serialize};
use smol_str::{SmolStr, format_smolstr};

use super::figures::{Aim, DECISIONS, Figures, Week, watched};
use super::setting::Setting;
use super::spread::{Spread, correlation};
use super::unmeasured::unmeasured;

/// What a scenario shows over its seeds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Its title.
    pub scenario: SmolStr,
    /// How many seeds were played.
    pub seeds: u64,
    /// The first one.
    pub first_seed: u64,
    /// From when.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// How many came in.
    pub leads: Spread,
    /// Figures of all the time, by name.
    pub totals: Vec<Total>,
    /// Stages with how many runs entered them.
    pub stages: Vec<StageRow>,
    /// Where leads are at the end; the means add up to that of the leads.
    pub places: Vec<PlaceRow>,
    /// Week by week.
    pub weeks: Vec<WeekRow>,
    /// People.
    pub people: People,
    /// Each goal of the playbook.
    pub goals: Vec<GoalRow>,
    /// Each kill signal.
    pub kills: Vec<KillRow>,
    /// How each score of contacts and the truth agree.
    pub scores: Vec<ScoreRow>,
    /// Each experiment.
    pub experiments: Vec<ExperimentRow>,
    /// What keeps runs at the end.
    pub kept: Vec<PlaceRow>,
    /// What was expected.
    pub expectations: Vec<Expected>,
}

/// A figure of all the time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Total {
    /// `replies`
    pub name: SmolStr,
    /// Of each seed.
    pub spread: Option<Spread>,
    /// In percent.
    pub percent: bool,
}

/// A stage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StageRow {
    /// `LeadGeneration`
    pub workflow: SmolStr,
    /// `Research`
    pub stage: SmolStr,
    /// Runs that ever entered it.
    pub entered: Spread,
}

/// Somewhere, with how many are there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlaceRow {
    /// `LeadGeneration.Nurture`, `LeadGeneration: disqualified`, or what keeps a run.
    pub place: SmolStr,
    /// How many; seeds in which nobody is there count as nought.
    pub leads: Spread,
}

/// A week.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WeekRow {
    /// From 1.
    pub week: usize,
    /// Who came in.
    pub leads: f64,
    /// Messages that went out.
    pub sent: f64,
    /// Of those first written to in it the share that answered within a week, in percent; over all seeds together its interval.
    pub response: Option<Spread>,
    /// A part of them has not had that week before the end.
    pub response_is_open: bool,
    /// What buyers did, by event.
    pub events: Vec<f64>,
    /// Deals that were made, and what they are worth.
    pub deals: f64,
    /// What they are worth.
    pub pipeline: Spread,
    /// Questions that people answered.
    pub approvals: f64,
    /// How many were open at its end.
    pub queue: Spread,
    /// Of those first scored in it whose outcome is known the share that was routed rightly, in percent.
    pub accuracy: Option<Spread>,
}

/// People.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct People {
    /// Answers.
    pub answers: Spread,
    /// Hours until an answer, over all answers of all seeds.
    pub waited: Option<Spread>,
    /// Questions that no line of the scenario is about: nobody answers them.
    pub unanswered: Spread,
}

/// A goal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GoalRow {
    /// `F1`
    pub name: Option<SmolStr>,
    /// In words.
    pub title: SmolStr,
    /// As written, from the limit on.
    pub words: SmolStr,
    /// The seeds in which it holds in the last whole period, or over all the time where it has none; of those in which it is defined.
    pub reached: Share,
    /// Seeds in which there is nothing to measure.
    pub undefined: u64,
    /// The figure.
    pub figure: Option<Spread>,
    /// Why the scenario cannot measure it: then it is neither reached nor missed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unmeasured: Option<SmolStr>,
}

/// A kill signal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KillRow {
    /// Of which score.
    pub score: SmolStr,
    /// The event that should happen.
    pub event: SmolStr,
    /// The seeds in which it fired, of those in which it could be decided.
    pub fired: Share,
    /// Seeds in which it is too early.
    pub too_early: u64,
    /// How many of those who decide had the event, over all seeds, in percent.
    pub true_rate: Option<f64>,
    /// How often it should fire at that rate, from 0 to 1, were each as likely to have it.
    pub expected: Option<f64>,
}

/// A score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScoreRow {
    /// `icp`
    pub score: SmolStr,
    /// By label.
    pub routes: Vec<RouteRow>,
    /// The events of `had`.
    pub events: Vec<SmolStr>,
    /// Decisions after which the agreement is measured.
    pub decisions: u64,
    /// The correlation of points and outcome over the first decisions of each seed; none where no seed has so many.
    pub agreement: Option<Spread>,
    /// The seeds in which it is above one half.
    pub above_half: Share,
    /// Why there is none.
    pub note: Option<SmolStr>,
}

/// A route.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RouteRow {
    /// `hot`
    pub label: SmolStr,
    /// How many were first scored so.
    pub leads: Spread,
    /// Of them, the share that had each event, in percent; none of none.
    pub had: Vec<Option<Spread>>,
}

/// An experiment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExperimentRow {
    /// `channel_mix`
    pub experiment: SmolStr,
    /// Its arms.
    pub arms: Vec<ArmRow>,
}

/// An arm.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ArmRow {
    /// `email`
    pub arm: SmolStr,
    /// How many were reached by it.
    pub pulls: Spread,
    /// How many of them did what counts.
    pub successes: Spread,
    /// Over all seeds, in percent.
    pub share: Option<f64>,
}

/// An expectation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Expected {
    /// As written.
    pub words: SmolStr,
    /// The seeds in which its goal is reached; where it is undefined, it is not. Of none where it cannot be measured.
    pub reached: Share,
    /// It came out so. What cannot be measured does not.
    pub holds: bool,
    /// Why the scenario cannot measure its goal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unmeasured: Option<SmolStr>,
}

/// Puts all seeds together; none where there is none.
#[must_use]
pub fn report(setting: &Setting, seeds: &[Figures]) -> Option<Report> {
    let first = seeds.first()?;
    let scenario = setting.scenario()?;
    let names: Vec<SmolStr> = watched(setting).into_iter().map(|event| name_of(setting, event)).collect();
    let unmeasured = unmeasured(setting, seeds);
    Some(Report {
        scenario: scenario.title.clone(),
        seeds: seeds.len() as u64,
        first_seed: first.seed,
        from: setting.span().0,
        until: setting.span().1,
        leads: Spread::of(seeds.iter().map(leads))?,
        totals: totals(setting, seeds, &names),
        stages: stages(setting, seeds),
        places: places(seeds, |figures| &figures.places),
        weeks: weeks(setting, seeds),
        people: People {
            answers: Spread::of(seeds.iter().map(|seed| sum(seed, |week| week.approvals as f64)))?,
            waited: Spread::of(seeds.iter().flat_map(|seed| seed.waited.iter().copied())),
            unanswered: Spread::of(seeds.iter().map(|seed| seed.unanswered as f64))?,
        },
        goals: goals(setting, seeds, &unmeasured),
        kills: kills(setting, seeds),
        scores: scores(setting, seeds, &names),
        experiments: experiments(setting, seeds),
        kept: places(seeds, |figures| &figures.kept),
        expectations: expectations(setting, seeds, &unmeasured),
    })
}

fn name_of(setting: &Setting, event: compiler::program::EventId) -> SmolStr {
    setting.program().events.get(event.index()).map(|event| event.name.clone()).unwrap_or_default()
}

fn sum(seed: &Figures, of: impl Fn(&Week) -> f64) -> f64 {
    seed.weeks.iter().map(of).sum()
}

fn leads(seed: &Figures) -> f64 {
    sum(seed, |week| week.leads as f64)
}

/// The share of those first written to that answered within a week, in percent.
fn response(weeks: &[Week]) -> Option<f64> {
    let written: u64 = weeks.iter().map(|week| week.written).sum();
    let answered: u64 = weeks.iter().map(|week| week.answered).sum();
    (written > 0).then(|| answered as f64 / written as f64 * 100.0)
}

/// What is compared of two scenarios, and said of one: name, whether it is in percent, and the figure of a seed.
pub(super) fn measures(setting: &Setting, names: &[SmolStr]) -> Vec<Measure> {
    let mut measures: Vec<Measure> = vec![
        ("messages sent".into(), false, Box::new(|seed| Some(sum(seed, |week| week.sent as f64)))),
        ("response rate".into(), true, Box::new(|seed| response(&seed.weeks))),
    ];
    for (place, name) in names.iter().enumerate() {
        let count = move |week: &Week| week.events.get(place).copied().unwrap_or(0) as f64;
        measures.push((name.clone(), false, Box::new(move |seed| Some(sum(seed, count)))));
    }
    measures.push(("deals made".into(), false, Box::new(|seed| Some(sum(seed, |week| week.deals as f64)))));
    if setting.worth.is_some() {
        measures.push(("pipeline value".into(), false, Box::new(|seed| Some(sum(seed, |week| week.pipeline)))));
    }
    measures.push(("answers of people".into(), false, Box::new(|seed| Some(sum(seed, |week| week.approvals as f64)))));
    measures.push(("cost".into(), false, Box::new(|seed| Some(seed.cost))));
    measures
}

/// Name, whether it is in percent, and the figure of a seed.
pub(super) type Measure = (SmolStr, bool, Box<dyn Fn(&Figures) -> Option<f64>>);

fn totals(setting: &Setting, seeds: &[Figures], names: &[SmolStr]) -> Vec<Total> {
    let total = |(name, percent, of): Measure| Total { name, spread: Spread::of(seeds.iter().filter_map(of)), percent };
    measures(setting, names).into_iter().map(total).collect()
}

fn stages(setting: &Setting, seeds: &[Figures]) -> Vec<StageRow> {
    let mut rows = Vec::new();
    for (place, workflow) in setting.program().workflows.iter().enumerate() {
        for (number, stage) in workflow.stages.iter().enumerate() {
            let count =
                |seed: &Figures| seed.entered.get(place).and_then(|stages| stages.get(number)).copied().unwrap_or(0);
            let entered = Spread::of(seeds.iter().map(|seed| count(seed) as f64));
            if let Some(entered) = entered.filter(|entered| entered.mean > 0.0) {
                rows.push(StageRow { workflow: workflow.name.clone(), stage: stage.name.clone(), entered });
            }
        }
    }
    rows
}

fn places(seeds: &[Figures], of: impl Fn(&Figures) -> &std::collections::BTreeMap<SmolStr, u64>) -> Vec<PlaceRow> {
    let names: std::collections::BTreeSet<&SmolStr> = seeds.iter().flat_map(|seed| of(seed).keys()).collect();
    let row = |name: &SmolStr| {
        let leads = Spread::of(seeds.iter().map(|seed| of(seed).get(name).copied().unwrap_or(0) as f64))?;
        Some(PlaceRow { place: name.clone(), leads })
    };
    let mut rows: Vec<PlaceRow> = names.into_iter().filter_map(row).collect();
    rows.sort_by(|one, other| other.leads.mean.total_cmp(&one.leads.mean).then_with(|| one.place.cmp(&other.place)));
    rows
}

fn weeks(setting: &Setting, seeds: &[Figures]) -> Vec<WeekRow> {
    let row = |number: usize| {
        let of = |seed: &Figures| seed.weeks.get(number).cloned().unwrap_or_default();
        let mean = |figure: &dyn Fn(&Week) -> f64| {
            Spread::of(seeds.iter().map(|seed| figure(&of(seed)))).map_or(0.0, |spread| spread.mean)
        };
        let events = (0..watched(setting).len())
            .map(|place| mean(&|week| week.events.get(place).copied().unwrap_or(0) as f64))
            .collect();
        let week = jiff::SignedDuration::from_hours(24 * 7);
        let count = i32::try_from(number + 1).unwrap_or(i32::MAX);
        let end = setting.span().0.checked_add(week * count).unwrap_or(Timestamp::MAX);
        let accuracy = |week: &Week| (week.decided > 0).then(|| week.right as f64 / week.decided as f64 * 100.0);
        Some(WeekRow {
            week: number + 1,
            leads: mean(&|week| week.leads as f64),
            sent: mean(&|week| week.sent as f64),
            response: Spread::of(seeds.iter().filter_map(|seed| response(&[of(seed)]))),
            response_is_open: end.checked_add(super::figures::ANSWERING).is_ok_and(|end| end > setting.span().1),
            events,
            deals: mean(&|week| week.deals as f64),
            pipeline: Spread::of(seeds.iter().map(|seed| of(seed).pipeline))?,
            approvals: mean(&|week| week.approvals as f64),
            queue: Spread::of(seeds.iter().map(|seed| of(seed).queue as f64))?,
            accuracy: Spread::of(seeds.iter().filter_map(|seed| accuracy(&of(seed)))),
        })
    };
    (0..setting.weeks()).filter_map(row).collect()
}

fn goals(setting: &Setting, seeds: &[Figures], unmeasured: &[Option<SmolStr>]) -> Vec<GoalRow> {
    let row = |(place, goal): (usize, &compiler::program::Goal)| {
        let unmeasured = unmeasured.get(place).cloned().flatten();
        let of = |seed: &Figures| match unmeasured {
            Some(_) => Aim::default(),
            None => seed.goals.get(place).cloned().unwrap_or_default(),
        };
        let defined = seeds.iter().filter(|seed| of(seed).holds.is_some()).count() as u64;
        let reached = seeds.iter().filter(|seed| of(seed).holds == Some(true)).count() as u64;
        GoalRow {
            name: goal.name.clone(),
            title: goal.title.clone(),
            words: goal.words.clone(),
            reached: Share::new(reached, defined),
            undefined: seeds.len() as u64 - defined,
            figure: Spread::of(seeds.iter().filter_map(|seed| of(seed).value)),
            unmeasured,
        }
    };
    setting.program().goals.iter().enumerate().map(row).collect()
}

fn kills(setting: &Setting, seeds: &[Figures]) -> Vec<KillRow> {
    let scores = setting.program().scores.iter().filter_map(|score| Some((score, score.kill.as_ref()?)));
    let row = |(place, (score, kill)): (usize, (&compiler::program::Score, &compiler::program::Kill))| {
        let all: Vec<_> = seeds.iter().filter_map(|seed| seed.kills.get(place)).collect();
        let known = all.iter().filter(|one| one.is_decided || one.fired).count() as u64;
        let fired = all.iter().filter(|one| one.fired).count() as u64;
        // Whoever is through early has the event: of those alone the rate would be too high.
        let through = || all.iter().filter(|one| one.decided >= u64::from(kill.scored));
        let (hits, of) = (through().map(|one| one.hits).sum::<u64>(), through().map(|one| one.decided).sum::<u64>());
        let rate = (of > 0).then(|| hits as f64 / of as f64);
        KillRow {
            score: score.name.clone(),
            event: name_of(setting, kill.event),
            fired: Share::new(fired, known),
            too_early: all.len() as u64 - known,
            true_rate: rate.map(|rate| rate * 100.0),
            expected: rate.and_then(|rate| fewer_than(u64::from(kill.fewer_than), u64::from(kill.scored), rate)),
        }
    };
    scores.enumerate().map(row).collect()
}

fn scores(setting: &Setting, seeds: &[Figures], names: &[SmolStr]) -> Vec<ScoreRow> {
    let contact = setting.book.contact;
    let mut rows = Vec::new();
    for (place, score) in setting.program().scores.iter().enumerate() {
        if Some(score.entity) != contact {
            continue;
        }
        let of = |seed: &Figures| seed.scores.get(place).cloned().unwrap_or_default();
        let route = |(number, label): (usize, &SmolStr)| {
            let at = |seed: &Figures| of(seed).routes.get(number).cloned().unwrap_or_default();
            let leads = Spread::of(seeds.iter().map(|seed| at(seed).0 as f64))?;
            let share = |event: usize| {
                Spread::of(
                    seeds
                        .iter()
                        .map(at)
                        .filter(|(count, _)| *count > 0)
                        .map(|(count, had)| had.get(event).copied().unwrap_or(0) as f64 / count as f64 * 100.0),
                )
            };
            Some(RouteRow { label: label.clone(), leads, had: (0..names.len()).map(share).collect() })
        };
        let routes: Vec<RouteRow> = score.labels.iter().enumerate().filter_map(route).collect();
        if routes.iter().all(|route| route.leads.mean == 0.0) {
            continue;
        }
        let enough = seeds.iter().map(of).filter(|agreement| agreement.decisions.len() >= DECISIONS);
        let agreements: Vec<f64> = enough.filter_map(|agreement| correlation(&agreement.decisions)).collect();
        let above = agreements.iter().filter(|r| **r > 0.5).count() as u64;
        let note = match (&score.learn, agreements.is_empty()) {
            (None, _) => Some(SmolStr::new_static("the playbook does not say what is good: it has no `learn`")),
            (Some(_), true) => {
                let most = seeds.iter().map(|seed| of(seed).decisions.len()).max().unwrap_or(0);
                Some(format_smolstr!("no seed has {DECISIONS} decisions of both kinds, the most is {most}"))
            }
            (Some(_), false) => None,
        };
        rows.push(ScoreRow {
            score: score.name.clone(),
            routes,
            events: names.to_vec(),
            decisions: DECISIONS as u64,
            above_half: Share::new(above, agreements.len() as u64),
            agreement: Spread::of(agreements),
            note,
        });
    }
    rows
}

fn experiments(setting: &Setting, seeds: &[Figures]) -> Vec<ExperimentRow> {
    let row = |(place, experiment): (usize, &compiler::program::Experiment)| {
        let of = |seed: &Figures| seed.experiments.get(place).cloned().unwrap_or_default();
        let at = |seed: &Figures, arm: usize| of(seed).get(arm).copied().unwrap_or_default();
        let share = |arm: usize| {
            let pulls: u64 = seeds.iter().map(|seed| at(seed, arm).pulls).sum();
            let successes: u64 = seeds.iter().map(|seed| at(seed, arm).successes).sum();
            (pulls > 0).then(|| successes as f64 / pulls as f64)
        };
        let arm = |(number, arm): (usize, &SmolStr)| {
            Some(ArmRow {
                arm: arm.clone(),
                pulls: Spread::of(seeds.iter().map(|seed| at(seed, number).pulls as f64))?,
                successes: Spread::of(seeds.iter().map(|seed| at(seed, number).successes as f64))?,
                share: share(number).map(|share| share * 100.0),
            })
        };
        ExperimentRow {
            experiment: experiment.name.clone(),
            arms: experiment.arms.iter().enumerate().filter_map(arm).collect(),
        }
    };
    setting.program().experiments.iter().enumerate().map(row).collect()
}

fn expectations(setting: &Setting, seeds: &[Figures], unmeasured: &[Option<SmolStr>]) -> Vec<Expected> {
    let expectations = setting.scenario().map(|scenario| scenario.expectations.as_slice()).unwrap_or_default();
    let row = |expected: &compiler::program::SeedExpectation| {
        let goal = expected.goal as usize;
        if let Some(why) = unmeasured.get(goal).cloned().flatten() {
            let (words, reached) = (expected.words.clone(), Share::new(0, 0));
            return Expected { words, reached, holds: false, unmeasured: Some(why) };
        }
        let is_reached = |seed: &&Figures| seed.goals.get(goal).is_some_and(|goal| goal.holds == Some(true));
        let reached = Share::new(seeds.iter().filter(is_reached).count() as u64, seeds.len() as u64);
        let percent = compiler::program::Fixed::from_f64(reached.share.unwrap_or(0.0) * 100.0).unwrap_or_default();
        let holds = match expected.share.kind {
            compiler::program::LimitKind::AtLeast => percent >= expected.share.value,
            compiler::program::LimitKind::AtMost => percent <= expected.share.value,
            compiler::program::LimitKind::Over => percent > expected.share.value,
            compiler::program::LimitKind::Under => percent < expected.share.value,
        };
        Expected { words: expected.words.clone(), reached, holds, unmeasured: None }
    };
    expectations.iter().map(row).collect()
}
