//! An agent that sits elsewhere: what waits for it is sent over A2A, and its answer goes where one at the desk would.

use std::sync::mpsc::Receiver;
use std::time::Duration;

use serde_json::{Value, json};
use service::access::role::Role;

use crate::a2a::sorted;
use crate::listener::{Asked, listen};
use crate::stand::{Stand, client};

/// A server that answers each request by what it is given in turn, and tells what was asked.
fn elsewhere(answers: Vec<Value>) -> (String, Receiver<Asked>) {
    let mut answers = answers.into_iter();
    let (url, heard) = listen(move |_| {
        let result = answers.next()?;
        Some(("200 OK", json!({ "jsonrpc": "2.0", "id": 1, "result": result }).to_string()))
    });
    (format!("{url}/agent"), heard)
}

/// Hillside, where whoever invites people sits elsewhere and takes handoffs itself.
fn stand(url: &str) -> Stand {
    let folder = tempfile::tempdir().unwrap();
    client(folder.path(), "hillside");
    let own = folder.path().join("hillside");
    let playbook = std::fs::read_to_string(own.join("hillside.playbook")).unwrap();
    std::fs::write(own.join("hillside.playbook"), sorted(&playbook)).unwrap();
    let ports = std::fs::read_to_string(own.join("ports.toml")).unwrap();
    std::fs::write(own.join("ports.toml"), format!("{ports}\n[workers]\naccept = \"agent\"\n")).unwrap();
    let settings = format!(
        "[webhooks]\nprivate = true\n[clients.hillside.outside.LeadGen]\nurl = \"{url}\"\ntoken_env = \"TOKEN\"\n"
    );
    Stand::over(folder, &settings)
}

/// Whoever qualifies people is done with one of them.
fn hand_over(stand: &Stand, owner: &str) {
    let happened = |event: &str, facts: Value| {
        let told = json!({ "contact": "ana@hillside-guests.example", "event": event, "facts": facts });
        let answer = stand.post(owner, "/events", &told);
        assert_eq!(answer.status, 202, "{}", answer.body);
    };
    happened("page.viewed", json!({ "path": "/" }));
    stand.until("they are being looked at", || stand.get(owner, "/runs").body.contains("Looking"));
    // The reply has to come after the stage was entered.
    stand.later(jiff::SignedDuration::from_secs(1));
    happened("reply.received", json!({ "words": 12 }));
    stand.until("it is offered", || stand.get(owner, "/runs").body.contains("Handing"));
}

fn task(state: &str, data: Option<Value>) -> Value {
    let mut task = json!({ "id": "there-1", "contextId": "there", "status": { "state": state } });
    if let Some(data) = data {
        task["artifacts"] = json!([{ "artifactId": "a", "parts": [{ "data": data }] }]);
    }
    task
}

#[test]
fn a_handoff_goes_there_as_a_packet_and_is_taken_when_the_task_is_done() {
    let working = json!({ "task": task("TASK_STATE_WORKING", None) });
    let (url, heard) = elsewhere(vec![working, task("TASK_STATE_COMPLETED", Some(json!({ "accept": true })))]);
    let stand = stand(&url);
    let owner = stand.token(Role::Owner);
    hand_over(&stand, &owner);
    let asked = heard.recv_timeout(Duration::from_secs(60)).expect("it is sent");
    let (head, sent) = (&asked.head, asked.json());
    assert!(head.contains("authorization: bearer whsec_") && head.contains("a2a-version: 1.0"), "{head}");
    assert_eq!(sent["method"], "SendMessage");
    let packet = &sent["params"]["message"]["parts"][0]["data"];
    assert_eq!((&packet["type"], &packet["packet"]["to"]), (&json!("playbook.handoff"), &json!("Welcome")), "{sent}");
    let contact = packet["packet"]["contact"].as_array().unwrap_or_else(|| panic!("{sent}"));
    assert!(contact.iter().any(|fact| fact["field"] == "contact.email"), "{sent}");
    assert!(packet["answer"].as_str().unwrap().contains("accept"));
    let asked = heard.recv_timeout(Duration::from_secs(60)).expect("it is asked about").json();
    assert_eq!((&asked["method"], &asked["params"]["id"]), (&json!("GetTask"), &json!("there-1")));
    stand.until("the workflow goes on", || stand.get(&owner, "/runs").body.contains("Welcome"));
}

#[test]
fn what_was_sent_is_asked_about_after_a_restart_and_not_sent_again() {
    let working = json!({ "task": task("TASK_STATE_WORKING", None) });
    let mut answers = vec![working; 20];
    answers.push(task("TASK_STATE_COMPLETED", Some(json!({ "accept": true }))));
    let (url, heard) = elsewhere(answers);
    let mut stand = stand(&url);
    let owner = stand.token(Role::Owner);
    hand_over(&stand, &owner);
    let method = |asked: Asked| asked.json()["method"].clone();
    assert_eq!(heard.recv_timeout(Duration::from_secs(60)).map(method), Ok(json!("SendMessage")));
    for _ in 0..2 {
        stand.begin_anew();
        let asked = heard.recv_timeout(Duration::from_secs(60)).expect("it is asked about").json();
        assert_eq!((&asked["method"], &asked["params"]["id"]), (&json!("GetTask"), &json!("there-1")));
    }
}

#[test]
fn a_refusal_goes_to_a_person_with_its_reason() {
    let refusal = json!({ "message": { "messageId": "m", "role": "ROLE_AGENT", "parts": [{ "data": { "accept": false, "why": "no room on Saturday" } }] } });
    let (url, heard) = elsewhere(vec![refusal]);
    let stand = stand(&url);
    let owner = stand.token(Role::Owner);
    hand_over(&stand, &owner);
    heard.recv_timeout(Duration::from_secs(60)).expect("it is sent");
    let is_asked = || stand.get(&owner, "/inbox").body.contains("refused the handoff to Welcome");
    stand.until("a person is asked", is_asked);
    // Its own words are kept with the case, and not in the log.
    assert!(!stand.get(&owner, "/log").body.contains("no room"));
    assert_eq!(stand.letters(), 0);
}
