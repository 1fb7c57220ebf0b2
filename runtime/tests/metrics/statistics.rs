//! The statistics against published values and against naive references.

use proptest::prelude::*;
use runtime::metrics::statistics::{Interval, Share, compare, fewer_than, garwood, newcombe, quantile, wilson};

fn close(found: f64, wanted: f64, within: f64) -> bool {
    (found - wanted).abs() <= within
}

fn is(found: Option<Interval>, low: f64, high: f64, within: f64) {
    let found = found.unwrap();
    assert!(close(found.low, low, within) && close(found.high, high, within), "{found:?} is not {low}..{high}");
}

#[test]
fn wilsons_interval_is_the_published_one() {
    // 35 of 50 is what the product asks for with "over 70%".
    is(wilson(35, 50), 0.56, 0.81, 0.005);
    // R. G. Newcombe, "Two-sided Confidence Intervals for the Single Proportion", Statistics in Medicine 17 (1998), table I, method 3.
    is(wilson(81, 263), 0.2553, 0.3662, 0.000_05);
    is(wilson(15, 148), 0.0624, 0.1605, 0.000_05);
    is(wilson(0, 20), 0.0, 0.1611, 0.000_05);
    is(wilson(1, 29), 0.0061, 0.1718, 0.000_05);
    is(wilson(29, 29), 0.8830, 1.0, 0.000_05);
    assert_eq!(wilson(0, 0), None);
    assert_eq!(wilson(3, 2), None);
}

#[test]
fn newcombes_interval_is_the_published_one() {
    // R. G. Newcombe, "Interval Estimation for the Difference Between Independent Proportions", table II, method 10.
    is(newcombe((56, 70), (48, 80)), 0.0524, 0.3339, 0.000_05);
    is(newcombe((9, 10), (3, 10)), 0.1705, 0.8090, 0.000_05);
    is(newcombe((10, 10), (0, 20)), 0.6791, 1.0, 0.000_05);
    assert_eq!(newcombe((0, 0), (1, 2)), None);
}

#[test]
fn garwoods_interval_is_the_published_one() {
    // The factors of the exact limits of a Poisson count, as in K. Ulm, American Journal of Epidemiology 131 (1990).
    is(garwood(0), 0.0, 3.6889, 0.0001);
    is(garwood(1), 0.0253, 5.5716, 0.0001);
    is(garwood(5), 1.6235, 11.6683, 0.0001);
    is(garwood(10), 4.7954, 18.3904, 0.0001);
    is(garwood(22), 13.7873, 33.3083, 0.0001);
    is(garwood(100), 81.3640, 121.6272, 0.001);
}

#[test]
fn a_hopeless_playbook_is_killed_so_often() {
    for (rate, wanted) in [(0.02, 0.92), (0.04, 0.68), (0.06, 0.42), (0.08, 0.23), (0.10, 0.11), (0.15, 0.01)] {
        let found = fewer_than(3, 50, rate).unwrap();
        assert!(close(found, wanted, 0.005), "{rate}: {found}");
    }
    assert_eq!(fewer_than(0, 50, 0.1), Some(0.0));
    assert_eq!(fewer_than(51, 50, 0.1), Some(1.0));
    assert_eq!(fewer_than(3, 50, 1.5), None);
}

#[test]
fn welchs_interval_is_the_published_one() {
    // R's `extra`: t.test(extra ~ group, data = sleep), -3.3654832 to 0.2054832.
    let first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
    let second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
    let found = compare(&first, &second);
    is(found.interval, -3.365_483_2, 0.205_483_2, 0.000_001);
    assert!(close(found.difference.unwrap(), -1.58, 1e-9));
}

