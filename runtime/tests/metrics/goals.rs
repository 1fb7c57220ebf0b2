//! Goals, measured over the period that an instant is in and over the last complete one.

use compiler::program::{FieldPath, Fixed, Limit, LimitKind, Maturity, Measure, Program};
use jiff::Timestamp;
use proptest::prelude::*;
use runtime::engine::{Entry, EntryId};
use runtime::metrics::statistics::Interval;
use runtime::metrics::{
    Evidence, Figure, Measured, Measuring, Observed, Reading, Unit, Verdict, goals, judge, maturity,
};

use crate::stand::{Log, program, record, zone};

fn measure(program: &Program, log: &Log, observed: &Observed) -> Vec<Measured> {
    let zone = zone();
    let evidence = Evidence { proofs: &[], signatures: &[], hash: "h" };
    let maturity = maturity(program, &observed.journal, evidence, log.now);
    goals(Measuring { program, zone: &zone, now: log.now, observed, maturity: &maturity })
}

fn words(reading: &Reading) -> String {
    let Figure { value, interval, of, at_least_so_much, notes, .. } = &reading.figure;
    let mut words = match value {
        Some(value) => value.to_string(),
        None => "-".to_owned(),
    };
    if let Some(interval) = interval {
        words.push_str(&format!(" [{:.2} {:.2}]", interval.low, interval.high));
    }
    if let Some(of) = of {
        words.push_str(&format!(" of {of}"));
    }
    if *at_least_so_much {
        words.push_str(", at least");
    }
    words.push_str(&format!(", holds {:?}, {:?}", reading.holds, reading.verdict));
    for note in notes {
        words.push_str(&format!(" ({note})"));
    }
    words
}

fn table(measured: &[Measured]) -> String {
    let mut lines = Vec::new();
    for goal in measured {
        let name = goal.name.clone().unwrap_or_default();
        lines.push(format!("{name} now: {}", words(&goal.current)));
        if let Some(last) = &goal.last {
            lines.push(format!("{name} before: {}", words(last)));
        }
    }
    lines.join("\n")
}

fn reading<'m>(measured: &'m [Measured], name: &str) -> &'m Measured {
    measured.iter().find(|goal| goal.name.as_deref() == Some(name)).unwrap()
}

