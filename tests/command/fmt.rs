//! `playbook fmt`: writes, checks, filters; never loses a text.

use crate::support::Desk;

const UNTIDY: &str = "client   \"A\" {\n currency NZD\n}\nuse std.crm // the CRM\nscore s for Contact {\n  +5 when email is known because \"x\"\n  +10 when company.industry is agency because \"y\"\n}\n";

#[test]
fn a_file_is_rewritten_once() {
    let desk = Desk::new();
    desk.file("a.playbook", UNTIDY);
    insta::assert_snapshot!("check_says_which", desk.run(&["fmt", "--check", "a.playbook"]).expect(1).page());
    assert_eq!(desk.read("a.playbook"), UNTIDY, "check writes nothing");
    let json = desk.run(&["fmt", "--check", "--json", "a.playbook"]).expect(1).json();
    assert_eq!(json, serde_json::json!({ "written": false, "changed": ["a.playbook"], "unchanged": 0 }));
    desk.run(&["fmt", "a.playbook"]).expect(0);
    let tidy = desk.read("a.playbook");
    insta::assert_snapshot!("tidy", tidy);
    desk.run(&["fmt", "--check", "a.playbook"]).expect(0);
    assert_eq!(desk.run(&["fmt", "a.playbook"]).expect(0).stdout, "", "nothing to do, nothing to say");
}

#[test]
fn stdin_goes_to_stdout() {
    let desk = Desk::new();
    desk.file("a.playbook", UNTIDY);
    desk.run(&["fmt", "a.playbook"]).expect(0);
    let ran = desk.run_with_stdin(&["fmt", "-"], UNTIDY.as_bytes()).expect(0);
    assert_eq!(ran.stdout, desk.read("a.playbook"));
    desk.run_with_stdin(&["fmt", "--check", "-"], UNTIDY.as_bytes()).expect(1);
}

#[test]
fn a_file_that_cannot_be_read_as_a_playbook_is_left_as_it_is() {
    let desk = Desk::new();
    let broken = "client \"A\" {\n   currency NZD\n";
    desk.file("a.playbook", broken);
    insta::assert_snapshot!(desk.run(&["fmt", "a.playbook"]).expect(1).page());
    assert_eq!(desk.read("a.playbook"), broken);
}

#[test]
fn a_folder_that_takes_no_file_is_said() {
    let desk = Desk::new();
    insta::assert_snapshot!(desk.run(&["fmt", "gone.playbook"]).expect(3).page());
}
