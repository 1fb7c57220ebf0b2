//! `playbook test --coverage` and `--mutate`: what tests reach, and what they would notice.

use crate::support::Desk;

const HALF_TESTED: &str = r#"client "A" {
  currency  NZD
  timezone  "Pacific/Auckland"
}

use std.crm

score fit for Contact {
  +50 when company.industry is construction  because "the trade we serve"
  +50 when company.employees >= 20           because "large enough"

  route {
    hot  when fit >= 75
    warm when fit >= 40
    cold otherwise
  }
}

test "a builder with twenty people is hot" {
  given contact { company { industry: construction, employees: 20 } }
  expect fit is certainly hot
}

test "nobody is cold" {
  given contact { company { industry: other, employees: 2 } }
  expect fit is certainly cold
}
"#;

#[test]
fn coverage_names_what_no_test_reaches() {
    let desk = Desk::new();
    desk.file("a/a.playbook", HALF_TESTED);
    insta::assert_snapshot!(desk.run(&["test", "a", "--coverage"]).expect(0).page());
    let report = desk.run(&["test", "a", "--coverage", "--json"]).expect(0).json();
    assert_eq!(report["coverage"]["kinds"]["rules"], serde_json::json!({ "reached": 2, "of": 2 }));
    assert_eq!(report["coverage"]["kinds"]["routes"], serde_json::json!({ "reached": 2, "of": 3 }));
}

#[test]
fn ci_may_ask_for_a_share() {
    let desk = Desk::new();
    desk.file("a/a.playbook", HALF_TESTED);
    desk.run(&["test", "a", "--at-least", "rules=100", "--at-least", "routes=60"]).expect(0);
    let ran = desk.run(&["test", "a", "--at-least", "routes=100"]).expect(1);
    assert!(ran.stderr.contains("routes: 66.7%, and 100% are asked for"), "{}", ran.stderr);
    desk.run(&["test", "a", "--at-least", "lines=100"]).expect(2);
    desk.run(&["test", "a", "--at-least", "rules=many"]).expect(2);
}

#[test]
fn changes_that_no_test_notices_are_told() {
    let desk = Desk::new();
    desk.file("a/a.playbook", HALF_TESTED);
    insta::assert_snapshot!(desk.run(&["test", "a", "--mutate"]).expect(0).page());
}

#[test]
fn a_test_at_each_edge_notices_every_change() {
    let desk = Desk::new();
    let edges = r#"
test "nineteen are too few" {
  given contact { company { industry: construction, employees: 19 } }
  expect fit is 50, could reach 50
  expect fit is certainly warm
}

test "twenty are enough" {
  given contact { company { industry: construction, employees: 20 } }
  expect fit is 100
}
"#;
    desk.file("a/a.playbook", format!("{HALF_TESTED}{edges}"));
    let report = desk.run(&["test", "a", "--mutate", "--json"]).expect(0).json();
    let unnoticed: Vec<&str> = report["mutations"]["unnoticed"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| change["change"].as_str().unwrap())
        .collect();
    // What is left are the thresholds that no sum of points lies at: 0, 50 and 100 are possible.
    assert!(unnoticed.iter().all(|change| change.starts_with("`fit >= ")), "{unnoticed:?}");
}

#[test]
fn a_record_that_check_shows_can_be_run_though_the_playbook_is_refused() {
    let desk = Desk::new();
    let gap = HALF_TESTED.replace("    cold otherwise\n", "    cold when fit >= 10\n").replace("certainly cold", "0");
    let gap = gap.replace("expect fit is 0", "expect fit is 0, could reach 0");
    desk.file("a/a.playbook", &gap);
    desk.file("b/b.playbook", HALF_TESTED);
    let found = desk.run(&["check", "a", "--json"]).expect(1).json();
    let witnesses: Vec<&str> =
        found["diagnostics"].as_array().unwrap().iter().filter_map(|found| found["witness"].as_str()).collect();
    assert!(!witnesses.is_empty(), "{found:#}");
    desk.file("a/a.playbook", format!("{gap}\n{}\n", witnesses.join("\n")));
    let report = desk.run(&["test", "a", "b", "--json"]).expect(1).json();
    assert_eq!(report["failed"], 0, "{report:#}");
    assert_eq!(report["refused"][0]["tests_ran"], true, "{report:#}");
    let names = report["tests"].as_array().unwrap().iter().map(|test| test["name"].as_str().unwrap());
    assert!(names.clone().any(|name| name == "no line is for them"), "{report:#}");
    assert_eq!(names.filter(|name| *name == "a builder with twenty people is hot").count(), 2, "{report:#}");
    let xml = desk.run(&["test", "--format", "junit", "a", "b"]).expect(1).stdout;
    assert!(xml.contains("playbook check shows them"), "{xml}");
}

#[test]
fn nothing_is_changed_while_tests_fail() {
    let desk = Desk::new();
    desk.file("a/a.playbook", HALF_TESTED.replace("certainly cold", "certainly warm"));
    let ran = desk.run(&["test", "a", "--mutate"]).expect(1);
    assert!(ran.stdout.contains("nothing was changed: first the tests have to pass"), "{}", ran.stdout);
}
