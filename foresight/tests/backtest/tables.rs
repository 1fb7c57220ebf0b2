//! Back-tests and learning over tables made by seeded generators, with and without signal, and over real leads where they are.

use foresight::backtest::{Asked, Report, backtest};
use foresight::history::{History, Table, Wanted};
use foresight::learn::Settings;
use foresight::statistics::{Random, auc};
use proptest::prelude::*;

/// A table of a generator's rows.
fn history(headers: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> History {
    let mut table = Table::new(headers);
    for (line, row) in (2..).zip(rows) {
        let cells: Vec<&str> = row.iter().map(String::as_str).collect();
        table.row(line, &cells);
    }
    table.history(&Wanted { outcome: "good", ..Wanted::default() }).unwrap()
}

fn report(history: &History) -> Report {
    let settings = Settings::of(&history.columns);
    backtest(history, &Asked { settings, with_leaks: false, from: None })
}

fn yes(random: &mut Random, chance: f64) -> bool {
    random.unit() < chance
}

fn pick<'a>(random: &mut Random, of: &[&'a str]) -> &'a str {
    of[random.below(of.len())]
}

fn bit(of: bool) -> String {
    u8::from(of).to_string()
}

/// Rows in which nothing says who is good.
fn noise(seed: u64, rows: usize) -> Vec<Vec<String>> {
    let mut random = Random::new(seed);
    let row = |random: &mut Random| {
        vec![
            pick(random, &["web", "mail", "fair", "friend"]).to_owned(),
            random.below(500).to_string(),
            pick(random, &["north", "south"]).to_owned(),
            bit(yes(random, 0.3)),
        ]
    };
    (0..rows).map(|_| row(&mut random)).collect()
}

const NOISE: [&str; 4] = ["source", "visits", "region", "good"];

#[test]
fn without_signal_it_says_so_as_often_as_it_states() {
    // One of twenty sets without a signal may be said to have one. Of 200 sets more than 20 would come about 5 times in 10,000.
    let alarms = (0..200).filter(|seed| report(&history(&NOISE, noise(*seed, 120))).signal.found).count();
    assert!(alarms <= 20, "{alarms} of 200");
    assert!(alarms > 0, "it is never wrong, so it asks for too much");
}

#[test]
fn a_signal_is_found_and_learned() {
    let mut random = Random::new(7);
    let rows = (0..600).map(|_| {
        let source = pick(&mut random, &["web", "mail", "fair", "friend"]);
        let visits = random.below(500);
        let chance = 0.1 + if source == "friend" { 0.4 } else { 0.0 } + if visits >= 300 { 0.3 } else { 0.0 };
        vec![source.to_owned(), visits.to_string(), "north".to_owned(), bit(yes(&mut random, chance))]
    });
    let report = report(&history(&NOISE, rows.collect::<Vec<_>>()));
    assert!(report.signal.found);
    let learned = report.learned.unwrap();
    assert!(learned.auc.interval.unwrap().low > 0.6, "{:?}", learned.auc);
    assert!(report.leaks.is_empty(), "{:?}", report.leaks);
}

#[test]
fn what_turns_round_is_said_to_drift() {
    let mut random = Random::new(3);
    let rows = (0..2000).map(|place| {
        let visits = random.below(500);
        let early = place < 1000;
        let chance = if (visits >= 250) == early { 0.7 } else { 0.2 };
        vec!["web".to_owned(), visits.to_string(), "north".to_owned(), bit(yes(&mut random, chance))]
    });
    // Turning round in the middle, what shuffled halves show as nothing is learned early and wrong late.
    let report = report(&history(&NOISE, rows.collect::<Vec<_>>()));
    let learned = report.learned.unwrap();
    assert!(learned.auc.value.unwrap() < 0.6, "{:?}", learned.auc);
    // The curve shows it too: what the first half taught is worse than nothing later.
    assert!(report.curve.iter().any(|point| point.learned.value.is_some_and(|auc| auc < 0.45)), "{:?}", report.curve);
}

#[test]
fn words_that_come_and_go_are_named() {
    let mut random = Random::new(5);
    let rows = (0..400).map(|place| {
        let source = if place < 200 { "fair" } else { "web" };
        vec![source.to_owned(), "1".to_owned(), "north".to_owned(), bit(yes(&mut random, 0.3))]
    });
    let report = report(&history(&NOISE, rows.collect::<Vec<_>>()));
    let words: Vec<&str> = report.shifts.iter().map(|shift| shift.words.as_str()).collect();
    assert!(words.contains(&"`fair` is gone in the newer half (200 records)"), "{words:?}");
    assert!(words.contains(&"`web` appears only in the newer half (200 records)"), "{words:?}");
}

#[test]
fn what_is_filled_afterwards_is_named_and_left_out() {
    let mut random = Random::new(11);
    let rows = (0..500).map(|_| {
        let good = yes(&mut random, 0.3);
        let amount = if good { (100 + random.below(900)).to_string() } else { String::new() };
        let status = if good { "signed" } else { pick(&mut random, &["lost", "dead"]) };
        vec![pick(&mut random, &["web", "mail"]).to_owned(), amount, status.to_owned(), bit(good)]
    });
    let report = report(&history(&["source", "amount", "where it stands", "good"], rows.collect::<Vec<_>>()));
    let named: Vec<&str> = report.leaks.iter().map(|leak| leak.column.as_str()).collect();
    assert_eq!(named, ["amount", "where it stands"]);
    assert!(!report.signal.found, "what is left says nothing: {:?}", report.signal);
}

