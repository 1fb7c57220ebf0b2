//! `playbook upgrade` at work: live runs go on where a person says, all of them or none, once.

use serde_json::Value;

use crate::support::{Desk, Ran};

const NOW: &str = "2026-11-20 10:00";

/// Hillside with two letters waiting for a person, then changed: the stage in which the runs are has another name.
fn changed() -> Desk {
    let desk = Desk::with("tests/hillside");
    desk.run(&["run", "hillside", "--now", NOW, "--seed", "1"]).expect(0);
    rename(&desk, "Writing", "Drafting");
    desk
}

fn rename(desk: &Desk, from: &str, to: &str) {
    let text = desk.read("hillside/hillside.playbook");
    assert!(text.contains(from), "{from}");
    desk.file("hillside/hillside.playbook", text.replace(from, to));
}

fn at(desk: &Desk, verb: &str, rest: &[&str]) -> Ran {
    desk.run(&[&[verb, "hillside"], rest, &["--now", NOW, "--seed", "1"]].concat())
}

/// Live runs by stage.
fn stages(desk: &Desk) -> Value {
    at(desk, "status", &["--json"]).expect(0).json()["workflows"][0]["stages"].clone()
}

fn log(desk: &Desk) -> String {
    at(desk, "log", &["--json"]).expect(0).stdout
}

const MAP: &str = "Welcome.Writing=Welcome.Drafting";

#[test]
fn what_is_not_said_of_every_stage_moves_nothing() {
    let desk = changed();
    let before = log(&desk);
    insta::assert_snapshot!("unsaid", at(&desk, "upgrade", &["--by", "owner"]).expect(1).page());
    assert_eq!(log(&desk), before, "nothing is written");
    let elsewhere = at(&desk, "upgrade", &["--by", "owner", "--map", "Welcome.Writing=Welcome.Nowhere"]).expect(1);
    assert!(elsewhere.stdout.contains("`Welcome.Nowhere` is no stage of the playbook"), "{}", elsewhere.page());
    assert_eq!(log(&desk), before);
    at(&desk, "upgrade", &["--by", "owner", "--map", "Welcome.Writing"]).expect(2);
    at(&desk, "upgrade", &["--map", MAP]).expect(2);
}

#[test]
fn a_dry_run_writes_nothing() {
    let desk = changed();
    let before = log(&desk);
    insta::assert_snapshot!("dry_run", at(&desk, "upgrade", &["--map", MAP, "--dry-run"]).expect(0).page());
    assert_eq!(log(&desk), before);
}

#[test]
fn runs_go_on_where_a_person_says_and_the_log_says_who_and_why() {
    let desk = changed();
    let said = ["--map", MAP, "--by", "owner", "--why", "a better word"];
    insta::assert_snapshot!("moved", at(&desk, "upgrade", &said).expect(0).page());
    assert_eq!(stages(&desk), serde_json::json!([{ "stage": "Drafting", "runs": 2 }]));
    let log = log(&desk);
    assert_eq!(log.matches("\"kind\":\"moved\"").count(), 2, "{log}");
    assert!(log.contains("moved by owner, because the playbook was changed: a better word"), "{log}");
    // They go on: what was written under the old name is asked anew, and can be approved.
    let inbox = at(&desk, "inbox", &["--json"]).expect(0).json();
    assert_eq!(inbox.as_array().unwrap().len(), 2);
    assert_eq!(inbox[0]["stage"], "Welcome.Drafting");
    let number = inbox[0]["number"].to_string();
    at(&desk, "approve", &[&number, "--by", "owner"]).expect(0);
    assert_eq!(stages(&desk)[1]["stage"], "Sending");
    // The log is whole, and what it folds to is what the file holds.
    at(&desk, "log", &["verify"]).expect(0);
    at(&desk, "replay", &[]).expect(0);
}

#[test]
fn the_same_again_changes_nothing() {
    let desk = changed();
    let said = ["--map", MAP, "--by", "owner"];
    at(&desk, "upgrade", &said).expect(0);
    let once = log(&desk);
    let again = at(&desk, "upgrade", &said).expect(0);
    assert!(again.stdout.contains("nothing has to move"), "{}", again.page());
    assert_eq!(log(&desk), once);
}

#[test]
fn a_workflow_with_another_name_takes_its_runs_along() {
    let desk = Desk::with("tests/hillside");
    at(&desk, "run", &[]).expect(0);
    rename(&desk, "Welcome", "Greeting");
    at(&desk, "upgrade", &["--by", "owner"]).expect(1);
    let json = at(&desk, "upgrade", &["--by", "owner", "--map", "Welcome=Greeting", "--json"]).expect(0).json();
    insta::assert_json_snapshot!("workflow_json", json);
    assert_eq!(stages(&desk), serde_json::json!([{ "stage": "Writing", "runs": 2 }]));
    at(&desk, "replay", &[]).expect(0);
}

/// A run that the playbook at work has stranded is asked about; once it is moved, nobody is asked any more.
#[test]
fn a_stranded_run_is_asked_about_until_it_is_moved() {
    let desk = changed();
    at(&desk, "run", &[]).expect(0);
    let asked = |desk: &Desk| at(desk, "inbox", &["--json"]).expect(0).stdout.matches("no longer has").count();
    assert_eq!(asked(&desk), 2);
    at(&desk, "upgrade", &["--map", MAP, "--by", "owner"]).expect(0);
    assert_eq!(asked(&desk), 0);
    assert_eq!(stages(&desk), serde_json::json!([{ "stage": "Drafting", "runs": 2 }]));
    at(&desk, "replay", &[]).expect(0);
}

/// Killed at whatever point, an upgrade has moved all runs or none, and can be asked for again.
#[test]
fn killed_it_has_moved_all_or_none() {
    let (mut none, mut all) = (0, 0);
    for wait in [2, 5, 10, 20, 30, 40, 60, 90, 130, 200, 400] {
        let desk = changed();
        let arguments = ["upgrade", "hillside", "--map", MAP, "--by", "owner", "--now", NOW, "--seed", "1"];
        let mut child = desk.command(&arguments).stdout(std::process::Stdio::null()).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(wait));
        // It may have ended by itself.
        let _ = child.kill();
        child.wait().unwrap();
        let moved = log(&desk).matches("\"kind\":\"moved\"").count();
        assert!(moved == 0 || moved == 2, "{moved} runs moved after {wait} ms");
        (none, all) = (none + usize::from(moved == 0), all + usize::from(moved == 2));
        at(&desk, "upgrade", &["--map", MAP, "--by", "owner"]).expect(0);
        assert_eq!(log(&desk).matches("\"kind\":\"moved\"").count(), 2);
        at(&desk, "replay", &[]).expect(0);
    }
    assert!(none > 0 && all > 0, "{none} times nothing, {all} times everything");
}
