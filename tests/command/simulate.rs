//! `playbook simulate` as a founder and CI meet it: the same bytes twice, nobody lost, numbers that can be turned, an expectation that fails.

use serde_json::Value;

use crate::support::{Desk, NOW};

fn mean(value: &Value) -> f64 {
    value["mean"].as_f64().unwrap()
}

#[test]
fn leads_in_are_leads_somewhere_and_two_runs_give_the_same_bytes() {
    for (client, came) in [("playbooks/stackmates", 160.0), ("playbooks/sneakers", 240.0)] {
        let desk = Desk::with(client);
        let name = client.rsplit('/').next().unwrap();
        let arguments = ["simulate", name, "--seeds", "4", "--now", NOW, "--json"];
        let ran = desk.run(&arguments);
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        let told: Value = serde_json::from_str(&ran.stdout).unwrap();
        assert_eq!(mean(&told["leads"]), came);
        let somewhere: f64 = told["places"].as_array().unwrap().iter().map(|place| mean(&place["leads"])).sum();
        assert!((somewhere - came).abs() < 1e-9, "{somewhere}");
        assert!(told["stages"].as_array().unwrap().len() > 10);
        assert_eq!(ran.stdout, desk.run(&arguments).stdout);
    }
}

#[test]
fn a_number_is_turned_for_the_same_buyers() {
    let desk = Desk::with("playbooks/stackmates");
    let vary = "warm=35..45 step 10";
    let ran = desk.run(&["simulate", "stackmates", "--seeds", "4", "--vary", vary, "--now", NOW, "--json"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let told: Value = serde_json::from_str(&ran.stdout).unwrap();
    // What it is already is no variation.
    let others = told["others"].as_array().unwrap();
    assert_eq!(others.len(), 1);
    assert_eq!(others[0]["what"], "warm = 35");
    let sent = others[0]["differences"].as_array().unwrap().iter().find(|row| row["name"] == "messages sent").unwrap();
    assert!(mean(&sent["more"]) > 0.0);
    let ran = desk.run(&["simulate", "stackmates", "--vary", "tepid=1..2"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("hot (70)") && ran.stderr.contains("firmographic.weight (20)"), "{}", ran.stderr);
}

#[test]
fn what_is_expected_and_does_not_come_out_is_a_finding() {
    let desk = Desk::with("playbooks/stackmates");
    let text = desk.read("stackmates/workflows.playbook");
    let text =
        text.replace("  buyer attends discovery", "  expect O1 in at least 80% of seeds\n  buyer attends discovery");
    desk.file("stackmates/workflows.playbook", text);
    let ran = desk.run(&["simulate", "stackmates", "--seeds", "4", "--now", NOW]);
    assert_eq!(ran.code, Some(1), "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("it is not"), "{}", ran.stdout);
}

#[test]
fn what_cannot_be_played_says_what_to_do() {
    let desk = Desk::with("playbooks/stackmates");
    let ran = desk.run(&["simulate", "stackmates", "second quarter"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("first quarter"), "{}", ran.stderr);
    let ran = desk.run(&["simulate", "stackmates", "--fit"]);
    assert_eq!(ran.code, Some(3), "{}", ran.stderr);
    assert!(ran.stderr.contains("import it first"), "{}", ran.stderr);
}
