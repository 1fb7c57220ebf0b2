//! Regret: what is lost by not having known the best arm. Ours beside a textbook Thompson sampler that is written here, on the same
//! buyers, with answers that come late; and in a world that changes.

use compiler::program::{Choice, Client, Experiment};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};
use rand_distr::{Beta, Distribution as _};
use runtime::experiments::{Trial, choose, standing};

use crate::stand::{experiment, percent, stop};

/// Shares of those who answer, as in a real outreach.
const RATES: [f64; 3] = [0.14, 0.08, 0.03];
const PEOPLE: i64 = 600;
/// Ten a day, and ten days to answer: a hundred are always open.
const A_DAY: i64 = 10;
const WINDOW: i64 = 10;

/// Buyers, the same ones for everybody who tries: whether person number n would answer over each channel, and on which day.
struct Buyers {
    answers: Vec<[Option<i64>; 3]>,
}

impl Buyers {
    fn new(seed: u64, rates: impl Fn(i64) -> [f64; 3]) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(seed ^ 0x5eed);
        let mut uniform = || f64::from(random.next_u32()) / f64::from(u32::MAX);
        let answers = (0..PEOPLE).map(|person| {
            rates(person).map(|rate| {
                let (answers, delay) = (uniform() < rate, uniform());
                #[expect(clippy::cast_possible_truncation, reason = "a day of ten")]
                answers.then(|| person / A_DAY + (delay * 9.99) as i64)
            })
        });
        Self { answers: answers.collect() }
    }
}

/// The textbook: a Beta for each arm, brought up to date when a window closes.
fn textbook(buyers: &Buyers, seed: u64, rates: impl Fn(i64) -> [f64; 3]) -> f64 {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut posterior = [[1.0_f64; 2]; 3];
    let mut pulls: Vec<usize> = Vec::new();
    let mut regret = 0.0;
    for person in 0..PEOPLE {
        if person % A_DAY == 0 && person / A_DAY >= WINDOW {
            let first = usize::try_from((person / A_DAY - WINDOW) * A_DAY).unwrap();
            for person in first..first + usize::try_from(A_DAY).unwrap() {
                let arm = pulls[person];
                posterior[arm][usize::from(buyers.answers[person][arm].is_none())] += 1.0;
            }
        }
        let draws = posterior.map(|[good, bad]| Beta::new(good, bad).unwrap().sample(&mut random));
        let arm = (0..3).max_by(|one, other| draws[*one].total_cmp(&draws[*other])).unwrap();
        pulls.push(arm);
        regret += lost(&rates, person, arm);
    }
    regret
}

fn ours(experiment: &Experiment, buyers: &Buyers, seed: u64, rates: impl Fn(i64) -> [f64; 3]) -> f64 {
    let day = |day: i64| Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24 * day);
    let (client, zone) = (Client::default(), TimeZone::UTC);
    let mut trials: Vec<Trial> = Vec::new();
    let mut known = standing(experiment, &trials, &client, &zone, day(0));
    let mut regret = 0.0;
    for person in 0..PEOPLE {
        let today = person / A_DAY;
        // Open trials are told to `choose` at once; what has closed, once a day.
        if person % A_DAY == 0 {
            known = standing(experiment, &trials, &client, &zone, day(today));
        }
        let chosen = choose(experiment, &known, seed.wrapping_mul(1_000_003) ^ u64::try_from(person).unwrap()).unwrap();
        let arm = experiment.arms.iter().position(|arm| *arm == chosen.arm).unwrap();
        known.arms[arm].open += 1;
        let succeeded = buyers.answers[usize::try_from(person).unwrap()][arm].map(day);
        trials.push(Trial { arm: chosen.arm, began: Some(day(today)), succeeded, held_out: false });
        regret += lost(&rates, person, arm);
    }
    regret
}

fn lost(rates: impl Fn(i64) -> [f64; 3], person: i64, arm: usize) -> f64 {
    let rates = rates(person);
    rates.iter().copied().fold(0.0, f64::max) - rates[arm]
}

const SEEDS: u64 = 300;

/// Mean regrets over the seeds.
fn mean(regret: impl Fn(&Buyers, u64) -> f64, rates: impl Fn(i64) -> [f64; 3] + Copy) -> f64 {
    let sum: f64 = (0..SEEDS).map(|seed| regret(&Buyers::new(seed, rates), seed)).sum();
    sum / f64::from(u32::try_from(SEEDS).unwrap())
}

#[test]
fn with_answers_that_come_late_it_is_within_a_tenth_of_the_textbook() {
    let rates = |_| RATES;
    let textbook = mean(|buyers, seed| textbook(buyers, seed, rates), rates);
    for way in [Choice::Thompson, Choice::Ucb] {
        let experiment = experiment(way);
        let ours = mean(|buyers, seed| ours(&experiment, buyers, seed, rates), rates);
        println!("regret over {PEOPLE} people, mean of {SEEDS}: {way:?} {ours:.2}, the textbook's {textbook:.2}");
        assert!(ours <= textbook * 1.1, "{way:?} {ours:.2} against {textbook:.2}");
    }
}

#[test]
fn where_the_world_changes_forgetting_loses_less() {
    // Half way the best becomes the worst.
    let rates = |person| if person < PEOPLE / 2 { [0.3, 0.1, 0.05] } else { [0.03, 0.1, 0.3] };
    let remembers = experiment(Choice::Thompson);
    let mut forgets = experiment(Choice::Thompson);
    forgets.half_life = percent(10 * 24 * 3600);
    let lost = |experiment: &Experiment| mean(|buyers, seed| ours(experiment, buyers, seed, rates), rates);
    let (with, without) = (lost(&forgets), lost(&remembers));
    println!("regret in a world that changes: {with:.2} with forgetting, {without:.2} without");
    assert!(with < without, "{with:.2} {without:.2}");
}

/// Looked at every day, a stop at 95% of arms that are all alike is a false alarm more often than 5 times in 100: how often is said in the
/// documentation, from here.
#[test]
fn a_stop_among_equals_comes_as_often_as_the_documentation_says() {
    let mut stops = experiment(Choice::Thompson);
    stops.stop = stop(95, 50);
    let day = |day: i64| Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24 * day);
    let (client, zone) = (Client::default(), TimeZone::UTC);
    let mut stopped = 0_u32;
    for seed in 0..200 {
        let buyers = Buyers::new(seed, |_| [0.1, 0.1, 0.1]);
        let mut trials: Vec<Trial> = Vec::new();
        let mut known = standing(&stops, &trials, &client, &zone, day(0));
        for person in 0..PEOPLE {
            if person % A_DAY == 0 {
                known = standing(&stops, &trials, &client, &zone, day(person / A_DAY));
                if known.settled.is_some() {
                    stopped += 1;
                    break;
                }
            }
            let chosen = choose(&stops, &known, seed.wrapping_mul(1_000_003) ^ u64::try_from(person).unwrap()).unwrap();
            let arm = stops.arms.iter().position(|arm| *arm == chosen.arm).unwrap();
            let succeeded = buyers.answers[usize::try_from(person).unwrap()][arm].map(day);
            trials.push(Trial { arm: chosen.arm, began: Some(day(person / A_DAY)), succeeded, held_out: false });
        }
    }
    println!("a stop among equals: {stopped} of 200");
    assert!(stopped <= 60, "{stopped} of 200");
}