/// In the first week three are rated, one wins and one comes back to a stage; in the second week one is rated.
fn log() -> Log {
    let mut log = Log::new();
    for contact in 1..=3 {
        let run = log.generation(contact);
        log.score(&run, if contact == 3 { "cold" } else { "hot" }, &[("fit", 60)]);
        log.wait_hours(1);
        if contact == 3 {
            log.drop_cold(&run);
        } else {
            log.reach(&run);
        }
        if contact == 1 {
            log.wait_hours(24);
            log.win(&run);
        }
    }
    let deal = log.start("Selling", record("Deal", 7), 1, "Talks");
    log.enter(&deal, Some("Talks"), "Talks", "again", "founder");
    log.start("Selling", record("Deal", 8), 2, "Talks");
    log.wait_hours(24 * 7);
    let run = log.generation(4);
    log.score(&run, "hot", &[("fit", 60)]);
    log.reach(&run);
    log
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// The same, and a letter costs something.
fn priced() -> Program {
    let mut program = program();
    for action in &mut program.actions {
        if action.name == "send" && action.variant.as_deref() == Some("email") {
            action.cost = Some(Fixed::from_integer(30));
        }
    }
    program
}

#[test]
fn each_kind_of_goal_is_measured() {
    let program = priced();
    let mut log = log();
    let events = [
        ("discovery.held", 1, at("2026-11-04T00:00:00Z")),
        ("discovery.held", 2, at("2026-11-05T00:00:00Z")),
        // Before they were scored: it is counted as a call and does not follow the score.
        ("discovery.held", 4, at("2026-11-06T00:00:00Z")),
        ("reply.received", 1, at("2026-11-02T12:00:00Z")),
    ];
    let mut observed = log.observed(&program, &events);
    observed.values.insert(added_up(&program), [(7, Fixed::from_integer(60_000))].into());
    insta::assert_snapshot!("goals-in-the-second-week", table(&measure(&program, &log, &observed)));

    // A week later all of it is the last period, and the weeks that growth compares are over.
    log.wait_hours(24 * 7);
    observed.journal = log.journal();
    insta::assert_snapshot!("goals-in-the-third-week", table(&measure(&program, &log, &observed)));
}

/// The field that a goal of the playbook adds up.
fn added_up(program: &Program) -> FieldPath {
    let mut sums = program.goals.iter().filter_map(|goal| match &goal.measure {
        Measure::Sum { field, .. } => Some(field.clone()),
        _ => None,
    });
    sums.next().unwrap()
}

#[test]
fn what_nobody_reports_is_no_nought() {
    let program = program();
    let log = log();
    let mut observed = log.observed(&program, &[]);
    observed.coverage.events.clear();
    let measured = measure(&program, &log, &observed);
    for name in ["calls", "meet"] {
        let goal = reading(&measured, name);
        assert_eq!((goal.current.figure.value, goal.current.holds), (None, None), "{name}");
        assert_eq!(goal.current.verdict, Verdict::Undefined, "{name}");
    }
    insta::assert_snapshot!("unreported", words(&reading(&measured, "calls").current));
}

#[test]
fn without_a_price_there_is_no_spend() {
    let mut program = program();
    program.actions.iter_mut().for_each(|action| action.cost = None);
    let log = log();
    let measured = measure(&program, &log, &log.observed(&program, &[]));
    insta::assert_snapshot!("without-a-price", words(&reading(&measured, "price").current));
}

/// What a port was paid is spent, whatever the playbook says that actions cost.
#[test]
fn what_ports_were_paid_is_part_of_the_price() {
    let mut program = program();
    program.actions.iter_mut().for_each(|action| action.cost = None);
    let mut log = log();
    let paid = |amount: &str| Entry::Spent {
        run: EntryId(1),
        work: EntryId(1),
        agent: "LeadGen".into(),
        action: "write".into(),
        amount: amount.parse().unwrap(),
    };
    log.put(Some(record("Contact", 4)), paid("0.0000014"));
    log.put(Some(record("Contact", 4)), paid("2.5"));
    let price = |log: &Log, program: &Program| {
        reading(&measure(program, log, &log.observed(program, &[])), "price").current.figure.clone()
    };
    let alone = price(&log, &program);
    let units = i64::try_from(alone.of.unwrap()).unwrap();
    assert!(units > 0);
    assert_eq!(alone.value, "2.500001".parse::<Fixed>().unwrap().over(Fixed::from_integer(units)));
    let priced = priced();
    let without = price(&self::log(), &priced).value.unwrap();
    let with = price(&log, &priced).value.unwrap();
    assert_eq!(with.minus(without), alone.value.unwrap(), "on top of what actions cost");
}

#[test]
fn before_anything_has_happened_nothing_is_claimed() {
    let program = program();
    let log = Log { entries: Vec::new(), now: at(crate::stand::BEGIN) };
    let observed = log.observed(&program, &[]);
    insta::assert_snapshot!("before-anything", table(&measure(&program, &log, &observed)));
}

#[test]
fn what_is_written_is_read_again() {
    let program = program();
    let log = log();
    let measured = measure(&program, &log, &log.observed(&program, &[]));
    for goal in measured {
        let text = serde_json::to_string(&goal).unwrap();
        let read: Measured = serde_json::from_str(&text).unwrap();
        assert_eq!(words(&read.current), words(&goal.current));
        assert_eq!(read.last.as_ref().map(words), goal.last.as_ref().map(words));
    }
}

#[test]
fn weeks_and_months_are_the_clients() {
    let program = program();
    let mut log = Log::new();
    // Sunday 23:30 in Auckland, and monday 00:30: an hour that UTC has in one day, two weeks for the client.
    log.now = at("2026-11-08T10:30:00Z");
    let sunday = log.generation(1);
    log.enter(&sunday, Some("Rating"), "Drafting", "Drafting when icp is hot", "Qualification");
    log.wait_hours(1);
    let monday = log.generation(2);
    log.enter(&monday, Some("Rating"), "Drafting", "Drafting when icp is hot", "Qualification");
    let measured = measure(&program, &log, &log.observed(&program, &[]));
    let rated = reading(&measured, "rated");
    assert_eq!(rated.current.figure.value, Some(Fixed::ONE));
    assert_eq!(rated.last.as_ref().unwrap().figure.value, Some(Fixed::ONE));
    let span = rated.current.span.unwrap();
    assert_eq!((span.from, span.until), (at("2026-11-08T11:00:00Z"), at("2026-11-15T11:00:00Z")));
    // The clocks go forward in the last week of september: it has 167 hours.
    log.now = at("2026-09-25T00:00:00Z");
    let span = reading(&measure(&program, &log, &log.observed(&program, &[])), "rated").current.span.unwrap();
    assert_eq!(span.until.duration_since(span.from).as_hours(), 167);
}

#[test]
fn maturity_is_that_of_every_workflow() {
    let mut program = program();
    let log = log();
    let mature = |program: &Program| {
        let measured = measure(program, &log, &log.observed(program, &[]));
        let reading = reading(&measured, "mature").current.clone();
        (reading.verdict, reading.holds, reading.figure.value, reading.figure.of)
    };
    let two = Some(Fixed::from_integer(2));
    assert_eq!(mature(&program), (Verdict::Met, Some(true), two, Some(2)));
    for goal in &mut program.goals {
        if let Measure::Maturity(wanted) = &mut goal.measure {
            *wanted = Maturity::Measured;
        }
    }
    assert_eq!(mature(&program), (Verdict::Missed, Some(false), Some(Fixed::ZERO), Some(2)));
}

fn figure(value: i64, interval: Option<(f64, f64)>, at_least_so_much: bool) -> Figure {
    Figure {
        unit: Unit::Times,
        value: Some(Fixed::from_integer(value)),
        interval: interval.map(|(low, high)| Interval { low, high }),
        of: None,
        at_least_so_much,
        is_estimate: false,
        notes: Vec::new(),
    }
}

proptest! {
    #[test]
    fn a_verdict_is_what_every_number_of_the_interval_says(
        kind in prop::sample::select(vec![LimitKind::AtLeast, LimitKind::AtMost, LimitKind::Over, LimitKind::Under]),
        limit in 0i64..20,
        low in 0i64..20,
        width in 0i64..20,
        more in any::<bool>(),
    ) {
        let limited = Limit { kind, value: Fixed::from_integer(limit), percent: false };
        let holds = |value: i64| match kind {
            LimitKind::AtLeast => value >= limit,
            LimitKind::AtMost => value <= limit,
            LimitKind::Over => value > limit,
            LimitKind::Under => value < limit,
        };
        // What can grow may be anything from the interval on.
        let top = if more { 100 } else { low + width };
        let bottoms = low..=low + width;
        let all = bottoms.clone().all(|bottom| (bottom..=top.max(bottom)).all(holds));
        let none = bottoms.clone().all(|bottom| !(bottom..=top.max(bottom)).any(holds));
        let wanted = if all { Verdict::Met } else if none { Verdict::Missed } else { Verdict::Undecided };
        let found = judge(limited, &figure(low, Some((low as f64, (low + width) as f64)), more));
        prop_assert_eq!(found, wanted);
    }
}
