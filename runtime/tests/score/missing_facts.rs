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