#[test]
fn copies_are_counted() {
    let mut rows = noise(1, 100);
    rows.iter_mut().enumerate().for_each(|(place, row)| row[1] = format!("{place}-{}", row[1]));
    rows.extend(rows.clone().into_iter().take(40));
    let report = report(&history(&["source", "number", "region", "good"], rows));
    assert_eq!(report.copies, 40);
}

#[test]
fn too_little_and_one_class_have_no_figures_and_say_why() {
    let one_class = history(
        &NOISE,
        noise(1, 80).into_iter().map(|mut row| {
            row[3] = "1".to_owned();
            row
        }),
    );
    let report_of_one = report(&one_class);
    assert_eq!(report_of_one.too_little.as_deref(), Some("all 80 decided ones came out the same"));
    assert!(report_of_one.learned.is_none() && report_of_one.curve.is_empty());
    let few = report(&history(&NOISE, noise(1, 20)));
    assert!(few.too_little.is_some() && few.learned.is_none());
    for report in [report_of_one, few] {
        assert!(!serde_json::to_string(&report).unwrap().contains("NaN"));
    }
}

#[test]
fn tables_are_typed_by_looking_and_oddities_are_pointed_out() {
    let headers = ["Visits", "Visits", "", "Source", "Seen", "Free", "good"];
    let row = |source: &str, good: &str| {
        let cells = ["1,200", "3.5", "", source, "2026-03-01", "Yes", good];
        cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>()
    };
    let rows =
        (0..60).map(|place| row(["Google", "google", "Select"][place % 3], if place % 2 == 0 { "yes" } else { "no" }));
    let history = history(&headers, rows);
    let kinds: Vec<String> =
        history.columns.iter().map(|column| format!("{} {:?}", column.name, column.kind)).collect();
    assert_eq!(kinds, ["Visits Number", "Visits (2) Number", "Source Words", "Seen Date", "Free YesNo"]);
    let remarks: Vec<&str> = history.remarks.iter().map(|remark| remark.words.as_str()).collect();
    assert_eq!(
        remarks,
        [
            "two columns are called `Visits`: the later one is called `Visits (2)` here",
            "`Google` and `google` differ in case or blanks only, and count as different",
            "`Select` looks like a missing value: --missing takes it for one",
        ]
    );
}

proptest! {
    #[test]
    fn the_area_is_what_counting_pairs_says(pairs in prop::collection::vec((0_u8..6, any::<bool>()), 2..60)) {
        let scores: Vec<f64> = pairs.iter().map(|(score, _)| f64::from(*score)).collect();
        let good: Vec<bool> = pairs.iter().map(|(_, good)| *good).collect();
        let (mut won, mut all) = (0.0, 0.0);
        for (one, is_good) in scores.iter().zip(&good) {
            for (other, other_good) in scores.iter().zip(&good) {
                if *is_good && !other_good {
                    all += 1.0;
                    won += if one > other { 1.0 } else if one == other { 0.5 } else { 0.0 };
                }
            }
        }
        let found = auc(&scores, &good);
        match found.value {
            None => prop_assert_eq!(all, 0.0),
            Some(area) => {
                prop_assert!((area - won / all).abs() < 1e-9);
                let interval = found.interval.unwrap();
                prop_assert!(interval.low <= area + 1e-9 && interval.high >= area - 1e-9);
                prop_assert!(interval.low >= 0.0 && interval.high <= 1.0);
            }
        }
    }
}

/// The real leads, where they are; says so where they are not.
#[expect(clippy::disallowed_methods, reason = "a test reads the real data that may be beside it")]
fn leads(only: &[&str]) -> Option<Report> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/leads/leads.csv");
    let Ok(file) = std::fs::File::open(&path) else {
        eprintln!("skipped: ../shared/data is not here");
        return None;
    };
    let mut table: Option<Table> = None;
    runtime::import::each_row(file, &path, |line, cells| match &mut table {
        None => table = Some(Table::new(cells)),
        Some(table) => table.row(line, cells),
    })
    .unwrap();
    let only = only.iter().map(|name| (*name).to_owned()).collect();
    let wanted = Wanted { outcome: "Converted", only, missing: vec!["Select".to_owned()], ..Wanted::default() };
    Some(report(&table.unwrap().history(&wanted).unwrap()))
}

#[test]
fn on_real_leads_seven_safe_columns_are_enough_for_an_auc_of_80() {
    let safe = [
        "Lead Origin",
        "Lead Source",
        "Do Not Email",
        "A free copy of Mastering The Interview",
        "TotalVisits",
        "Total Time Spent on Website",
        "Page Views Per Visit",
    ];
    let Some(report) = leads(&safe) else { return };
    assert!(report.leaks.is_empty(), "{:?}", report.leaks);
    assert!(report.learned.unwrap().auc.value.unwrap() >= 0.80);
}

#[test]
fn on_real_leads_the_leaks_are_named_unasked_and_the_rest_is_enough_for_an_auc_of_86() {
    let Some(report) = leads(&[]) else { return };
    let named: Vec<&str> = report.leaks.iter().map(|leak| leak.column.as_str()).collect();
    assert_eq!(named, ["Last Activity", "Tags", "Lead Quality", "Lead Profile", "Last Notable Activity"]);
    assert!(report.learned.unwrap().auc.value.unwrap() >= 0.86);
    let off = report.gaps.iter().filter(|gap| gap.switched_off.is_some()).count();
    assert_eq!(off, 4, "the four scores of a provider that was switched off");
}
