//! What is known of the arms of an experiment at an instant.

use compiler::program::{Client, Experiment, Stop};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::WINDOW_DAYS;
use super::posterior::{Beta, probabilities_of_best};
use crate::calendar;
use crate::metrics::statistics::{Share, float};

/// Somebody got an arm, and was reached by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trial {
    /// Which arm.
    pub arm: SmolStr,
    /// When the message went out, or what else began; none while it has not: it is as good as open.
    pub began: Option<Timestamp>,
    /// When they first did what counts as success afterwards.
    pub succeeded: Option<Timestamp>,
    /// The arm was drawn by lot, for those that the others are compared with.
    pub held_out: bool,
}

/// What is known of the arms.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// In the order in which they are tried.
    pub arms: Vec<Arm>,
    /// Of those who got the arm that was chosen.
    pub chosen: Share,
    /// Of those who got one by lot, to compare with.
    pub held_out: Share,
    /// The arm that everybody gets from now on: it is the best one as surely as the experiment asks for.
    pub settled: Option<SmolStr>,
}

/// What is known of an arm.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Arm {
    /// `email`
    pub name: SmolStr,
    /// Trials whose window is still open.
    pub open: u64,
    /// Successes among the trials whose window has closed.
    pub closed: Share,
    /// Successes, each counting less the older it is where the experiment forgets.
    pub good: f64,
    /// Trials without success, alike.
    pub bad: f64,
}

impl Standing {
    /// How likely each arm is the best one, from 0 to 1.
    #[must_use]
    pub fn probabilities_of_best(&self) -> Vec<f64> {
        let posteriors: Vec<Beta> = self.arms.iter().map(Arm::posterior).collect();
        probabilities_of_best(&posteriors)
    }

    fn settles(&self, stop: Stop) -> Option<SmolStr> {
        if self.arms.iter().any(|arm| arm.closed.of < u64::from(stop.after)) {
            return None;
        }
        let arms = self.arms.iter().zip(self.probabilities_of_best());
        let (best, probability) = arms.max_by(|(_, one), (_, other)| one.total_cmp(other))?;
        (probability * 100.0 >= stop.probability.to_f64()).then(|| best.name.clone())
    }
}

impl Arm {
    /// What its share may be: all shares are as likely before anything is seen.
    pub(super) fn posterior(&self) -> Beta {
        Beta { good: self.good + 1.0, bad: self.bad + 1.0 }
    }
}

/// What is known of the arms of an experiment at an instant, from all trials that have begun by then.
#[must_use]
pub fn standing<'t>(
    experiment: &Experiment,
    trials: impl IntoIterator<Item = &'t Trial>,
    client: &Client,
    zone: &TimeZone,
    now: Timestamp,
) -> Standing {
    let half_life = experiment.half_life.map(compiler::program::Fixed::to_f64).filter(|seconds| *seconds > 0.0);
    let mut tallies = vec![Tally::default(); experiment.arms.len()];
    let (mut chosen, mut held_out) = ((0, 0), (0, 0));
    for trial in trials {
        // What the playbook no longer tries tells nothing of what it tries now.
        let Some(place) = experiment.arms.iter().position(|arm| *arm == trial.arm) else { continue };
        let Some(tally) = tallies.get_mut(place) else { continue };
        let closed = trial.began.map(|began| (began, closes(experiment, client, zone, began)));
        let Some((began, closes)) = closed.filter(|(_, closes)| *closes <= now) else {
            tally.open += u64::from(trial.began.is_none_or(|began| began <= now));
            continue;
        };
        let is_success = trial.succeeded.is_some_and(|at| at >= began && at <= closes);
        let age = now.duration_since(closes).as_secs_f64();
        let weight = half_life.map_or(1.0, |half_life| 0.5_f64.powf(age / half_life));
        let sum = if is_success { &mut tally.good } else { &mut tally.bad };
        *sum += weight;
        let counts = if trial.held_out { &mut held_out } else { &mut chosen };
        for (hits, of) in [&mut tally.closed, counts] {
            *hits += u64::from(is_success);
            *of += 1;
        }
    }
    let arms = experiment.arms.iter().zip(tallies).map(|(name, tally)| tally.told(name)).collect();
    let (chosen, held_out) = (Share::new(chosen.0, chosen.1), Share::new(held_out.0, held_out.1));
    let mut standing = Standing { arms, chosen, held_out, settled: None };
    standing.settled = experiment.stop.and_then(|stop| standing.settles(stop));
    standing
}

/// When the window of a trial closes.
fn closes(experiment: &Experiment, client: &Client, zone: &TimeZone, began: Timestamp) -> Timestamp {
    match experiment.within {
        Some(within) => calendar::after(client, zone, began, within),
        None => began.checked_add(SignedDuration::from_hours(24 * WINDOW_DAYS)).unwrap_or(Timestamp::MAX),
    }
}

#[derive(Clone, Default)]
struct Tally {
    open: u64,
    closed: (u64, u64),
    good: f64,
    bad: f64,
}

impl Tally {
    fn told(self, name: &SmolStr) -> Arm {
        let Self { open, closed: (hits, of), good, bad } = self;
        debug_assert!(good + bad <= float(of) + 1e-6, "nothing counts more than once");
        Arm { name: name.clone(), open, closed: Share::new(hits, of), good, bad }
    }
}
