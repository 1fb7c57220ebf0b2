//! Who gets which arm: least shares, holding out, and an end.

use compiler::program::{Choice, Experiment};
use runtime::experiments::{Standing, Why, choose};

use crate::stand::{experiment, float, percent, standing};

/// How often each arm is chosen for so many people, and how often for which reason.
fn shares(experiment: &Experiment, standing: &Standing, why: Why) -> ([f64; 3], f64) {
    const PEOPLE: u64 = 20_000;
    let mut arms = [0_u64; 3];
    let mut reasons = 0_u64;
    for seed in 0..PEOPLE {
        let chosen = choose(experiment, standing, seed).unwrap();
        arms[experiment.arms.iter().position(|arm| *arm == chosen.arm).unwrap()] += 1;
        reasons += u64::from(chosen.why == why);
    }
    (arms.map(|chosen| float(chosen) / float(PEOPLE)), float(reasons) / float(PEOPLE))
}

/// Five standard errors of a share of 20,000.
const ROOM: f64 = 0.018;

#[test]
fn evenly_is_by_lot_whatever_is_known() {
    let evenly = experiment(Choice::Evenly);
    let (arms, by_lot) = shares(&evenly, &standing(&evenly, &[(50, 60, 0), (0, 60, 0), (0, 60, 0)]), Why::Lot);
    assert!(arms.iter().all(|share| (share - 1.0 / 3.0).abs() < ROOM), "{arms:?}");
    assert!((by_lot - 1.0).abs() < f64::EPSILON);
}

#[test]
fn the_worst_arm_gets_its_least_share() {
    for way in [Choice::Thompson, Choice::Ucb] {
        let mut floor = experiment(way);
        floor.at_least = percent(10);
        let (arms, by_lot) = shares(&floor, &standing(&floor, &[(500, 600, 0), (1, 600, 0), (1, 600, 0)]), Why::Lot);
        assert!((arms[1] - 0.1).abs() < ROOM && (arms[2] - 0.1).abs() < ROOM, "{way:?}: {arms:?}");
        assert!((by_lot - 0.3).abs() < ROOM);
    }
}

#[test]
fn who_is_held_out_gets_an_arm_by_lot_even_when_it_is_over() {
    let mut held = experiment(Choice::Thompson);
    held.hold_out = percent(20);
    let mut known = standing(&held, &[(500, 600, 0), (1, 600, 0), (1, 600, 0)]);
    known.settled = Some("email".into());
    let (arms, held_out) = shares(&held, &known, Why::HeldOut);
    assert!((held_out - 0.2).abs() < ROOM, "{held_out}");
    assert!((arms[1] - 0.2 / 3.0).abs() < ROOM && (arms[0] - (0.8 + 0.2 / 3.0)).abs() < ROOM, "{arms:?}");
}

#[test]
fn the_same_person_gets_the_same_arm_and_nothing_known_is_no_error() {
    let thompson = experiment(Choice::Thompson);
    let known = standing(&thompson, &[(1, 9, 3), (2, 9, 0), (0, 0, 0)]);
    for seed in 0..100 {
        assert_eq!(choose(&thompson, &known, seed), choose(&thompson, &known, seed));
    }
    let mut nothing = thompson;
    nothing.arms.clear();
    assert_eq!(choose(&nothing, &standing(&nothing, &[]), 1), None);
}
