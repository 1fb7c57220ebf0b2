//! The long run: letters, answers, replies, second letters. Once undisturbed, then again and again with every process in danger.

use std::io::Write as _;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::audit::{End, end, letters_in_folder};
use super::carrier::Carrier;
use super::desk::{Desk, Ended, Trouble};

/// Each test kills so many processes; there are two.
const KILLS: usize = 300;
/// A process that dies leaves what it held to be taken over after ten minutes, so each chapter comes back to what is left: three
/// times in danger, and at last in peace.
const CHAPTERS: [[&str; 4]; 3] = [
    ["2026-09-01 09:00", "2026-09-01 09:20", "2026-09-01 09:40", "2026-09-01 10:00"],
    ["2026-09-05 12:00", "2026-09-05 12:20", "2026-09-05 12:40", "2026-09-05 13:00"],
    ["2026-09-12 09:00", "2026-09-12 09:20", "2026-09-12 09:40", "2026-09-12 10:00"],
];
const REPLIED: &str = "2026-09-03 09:00";
/// A process that fails so often without being killed will never be done.
const PATIENCE: u64 = 400;

/// Runs it until it has come to a good end.
fn insist(desk: &Desk, arguments: &[&str], is_done: impl Fn(&str) -> bool) {
    let mut last = String::new();
    for tries in 0..PATIENCE {
        match desk.attempt(arguments, tries) {
            Ended::Itself(0, ..) => return,
            Ended::Itself(_, _, stderr) if is_done(&stderr) => return,
            Ended::Itself(code, _, stderr) => last = format!("exit {code}: {stderr}"),
            Ended::Killed => {}
        }
    }
    panic!("{arguments:?} never ends: {last}");
}

fn chapter(desk: &Desk, instants: &[&str; 4], mut disturb: impl FnMut(bool)) {
    for (turn, now) in instants.iter().enumerate() {
        disturb(turn < 3);
        insist(desk, &["run", ".", "--now", now, "--seed", "7"], |_| false);
        loop {
            let inbox = desk.finish(&["inbox", ".", "--now", now, "--json"]);
            let inbox: Value = serde_json::from_str(&inbox).unwrap();
            let questions = inbox.as_array().or_else(|| inbox["questions"].as_array()).unwrap();
            if questions.is_empty() {
                break;
            }
            for question in questions {
                let number = question["number"].as_i64().unwrap().to_string();
                // Killed after it was kept, the answer is there: then the question is no longer open.
                insist(desk, &["approve", ".", &number, "--now", now], |stderr| stderr.contains("open"));
            }
        }
    }
}

/// The whole run; what it comes to, and how many were killed.
fn long_run(desk: &Desk, mut trouble: Option<Trouble>, letters: impl Fn() -> Vec<String>) -> (End, Option<Trouble>) {
    let is_disturbed = trouble.is_some();
    let mut disturb = |in_danger: bool| {
        if !is_disturbed {
            return;
        }
        match (in_danger, trouble.take()) {
            (true, Some(waiting)) => desk.disturb(waiting),
            (false, None) => trouble = Some(desk.calm()),
            (_, kept) => trouble = kept,
        }
    };
    chapter(desk, &CHAPTERS[0], &mut disturb);
    disturb(true);
    insist(desk, &["import", ".", "replies", "replies.csv", "--now", REPLIED], |_| false);
    disturb(false);
    chapter(desk, &CHAPTERS[1], &mut disturb);
    chapter(desk, &CHAPTERS[2], &mut disturb);
    (end(desk, &letters(), CHAPTERS[2][3]), trouble)
}

/// How long an undisturbed answer takes here, now.
fn usual(desk: &Desk) -> Duration {
    let start = Instant::now();
    desk.finish(&["run", ".", "--now", CHAPTERS[2][3], "--seed", "7"]);
    start.elapsed()
}

/// Effects that somebody claimed and died over.
fn taken_over(desk: &Desk) -> usize {
    let sql = "SELECT count(*) FROM outbox WHERE attempts > 1";
    let count: i64 = desk.database().query_row(sql, [], |row| row.get(0)).unwrap();
    usize::try_from(count).unwrap()
}

fn kill_again_and_again(seed: u64, ports: impl Fn() -> Option<Carrier>, needs_ports: bool) {
    let open = |carrier: &Option<Carrier>| Desk::new(carrier.as_ref().map(Carrier::ports).as_deref());
    let letters = |desk: &Desk, carrier: &Option<Carrier>| match carrier {
        Some(carrier) => carrier.letters(),
        None => letters_in_folder(desk),
    };
    let carrier = ports();
    if needs_ports && carrier.is_none() {
        return;
    }
    let desk = open(&carrier);
    let (expected, _) = long_run(&desk, None, || letters(&desk, &carrier));
    let usual = usual(&desk);
    let (mut kills, mut full, mut locked, mut failed, mut again, mut rounds) = (0, 0, 0, 0, 0, 0);
    while kills < KILLS {
        let carrier = ports();
        let desk = open(&carrier);
        let trouble = Trouble::new(seed + rounds, usual);
        let (found, trouble) = long_run(&desk, Some(trouble), || letters(&desk, &carrier));
        assert_eq!(found, expected, "round {rounds}");
        let trouble = trouble.expect("it was disturbed");
        (kills, full, locked) = (kills + trouble.kills, full + trouble.full, locked + trouble.locked);
        (failed, again) = (failed + trouble.failed, again + taken_over(&desk));
        rounds += 1;
        assert!(rounds < 20, "only {kills} were killed");
    }
    assert!(full > 0 && locked > 0);
    assert!(failed > 0, "no full disk was felt");
    assert!(again > 0, "nobody died with something in hand");
    let told = format!(
        "{rounds} long runs: {kills} processes killed, {full} with a full disk, {locked} beside a lock; {failed} failed by \
         themselves, {again} effects were taken over from the dead"
    );
    writeln!(std::io::stderr(), "{told}").unwrap();
}

#[test]
fn with_letters_in_a_folder_nothing_is_lost_and_nothing_goes_out_twice() {
    kill_again_and_again(1, || None, false);
}

#[test]
fn with_a_carrier_that_knows_its_keys_nothing_is_lost_and_nothing_goes_out_twice() {
    kill_again_and_again(101, Carrier::start, true);
}