#[test]
fn where_a_class_is_empty_nothing_is_said() {
    let found = compare(&[], &[1.0, 2.0]);
    assert_eq!((found.with, found.without, found.mean_with, found.mean_without), (0, 2, None, Some(1.5)));
    assert_eq!((found.difference, found.interval, found.auc), (None, None, None));
    let one = compare(&[3.0], &[1.0, 2.0]);
    assert_eq!((one.difference, one.interval, one.auc), (Some(1.5), None, Some(1.0)), "one value has no spread");
    assert_eq!(compare(&[2.0, 2.0], &[1.0, 1.0]).interval, None, "no value differs from another of its class");
    assert_eq!(Share::new(0, 0), Share { hits: 0, of: 0, share: None, interval: None });
    assert_eq!(quantile(&[], 0.5), None);
}

/// The probability of exactly so many, one factor after the other.
fn exactly(hits: u64, of: u64, rate: f64) -> f64 {
    let mut found = 1.0;
    for place in 0..hits {
        found *= (of - place) as f64 / (place + 1) as f64 * rate;
    }
    found * (1.0 - rate).powi(i32::try_from(of - hits).unwrap())
}

/// The probability of at most so many by Poisson, term by term.
fn poisson_up_to(count: u64, mean: f64) -> f64 {
    let mut term = (-mean).exp();
    let mut sum = term;
    for place in 1..=count {
        term *= mean / place as f64;
        sum += term;
    }
    sum
}

proptest! {
    #[test]
    fn wilsons_ends_are_where_the_score_test_turns(hits in 0u64..200, more in 0u64..200) {
        let of = hits + more;
        prop_assume!(of > 0);
        let found = wilson(hits, of).unwrap();
        let p = hits as f64 / of as f64;
        prop_assert!((0.0..=p).contains(&found.low) && (p..=1.0).contains(&found.high));
        // Of a true share at an end, what was seen is 1.96 standard errors away.
        for end in [found.low, found.high] {
            let error = (end * (1.0 - end) / of as f64).sqrt();
            let is_edge = end == 0.0 || end == 1.0;
            prop_assert!(is_edge || close((p - end).abs(), 1.959_963_984_540_054 * error, 1e-9));
        }
    }

    #[test]
    fn garwoods_ends_leave_a_fortieth_on_each_side(count in 0u64..150) {
        let found = garwood(count).unwrap();
        prop_assert!(close(poisson_up_to(count, found.high), 0.025, 1e-8));
        if count > 0 {
            prop_assert!(close(1.0 - poisson_up_to(count - 1, found.low), 0.025, 1e-8));
        }
    }

    #[test]
    fn fewer_than_is_the_sum_of_its_terms(limit in 0u64..20, of in 1u64..80, percent in 0u32..=100) {
        let rate = f64::from(percent) / 100.0;
        let wanted: f64 = (0..limit.min(of + 1)).map(|hits| exactly(hits, of, rate)).sum();
        prop_assert!(close(fewer_than(limit, of, rate).unwrap(), wanted, 1e-9));
    }

    #[test]
    fn auc_is_the_share_of_pairs_that_are_won(with in prop::collection::vec(0i32..20, 1..30), without in prop::collection::vec(0i32..20, 1..30)) {
        let float = |values: &[i32]| values.iter().map(|value| f64::from(*value)).collect::<Vec<_>>();
        let mut won = 0.0;
        for one in &with {
            for other in &without {
                won += match one.cmp(other) {
                    std::cmp::Ordering::Greater => 1.0,
                    std::cmp::Ordering::Equal => 0.5,
                    std::cmp::Ordering::Less => 0.0,
                };
            }
        }
        let found = compare(&float(&with), &float(&without)).auc.unwrap();
        prop_assert!(close(found, won / (with.len() * without.len()) as f64, 1e-12));
    }

    #[test]
    fn half_of_all_are_no_larger_than_the_median(mut values in prop::collection::vec(-1000i64..1000, 1..60)) {
        values.sort_unstable();
        for p in [0.5, 0.9] {
            let found = quantile(&values, p).unwrap();
            let up_to = values.iter().filter(|value| **value as f64 <= found).count();
            prop_assert!(up_to as f64 >= (values.len() as f64 * p).floor());
            prop_assert!(values.iter().filter(|value| (**value as f64) < found).count() as f64 <= values.len() as f64 * p);
        }
    }
}
