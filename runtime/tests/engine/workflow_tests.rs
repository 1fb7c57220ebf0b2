//! Tests that a playbook brings of its workflows: the engine works on what they give, with a clock that they move.

use compiler::compile::compile_text;
use runtime::testing::{TestOutcome, run};

fn outcomes(tests: &str) -> Vec<TestOutcome> {
    let text = format!("{}\n{tests}\n", include_str!("orchard.playbook"));
    let compiled = compile_text("orchard.playbook", &text);
    let found: Vec<String> = compiled.diagnostics.iter().map(|found| found.headline.clone()).collect();
    let program = compiled.program.unwrap_or_else(|| panic!("{found:#?}"));
    run(&program)
}

#[track_caller]
fn passes(test: &str) {
    for outcome in outcomes(test) {
        assert!(outcome.passed(), "{}: {:#?}", outcome.name, outcome.failures);
    }
}

/// What is, and what happened, of the one thing that is not as expected.
#[track_caller]
fn failure(test: &str) -> String {
    let outcomes = outcomes(test);
    let [failed] = outcomes[0].failures.as_slice() else { panic!("{outcomes:#?}") };
    format!("expected {}, but {}\n{}", failed.expected, failed.actual, failed.ledger.as_deref().unwrap_or_default())
}

const AGREED: &str = r#"
  given contact { first_name: "Ana", email: "ana@example.com", country: NZ }
  given consent.given { channel: email, basis: "express", proof: "page 4" }, 3 days ago"#;

#[test]
fn a_run_begins_by_an_event_and_goes_as_far_as_it_can() {
    passes(&format!(
        r#"test "whoever is near is written to, once a person says so" {{{AGREED}
  when contact.created
  expect contact is in Welcome.Writing
  expect contact is in Welcome
  expect contact is not in Guest
}}
test "whoever is far away is let be" {{
  given contact {{ country: AU }}
  when contact.created
  expect contact is in Welcome.Left
  expect contact is not in Welcome
}}"#
    ));
}

#[test]
fn what_is_given_begins_nothing_but_what_a_threshold_begins() {
    passes(
        r#"test "nothing happened" {
  given contact { country: AU }
  given contact.created, 1 day ago
  expect contact is not in Welcome
}
test "they are near" {
  given contact { country: NZ }
  expect contact is in Welcome.Writing
}"#,
    );
}

#[test]
fn people_answer_time_passes_and_letters_go_out() {
    passes(&format!(
        r#"test "an answer makes a guest" {{{AGREED}
  when owner approves
  when reply.received {{ delay: 2 hours, words: 8 }}
  expect contact is in Welcome.Answered
  expect contact is in Guest.Visit
  expect contact is not in Welcome
  expect fit is hot
}}
test "no answer" {{{AGREED}
  when human approves
  when 1 hour passes
  expect contact is in Welcome.Invited
}}
test "nobody said yes in time" {{
  given contact in Welcome.Writing
  when 3 business days pass
  expect contact is in Welcome.Left
}}
test "a no" {{
  given contact in Welcome.Writing
  when helper rejects
  expect contact is in Welcome.Left
}}"#
    ));
}

#[test]
fn a_failure_says_where_they_are_and_how_they_came_there() {
    insta::assert_snapshot!(failure(
        r#"test "no" {
  given contact { first_name: "Ana", country: NZ }
  when helper rejects
  expect contact is in Welcome.Sending
}"#
    ));
    insta::assert_snapshot!(failure(
        r#"test "unasked" {
  given contact in Guest.Visit
  when helper approves
  expect contact is in Guest
}"#
    ));
}

#[test]
fn the_same_test_gives_the_same() {
    let test = format!("test \"again\" {{{AGREED}\n  when owner rejects\n  expect contact is in Guest\n}}");
    assert_eq!(failure(&test), failure(&test));
}

#[test]
fn what_is_tried_is_judged_where_the_record_has_come_to() {
    passes(&format!(
        r#"test "guests first" {{{AGREED}
  when owner approves
  when reply.received
  when LeadGen tries send message
  expect denied because "guests first"
}}"#
    ));
}
