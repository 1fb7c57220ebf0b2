//! The kill signal: its verdict, how often it is wrong, and which layer tells nothing.

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use runtime::facts::Reported;
use runtime::metrics::{Finding, KillSignal, KillVerdict, kill_signals};

use crate::stand::{BEGIN, Log, event, program, zone};

fn day(days: i64) -> Timestamp {
    BEGIN.parse::<Timestamp>().unwrap() + SignedDuration::from_hours(24 * days)
}

/// So many contacts are scored on the first days, one a day; contact 1 has the least engagement.
fn scored(contacts: i64) -> Log {
    let mut log = Log::new();
    for contact in 1..=contacts {
        let run = log.generation(contact);
        log.score(&run, "hot", &[("fit", 100 - contact), ("engaged", contact * 10)]);
        log.wait_hours(24);
    }
    log
}

fn signal(log: &Log, held: &[(i64, i64)]) -> KillSignal {
    let program = program();
    let events: Vec<_> = held.iter().map(|(contact, days)| ("discovery.held", *contact, day(*days))).collect();
    let observed = log.observed(&program, &events);
    let mut signals = kill_signals(&program, &zone(), log.now, &observed);
    assert_eq!(signals.len(), 1);
    signals.remove(0)
}

#[test]
fn too_few_in_time_and_it_is_killed() {
    let mut log = scored(5);
    log.now = day(70);
    let found = signal(&log, &[(1, 20), (5, 20)]);
    // The fifth does not decide: the first four do.
    assert_eq!((found.verdict, found.so_far, found.decided, found.seen.hits), (KillVerdict::Kill, 4, 4, 1));
    let interval = found.seen.interval.unwrap();
    assert!(interval.low > 0.04 && interval.high < 0.70, "{interval:?}");
    let at_half = found.error_rates.iter().find(|rate| rate.true_rate == 50).unwrap().killed;
    assert!((at_half - 5.0 / 16.0).abs() < 1e-12, "none or one of four coins: {at_half}");
    assert!(found.error_rates.windows(2).all(|pair| pair[0].killed >= pair[1].killed));
}

#[test]
fn enough_of_them_is_known_before_the_time_is_up() {
    let mut log = scored(3);
    log.now = day(20);
    assert_eq!(signal(&log, &[(1, 5)]).verdict, KillVerdict::TooEarly);
    let found = signal(&log, &[(1, 5), (3, 6)]);
    assert_eq!((found.verdict, found.so_far, found.decided), (KillVerdict::Works, 3, 2));
}

#[test]
fn what_comes_too_late_or_too_early_does_not_count() {
    let mut log = scored(4);
    log.now = day(100);
    // Sixty days after the scoring, to the instant, is in time; the day of the scoring itself is not after it.
    assert_eq!(signal(&log, &[(1, 60), (2, 61)]).verdict, KillVerdict::Works);
    assert_eq!(signal(&log, &[(1, 61), (2, 62)]).verdict, KillVerdict::Kill);
    assert_eq!(signal(&log, &[(1, 0), (2, 0), (3, 1)]).verdict, KillVerdict::Kill);
    // What has not happened yet is not known yet.
    log.now = day(50);
    assert_eq!(signal(&log, &[(1, 55), (2, 56)]).verdict, KillVerdict::TooEarly);
}

#[test]
fn what_nobody_reports_kills_nothing() {
    let program = program();
    let mut log = scored(4);
    log.now = day(70);
    let verdict = |until: Option<Timestamp>, held: &[(i64, i64)]| {
        let events: Vec<_> = held.iter().map(|(contact, days)| ("discovery.held", *contact, day(*days))).collect();
        let mut observed = log.observed(&program, &events);
        let reported = Reported { since: day(0), until };
        observed.coverage.events.insert(event(&program, "discovery.held"), reported);
        let found = kill_signals(&program, &zone(), log.now, &observed).remove(0);
        (found.verdict, found.unreported)
    };
    assert_eq!(verdict(None, &[]), (KillVerdict::Kill, 0));
    // Reported up to the day on which the third one's time was up: the fourth may have had a call.
    assert_eq!(verdict(Some(day(62)), &[]), (KillVerdict::Kill, 1));
    assert_eq!(verdict(Some(day(62)), &[(1, 5)]), (KillVerdict::Unknown, 1));
    assert_eq!(verdict(Some(day(62)), &[(1, 5), (2, 6)]), (KillVerdict::Works, 1));
    assert_eq!(verdict(Some(day(40)), &[]), (KillVerdict::Unknown, 4));
}

#[test]
fn a_record_counts_at_its_first_scoring() {
    let mut log = Log::new();
    for contact in [1, 1, 2, 2, 3, 1] {
        let run = log.generation(contact);
        log.score(&run, "hot", &[("fit", 50)]);
        log.end(&run, "won", None);
    }
    log.now = day(70);
    let found = signal(&log, &[]);
    assert_eq!((found.so_far, found.verdict), (3, KillVerdict::TooEarly));
}

#[test]
fn the_layer_that_fails_comes_first() {
    let mut log = scored(4);
    log.now = day(70);
    // Those with the highest engagement have calls, and the lowest fit.
    let found = signal(&log, &[(3, 10), (4, 10)]);
    let layers: Vec<_> =
        found.layers.iter().map(|layer| (layer.layer.as_str(), layer.comparison.auc, layer.finding)).collect();
    // Two of each: the difference of engagement is 20 with a standard error of 7.07, and t of two degrees is 4.30.
    assert_eq!(layers, [("fit", Some(0.0), Finding::TellsNothing), ("engaged", Some(1.0), Finding::TellsNothing)]);
    let engaged = &found.layers[1].comparison;
    assert_eq!((engaged.mean_with, engaged.mean_without, engaged.difference), (Some(35.0), Some(15.0), Some(20.0)));
    let interval = engaged.interval.unwrap();
    assert!((interval.low - (20.0 - 4.302_652_73 * 50f64.sqrt())).abs() < 1e-6, "{interval:?}");

    let nobody = signal(&log, &[]);
    assert!(nobody.layers.iter().all(|layer| layer.finding == Finding::Undefined && layer.comparison.auc.is_none()));
    assert_eq!(nobody.layers[0].layer, "fit", "without an order they stand as in the playbook");
    let read: KillSignal = serde_json::from_str(&serde_json::to_string(&nobody).unwrap()).unwrap();
    assert_eq!((read.verdict, read.seen.of, read.layers), (nobody.verdict, nobody.seen.of, nobody.layers));
}

proptest! {
    #[test]
    fn the_verdict_is_what_counting_by_hand_says(
        contacts in 1i64..8,
        held in prop::collection::vec((1i64..8, 0i64..90), 0..8),
        now in 8i64..120,
    ) {
        let mut log = scored(contacts);
        log.now = day(now);
        let (mut hits, mut up) = (0, 0);
        for contact in 1..=contacts.min(4) {
            let first = contact - 1;
            let has = held.iter().any(|(who, at)| *who == contact && *at > first && *at <= (first + 60).min(now));
            hits += i64::from(has);
            up += i64::from(has || first + 60 <= now);
        }
        let wanted = match () {
            () if hits >= 2 => KillVerdict::Works,
            () if up < 4 => KillVerdict::TooEarly,
            () => KillVerdict::Kill,
        };
        prop_assert_eq!(signal(&log, &held).verdict, wanted);
    }
}
