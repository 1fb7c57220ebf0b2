//! `show` and `run` of playbooks that do more than score, or do not score at all.

use crate::support::{Desk, repository};

#[test]
fn show_lists_what_is_done_and_who_may_do_it() {
    let desk = Desk::with("tests/hillside");
    insta::assert_snapshot!("parts_of_a_team", desk.run(&["show", "hillside"]).expect(0).page());
    let json = desk.run(&["show", "hillside", "--json"]).expect(0).json();
    let kinds: Vec<&str> =
        json["parts"].as_array().unwrap().iter().map(|part| part["kind"].as_str().unwrap()).collect();
    for kind in ["workflow", "agent", "permissions", "contact policy", "template", "goal"] {
        assert!(kinds.contains(&kind), "{kind}: {kinds:?}");
    }
}

#[test]
fn show_fits_and_names_one_part() {
    let desk = Desk::with("playbooks/stackmates");
    let all = desk.run(&["show", "stackmates"]).expect(0).stdout;
    assert!(all.lines().all(|line| line.chars().count() <= 100), "{all}");
    for part in ["workflow", "experiment", "priority", "permissions", "goal", "rubric", "feedback"] {
        assert!(all.lines().any(|line| line.trim_start().starts_with(part)), "{part}: {all}");
    }
    insta::assert_snapshot!("one_part", desk.run(&["show", "stackmates", "channel_mix"]).expect(0).page());
    let workflow = desk.run(&["show", "stackmates", "LeadGeneration"]).expect(0).stdout;
    assert!(
        workflow.contains("workflow LeadGeneration for Contact") && !workflow.contains("workflow Funnel"),
        "{workflow}"
    );
    insta::assert_snapshot!(
        "one_stage",
        desk.run(&["show", "stackmates", "leadqualification.Discovery"]).expect(0).page()
    );
    desk.run(&["show", "stackmates", "LeadQualification.Nowhere"]).expect(2);
    let nothing = desk.run(&["show", "stackmates", "Nobody"]).expect(2);
    assert!(nothing.stderr.contains("no part `Nobody`"), "{}", nothing.page());
}

#[test]
fn a_client_without_a_score_runs() {
    let desk = Desk::new();
    let playbook = std::fs::read_to_string(repository().join("examples/approval.playbook")).unwrap();
    let source = "\nsource people from csv \"people.csv\" into Contact by email {\n  email from \"Email\"\n}\n";
    desk.file("approval/approval.playbook", playbook + source)
        .file("approval/people.csv", "Email\nana@hillside.example\n");
    let now = "2026-11-20 10:00";
    insta::assert_snapshot!(
        "run_without_a_score",
        desk.run(&["run", "approval", "--now", now, "--seed", "1"]).expect(0).page()
    );
    let json = desk.run(&["run", "approval", "--now", now, "--json"]).expect(0).json();
    assert!(json["ranking"].is_null() && json["why"].is_null(), "{json}");
    assert_eq!(json["work"]["inbox"].as_array().unwrap().len(), 1);
}
