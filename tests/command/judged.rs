//! `backtest` and `learn` over real exports that nobody here wrote, from the file to the figures. Skipped, and said so, where they are not.

use crate::support::{Desk, copy, real_data, repository};

/// A desk with a playbook of `tests/real`, imported.
fn desk(playbook: &str, now: &str) -> Option<Desk> {
    let data = real_data()?;
    let desk = Desk::new();
    let text = std::fs::read_to_string(repository().join("tests/real").join(playbook)).unwrap();
    desk.file(&format!("main/tests/real/{playbook}"), text);
    copy(&data, &desk.path("shared/data"));
    desk.run(&["import", &format!("main/tests/real/{playbook}"), "--now", now]);
    Some(desk)
}

fn value(figure: &serde_json::Value) -> f64 {
    figure["value"].as_f64().unwrap_or_else(|| panic!("{figure}"))
}

const LEADS: &str = "main/tests/real/learning.playbook";
const NOW: &str = "2026-11-20T09:00:00+13:00";

#[test]
fn the_learned_card_is_never_below_the_hand_made_one_and_the_leaks_are_named() {
    let Some(desk) = desk("learning.playbook", NOW) else { return };
    let report = desk.run(&["backtest", LEADS, "--json", "--now", NOW]).expect(0).json();
    assert!(value(&report["learned"]["auc"]) >= 0.86, "{}", report["learned"]["auc"]);
    for point in report["curve"].as_array().unwrap() {
        assert!(point["difference"]["interval"]["high"].as_f64().unwrap() >= 0.0, "{point}");
    }
    let leaks: Vec<&str> =
        report["leaks"].as_array().unwrap().iter().map(|leak| leak["column"].as_str().unwrap()).collect();
    assert_eq!(leaks, ["tags", "lead_quality", "lead_profile", "last_happened", "last_notable_activity"]);
    assert!(report["backtests"][0]["holds"].as_bool().unwrap());
    let lines = desk.run(&["backtest", LEADS, "--format", "junit", "--now", NOW]).expect(0).stdout;
    assert!(lines.contains("the card tells who converts"), "{lines}");
}

#[test]
fn an_expectation_that_fails_is_a_finding() {
    let Some(desk) = desk("learning.playbook", NOW) else { return };
    let text = desk.read(LEADS).replace("expect auc certainly at least 0.6", "expect auc certainly at least 0.9");
    desk.file(LEADS, text);
    let ran = desk.run(&["backtest", LEADS, "--format", "github", "--now", NOW]).expect(1);
    assert!(ran.stdout.starts_with("::error file="), "{}", ran.page());
}

#[test]
fn what_is_learned_is_written_compiles_and_is_then_the_card() {
    let Some(desk) = desk("learning.playbook", NOW) else { return };
    desk.run(&["learn", LEADS, "--write", "--now", NOW]).expect(0);
    desk.run(&["fmt", "--check", LEADS]).expect(0);
    // What it was learned from cannot judge it: the expectations are undefined until something later is decided.
    let report = desk.run(&["backtest", LEADS, "--json", "--now", NOW]).expect(1).json();
    assert!(report["own"].is_null() && report["learned"].is_null(), "{}", report["own"]);
    assert_eq!(report["learned_from"]["decisions"], report["decided"]["of"]);
    // It is the card all the same: on what it knows it is as good as what was learned.
    let text = desk.read(LEADS);
    let unsaid: String =
        text.lines().filter(|line| !line.contains("learned from")).map(|line| format!("{line}\n")).collect();
    assert_ne!(text, unsaid);
    desk.file(LEADS, unsaid);
    let report = desk.run(&["backtest", LEADS, "--json", "--now", NOW]).expect(0).json();
    assert!(value(&report["own"]["auc"]) >= 0.86, "{}", report["own"]["auc"]);
}

#[test]
fn of_the_funnel_open_leads_stay_open() {
    const FUNNEL: &str = "main/tests/real/won.playbook";
    let now = "2018-03-31T23:00:00Z";
    let Some(desk) = desk("won.playbook", now) else { return };
    let report = desk.run(&["backtest", FUNNEL, "--json", "--now", now]).expect(0).json();
    // Those of the last two weeks are not decided yet, whoever of them was won already among them.
    assert_eq!(report["open"].as_u64(), Some(528));
    assert!(value(&report["learned"]["auc"]) >= 0.64, "{}", report["learned"]["auc"]);
    assert!(report["difference"]["interval"]["low"].as_f64().unwrap() > 0.0, "{}", report["difference"]);
}
