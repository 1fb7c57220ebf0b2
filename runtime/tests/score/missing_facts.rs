//! An event that happened with a fact missing: the ledger says which fact of which event, and not that nobody reports such events.

use compiler::compile::compile_text;
use runtime::testing::run;

/// The ledger of a score that asks for damp houses, of somebody to whom that happened.
fn ledger(given: &str) -> String {
    let text = format!(
        r#"client "T" {{
  currency NZD
  timezone "UTC"
}}
use std.crm
event quiz.completed {{ result: one of [dry, damp]? }}
score damp_house for Contact {{
  +10 when any quiz.completed where result is damp because "damp"
  route {{
    hot  when damp_house >= 10
    cold otherwise
  }}
}}
test "t" {{
  {given}
  expect damp_house is 5
}}
"#
    );
    let compiled = compile_text("t.playbook", &text);
    let found: Vec<String> = compiled.diagnostics.iter().map(|found| found.headline.clone()).collect();
    let program = compiled.program.unwrap_or_else(|| panic!("{found:#?}"));
    run(&program)[0].failures[0].ledger.clone().unwrap()
}

#[test]
fn the_ledger_names_the_fact_of_the_event_that_is_missing() {
    let missing = ledger("given quiz.completed, 1 day ago");
    assert!(missing.contains("quiz.completed happened, its result is not known"), "{missing}");
    assert!(!missing.contains("not reported"), "{missing}");
    let silent = ledger("given silent quiz.completed");
    assert!(silent.contains("quiz.completed is not reported"), "{silent}");
}

/// A sum of nothing is nought, and known; of an event of which it is unknown whether it counts, it is not.
#[test]
fn a_sum_over_an_event_that_may_count_is_unknown() {
    let score = |given: &str| {
        let text = format!(
            r#"client "T" {{
  currency NZD
  timezone "UTC"
}}
use std.crm
event page.read {{ depth: number, about: text? }}
score reader for Contact {{
  +10 when sum page.read.depth where about is "price" < 5 because "reads little"
}}
test "t" {{
  {given}
}}
"#
        );
        let compiled = compile_text("t.playbook", &text);
        let found: Vec<String> = compiled.diagnostics.iter().map(|found| found.headline.clone()).collect();
        let program = compiled.program.unwrap_or_else(|| panic!("{found:#?}"));
        let failures = run(&program).remove(0).failures;
        assert!(failures.is_empty(), "{failures:#?}");
    };
    score("expect reader is 10, could reach 10");
    score("given page.read { depth: 3, about: \"price\" }\n  expect reader is 10, could reach 10");
    score("given page.read { depth: 3 }\n  expect reader is 0, could reach 10");
}
