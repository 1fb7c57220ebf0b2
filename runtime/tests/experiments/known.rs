//! What is known of the arms: only what has had its time counts, and what is old counts less where the experiment forgets.

use compiler::program::{Choice, Client};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use runtime::experiments::{Trial, standing};

use crate::stand::{experiment, percent, stop};

fn day(day: i64) -> Timestamp {
    "2026-03-02T09:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_hours(24 * day)
}

fn trial(arm: &str, began: i64, succeeded: Option<i64>) -> Trial {
    Trial { arm: arm.into(), began: Some(day(began)), succeeded: succeeded.map(day), held_out: false }
}

fn stand(trials: &[Trial], now: i64) -> runtime::experiments::Standing {
    standing(&experiment(Choice::Thompson), trials, &Client::default(), &TimeZone::UTC, day(now))
}

#[test]
fn an_early_success_counts_no_sooner_than_a_failure() {
    let trials = [trial("email", 0, Some(1)), trial("email", 0, None)];
    let open = stand(&trials, 9);
    assert_eq!((open.arms[0].open, open.arms[0].closed.of), (2, 0));
    let closed = stand(&trials, 10);
    assert_eq!((closed.arms[0].open, closed.arms[0].closed.hits, closed.arms[0].closed.of), (0, 1, 2));
}

#[test]
fn what_comes_too_late_or_came_before_is_no_success() {
    let late = stand(&[trial("email", 5, Some(16))], 40);
    assert_eq!((late.arms[0].closed.hits, late.arms[0].closed.of), (0, 1));
    let before = stand(&[trial("email", 5, Some(4))], 40);
    assert_eq!((before.arms[0].closed.hits, before.arms[0].closed.of), (0, 1));
}

#[test]
fn what_is_to_come_and_arms_that_are_gone_are_not_known() {
    let known = stand(&[trial("email", 50, None), trial("fax", 0, Some(1))], 40);
    assert!(known.arms.iter().all(|arm| arm.open == 0 && arm.closed.of == 0));
}

#[test]
fn old_trials_count_half_after_the_half_life() {
    let mut forgets = experiment(Choice::Thompson);
    forgets.half_life = percent(30 * 24 * 3600);
    let trials = [trial("email", 0, Some(1)), trial("email", 30, None)];
    let known = standing(&forgets, &trials, &Client::default(), &TimeZone::UTC, day(40));
    assert!((known.arms[0].good - 0.5).abs() < 1e-12, "closed 30 days ago: {known:?}");
    assert!((known.arms[0].bad - 1.0).abs() < 1e-12, "closed just now");
    assert_eq!(known.arms[0].closed.of, 2, "what is shown is not faded");
}

#[test]
fn it_settles_when_one_is_best_as_surely_as_asked_and_all_were_tried() {
    let mut stops = experiment(Choice::Thompson);
    stops.stop = stop(95, 20);
    let of = |arm: &'static str, successes: usize, all: usize| {
        (0..all).map(move |number| trial(arm, 0, (number < successes).then_some(1)))
    };
    let clear = |phones: usize| -> Vec<Trial> {
        of("email", 12, 20).chain(of("linkedin", 2, 20)).chain(of("phone", 2, phones)).collect()
    };
    let settled = |trials: &[Trial]| standing(&stops, trials, &Client::default(), &TimeZone::UTC, day(40)).settled;
    assert_eq!(settled(&clear(19)), None, "the phone was not tried often enough");
    assert_eq!(settled(&clear(20)).as_deref(), Some("email"));
    let alike: Vec<Trial> = of("email", 4, 20).chain(of("linkedin", 4, 20)).chain(of("phone", 4, 20)).collect();
    assert_eq!(settled(&alike), None);
}

proptest! {
    /// Whatever is tried: an arm's trials are open or closed, and those who were held out and those who were not make up the closed ones.
    #[test]
    fn every_trial_that_has_begun_is_counted_once(
        trials in proptest::collection::vec((0_usize..3, 0_i64..40, proptest::option::of(0_i64..60), any::<bool>()), 0..60),
        now in 0_i64..60,
    ) {
        let names = ["email", "linkedin", "phone"];
        let trials: Vec<Trial> = trials
            .into_iter()
            .map(|(arm, began, succeeded, held_out)| Trial { held_out, ..trial(names[arm], began, succeeded) })
            .collect();
        let known = stand(&trials, now);
        let begun = trials.iter().filter(|trial| trial.began.unwrap() <= day(now)).count() as u64;
        let counted: u64 = known.arms.iter().map(|arm| arm.open + arm.closed.of).sum();
        prop_assert_eq!(counted, begun);
        let closed: u64 = known.arms.iter().map(|arm| arm.closed.of).sum();
        prop_assert_eq!(known.chosen.of + known.held_out.of, closed);
        let naive = trials.iter().filter(|trial| {
            let (began, closes) = (trial.began.unwrap(), trial.began.unwrap() + SignedDuration::from_hours(240));
            closes <= day(now) && trial.succeeded.is_some_and(|at| at >= began && at <= closes)
        });
        let hits: u64 = known.arms.iter().map(|arm| arm.closed.hits).sum();
        prop_assert_eq!(hits, naive.count() as u64);
    }
}
