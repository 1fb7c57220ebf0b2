//! `playbook check`: what it says of playbooks that cannot be, and in which forms.

use crate::support::Desk;

const MISSPELT: &str = r#"client "A" {
  currency  NZD
  timezone  "Pacific/Auckland"
}

use std.crm

score fit for Contact {
  +50 when company.industri is construction  because "the trade we serve"
  +50 when company.employees > "20"          because "large enough"

  route {
    hot  when fit >= 50
    cold otherwise
  }
}
"#;

#[test]
fn findings_are_drawn() {
    let desk = Desk::new();
    desk.file("a/a.playbook", MISSPELT);
    insta::assert_snapshot!(desk.run(&["check", "a"]).expect(1).page());
}

#[test]
fn findings_as_json() {
    let desk = Desk::new();
    desk.file("a/a.playbook", MISSPELT);
    let ran = desk.run(&["check", "a", "--json"]).expect(1);
    assert_eq!(ran.json(), desk.run(&["check", "a", "--format", "json"]).expect(1).json());
    insta::assert_snapshot!(ran.page());
}

#[test]
fn findings_as_annotations_for_github() {
    let desk = Desk::new();
    desk.file("a/a.playbook", MISSPELT);
    insta::assert_snapshot!(desk.run(&["check", "a", "--format", "github"]).expect(1).page());
}

#[test]
fn a_file_belongs_to_the_client_of_its_folder() {
    let desk = Desk::with("playbooks/stackmates");
    desk.run(&["check", "stackmates/data.playbook"]).expect(0);
    desk.run(&["check", "stackmates/data.playbook", "stackmates/tests.playbook"]).expect(0);
}

#[test]
fn warnings_can_be_denied() {
    let desk = Desk::new();
    let opened = MISSPELT.replace("company.industri is construction ", "any email.opened");
    let opened = opened.replace("company.employees > \"20\"         ", "company.employees > 20");
    desk.file("a/a.playbook", opened);
    insta::assert_snapshot!("passes", desk.run(&["check", "a"]).expect(0).page());
    desk.run(&["check", "a", "--deny", "warnings"]).expect(1);
}

#[test]
fn a_playbook_of_random_bytes() {
    let desk = Desk::new();
    // xorshift64 from a fixed seed.
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let bytes: Vec<u8> = std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[0]
    })
    .take(100_000)
    .collect();
    desk.file("a/a.playbook", bytes);
    insta::assert_snapshot!(desk.run(&["check", "a"]).expect(1).page());
}

#[test]
fn a_playbook_in_another_encoding() {
    let desk = Desk::new();
    desk.file("a/a.playbook", b"client \"Caf\xe9\" {\n  currency NZD\n}\n");
    insta::assert_snapshot!(desk.run(&["check", "a"]).expect(1).page());
}

#[test]
fn a_hundred_thousand_nested_brackets() {
    let desk = Desk::new();
    let brackets = format!("client \"A\" {{\n  people {}\n}}\n", "(".repeat(100_000));
    desk.file("a/a.playbook", brackets);
    let ran = desk.run(&["check", "a"]).expect(1);
    assert!(ran.stdout.len() < 4_000, "one error, not a page of brackets: {} bytes", ran.stdout.len());
    desk.file("a/a.playbook", "{[(".repeat(33_334));
    desk.run(&["check", "a"]).expect(1);
}

#[test]
fn every_prefix_of_a_playbook_gives_one_clear_answer() {
    let desk = Desk::new();
    let text = std::fs::read_to_string(crate::support::repository().join("examples/first-score.playbook")).unwrap();
    let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).step_by(17).collect();
    for end in ends {
        desk.file("a/a.playbook", text.get(..end).unwrap());
        let ran = desk.run(&["check", "a"]);
        assert!(matches!(ran.code, Some(0 | 1)), "{end}: {}", ran.page());
        assert!(!ran.stderr.contains("panic"), "{end}: {}", ran.page());
    }
}

#[test]
fn a_file_too_large_to_be_a_playbook() {
    let desk = Desk::new();
    desk.file("a/a.playbook", "");
    let file = std::fs::OpenOptions::new().write(true).open(desk.path("a/a.playbook")).unwrap();
    file.set_len(1 << 30).unwrap();
    insta::assert_snapshot!(desk.run(&["check", "a"]).expect(1).page());
}

#[test]
fn a_file_alone_is_told_what_it_takes_for_granted() {
    let desk = Desk::new();
    desk.file("a.playbook", "use std.crm\nscore fit for Deal {\n  +10 when value >= USD 50_000 because \"large\"\n}\n");
    let told = desk.run(&["check", "a.playbook"]).expect(0);
    assert!(told.page().contains("note: the playbook names no client, so amounts are in USD"), "{}", told.page());
}
