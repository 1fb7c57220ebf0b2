//! Which arm somebody gets.

use compiler::program::{Choice, Experiment};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng as _;
use rand_distr::Distribution as _;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::Standing;
use super::posterior::Beta;
use crate::engine::RecordRef;

/// An arm, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// Which.
    pub arm: SmolStr,
    /// Why.
    pub why: Why,
}

/// Why somebody gets an arm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// By lot: they are among those that the others are compared with.
    HeldOut,
    /// By lot: every arm gets its least share, and nothing else is asked for.
    Lot,
    /// It is what the experiment's way of choosing says.
    Learned,
    /// The experiment is over, and it is the best.
    Settled,
}

/// Which arm somebody gets. The seed is theirs: the same one, in the same standing, gives the same arm.
///
/// `by thompson` draws a share from what each arm's may be and takes the arm with the greatest: W. R. Thompson, "On the Likelihood that
/// One Unknown Probability Exceeds Another in View of the Evidence of Two Samples", Biometrika 25 (1933); where the experiment forgets,
/// discounted as in V. Raj and S. Kalyani, "Taming Non-stationary Bandits: A Bayesian Approach" (2017). `by ucb` takes the arm that could be best: the greatest
/// quantile of what each arm's share may be, ever nearer to the top: E. Kaufmann, O. Cappé and A. Garivier, "On Bayesian Upper Confidence
/// Bounds for Bandit Problems", AISTATS (2012); a trial that is still open counts there as if it had gone as expected, so that those who come
/// while nothing is known do not all get the same arm (T. Desautels, A. Krause and J. Burdick, "Parallelizing Exploration–Exploitation
/// Tradeoffs in Gaussian Process Bandit Optimization", JMLR 15 (2014)).
#[must_use]
pub fn choose(experiment: &Experiment, standing: &Standing, seed: u64) -> Option<Chosen> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let arms = u32::try_from(experiment.arms.len()).ok().filter(|arms| *arms > 0)?;
    let share = |percent: Option<compiler::program::Fixed>| percent.map_or(0.0, |percent| percent.to_f64() / 100.0);
    // Drawn whether or not they are used: a clause more changes nobody else's draw.
    let [held_out, floor, lot] = std::array::from_fn(|_| uniform(&mut random));
    let by_lot = || experiment.arms.get(place(lot, arms)).cloned();
    if held_out < share(experiment.hold_out) {
        return by_lot().map(|arm| Chosen { arm, why: Why::HeldOut });
    }
    if let Some(arm) = &standing.settled {
        return Some(Chosen { arm: arm.clone(), why: Why::Settled });
    }
    // Every arm gets its part of what goes by lot, so the least share of each has to be given that often for all.
    if experiment.choose == Choice::Evenly || floor < share(experiment.at_least) * f64::from(arms) {
        return by_lot().map(|arm| Chosen { arm, why: Why::Lot });
    }
    let trials: f64 = standing.arms.iter().map(|arm| arm.good + arm.bad + open(arm.open)).sum();
    let worth = standing.arms.iter().map(|arm| {
        let posterior = arm.posterior();
        let worth = match experiment.choose {
            Choice::Ucb => {
                let (mean, open) = (posterior.mean(), open(arm.open));
                let expected =
                    Beta { good: mean.mul_add(open, posterior.good), bad: (1.0 - mean).mul_add(open, posterior.bad) };
                expected.quantile(1.0 - 1.0 / (trials + 2.0))
            }
            Choice::Thompson | Choice::Evenly => posterior.draw(&mut random),
        };
        (arm.name.clone(), worth)
    });
    let (arm, _) = worth.reduce(|best, next| if next.1 > best.1 { next } else { best })?;
    Some(Chosen { arm, why: Why::Learned })
}

/// The seed of a record's draw in an experiment: always the same one.
#[must_use]
pub fn seed(experiment: &Experiment, record: &RecordRef) -> u64 {
    let mut hasher = blake3::Hasher::new();
    for part in [experiment.name.as_str(), "/", &record.entity, "/", &record.id.to_string()] {
        hasher.update(part.as_bytes());
    }
    let mut first = [0; 8];
    hasher.finalize_xof().fill(&mut first);
    u64::from_le_bytes(first)
}

fn open(trials: u64) -> f64 {
    crate::metrics::statistics::float(trials)
}

/// From 0 up to, and without, 1.
fn uniform(random: &mut ChaCha8Rng) -> f64 {
    rand_distr::StandardUniform.sample(random)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below the number of arms")]
fn place(lot: f64, arms: u32) -> usize {
    (lot * f64::from(arms)) as usize
}
