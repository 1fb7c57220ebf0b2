//! `playbook test`: proof by example, with the drawn place where an example fails.

use crate::support::Desk;

const FAILING: &str = r#"client "A" {
  currency  NZD
  timezone  "Pacific/Auckland"
}

use std.crm

score fit for Contact {
  +50 when company.industry is construction  because "the trade we serve"
  +50 when company.employees >= 20           because "large enough"

  route {
    hot  when fit >= 75
    cold otherwise
  }
}

test "a builder with twenty people is hot" {
  given contact { company { industry: construction, employees: 20 } }
  expect fit is certainly hot
}

test "a builder is warm enough" {
  given contact { company { industry: construction } }
  expect fit is 75
  expect fit is certainly hot
  expect asks nothing
}
"#;

#[test]
fn failures_show_what_was_expected_and_what_is() {
    let desk = Desk::new();
    desk.file("a/a.playbook", FAILING);
    insta::assert_snapshot!(desk.run(&["test", "a"]).expect(1).page());
}

#[test]
fn some_can_be_picked_by_a_part_of_their_name() {
    let desk = Desk::new();
    desk.file("a/a.playbook", FAILING);
    insta::assert_snapshot!(desk.run(&["test", "a", "--filter", "TWENTY"]).expect(0).page());
    insta::assert_snapshot!("none", desk.run(&["test", "a", "--filter", "nothing like it"]).expect(1).page());
}

#[test]
fn results_as_json() {
    let desk = Desk::new();
    desk.file("a/a.playbook", FAILING);
    insta::assert_snapshot!(desk.run(&["test", "a", "--json"]).expect(1).page());
}

#[test]
fn both_clients_pass_theirs() {
    for client in ["stackmates", "sneakers"] {
        let desk = Desk::with(&format!("playbooks/{client}"));
        desk.run(&["check", client, "--deny", "warnings"]).expect(0);
        desk.run(&["test", client]).expect(0);
    }
}
