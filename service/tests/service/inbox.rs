//! The API: reading, answering, stepping in, events; keys, tags, pages, problems.

use serde_json::{Value, json};
use service::access::role::Role;

use crate::stand::Stand;

#[test]
fn an_answer_is_of_the_text_that_was_seen() {
    let stand = Stand::new();
    let owner = stand.token(Role::Owner);
    let question = stand.question(&owner);
    let at = |how: &str| format!("/inbox/{}/{how}", question["number"]);
    let seen = question["message"]["hash"].clone();
    let problem = |answer: crate::wire::Answer, status: u16, kind: &str| {
        assert_eq!(answer.status, status, "{}", answer.body);
        assert_eq!(answer.header("content-type"), Some("application/problem+json"));
        assert_eq!(answer.json()["type"], format!("urn:playbook:problem:{kind}"));
        assert_eq!(answer.json()["status"], status);
    };
    problem(stand.post(&owner, &at("approve"), &json!({})), 422, "unprocessable");
    problem(stand.post(&owner, &at("approve"), &json!({"hash": "0".repeat(64)})), 409, "changed");
    problem(stand.post(&owner, &at("reject"), &json!({"hash": "0".repeat(64)})), 409, "changed");
    problem(
        stand.post(&owner, &at("change"), &json!({"hash": seen, "body": "Hello {contact.first_name}"})),
        422,
        "unprocessable",
    );
    problem(
        stand.post(&owner, &at("change"), &json!({"hash": seen, "body": "Hi", "subject": "a\r\nBcc: b@c.example"})),
        422,
        "unprocessable",
    );
    problem(stand.post(&owner, &at("approve"), &json!({"hash": seen, "value": "4"})), 422, "unprocessable");
    problem(stand.post(&owner, "/inbox/999999/approve", &json!({})), 404, "not-found");
    assert_eq!(stand.letters(), 0, "none of it was an approval");
    let changed =
        stand.post(&owner, &at("change"), &json!({"hash": seen, "subject": "Saturday", "body": "Come and see us.\n"}));
    assert_eq!((changed.status, &changed.json()["answer"]), (200, &json!("changed")), "{}", changed.body);
    stand.until("the letter goes out", || stand.letters() == 1);
    problem(stand.post(&owner, &at("approve"), &json!({"hash": seen})), 409, "not-open");
    let outbox = stand.client("hillside").join("outbox");
    let letter = std::fs::read_dir(outbox)
        .unwrap()
        .flatten()
        .map(|entry| std::fs::read_to_string(entry.path()).unwrap())
        .find(|text| text.contains("Subject: Saturday"));
    assert!(letter.unwrap().contains("Come and see us."));
}

#[test]
fn the_same_request_with_the_same_key_is_done_once() {
    let stand = Stand::new();
    let owner = stand.token(Role::Owner);
    let question = stand.question(&owner);
    let path = format!("/inbox/{}/reject", question["number"]);
    let key = [("Idempotency-Key", "one")];
    let first = stand.post_with(&owner, &path, &key, &json!({"why": "no"}));
    let again = stand.post_with(&owner, &path, &key, &json!({"why": "no"}));
    assert_eq!((first.status, &first.body), (again.status, &again.body));
    assert_eq!(first.status, 200, "{}", first.body);
    assert_eq!((first.header("idempotency-replayed"), again.header("idempotency-replayed")), (None, Some("true")));
    assert_eq!(again.header("content-type"), Some("application/json"));
    let other = stand.post_with(&owner, &path, &key, &json!({"why": "yes"}));
    assert_eq!(other.status, 422, "{}", other.body);
    // Without a key it is what it is.
    assert_eq!(stand.post(&owner, &path, &json!({"why": "no"})).status, 409);
    // Another one's key is another key.
    let approver = stand.token(Role::Approver);
    assert_eq!(stand.post_with(&approver, &path, &key, &json!({"why": "no"})).status, 409);
}

#[test]
fn what_was_not_changed_is_not_sent_again() {
    let stand = Stand::new();
    let owner = stand.token(Role::Owner);
    stand.question(&owner);
    let bearer = format!("Bearer {owner}");
    let path = "/api/v1/clients/hillside/contacts";
    let first = stand.get(&owner, "/contacts");
    let tag = first.header("etag").unwrap().to_owned();
    let again = stand.send("GET", path, &[("Authorization", &bearer), ("If-None-Match", &tag)], b"");
    assert_eq!((again.status, again.body.as_str(), again.header("etag")), (304, "", Some(tag.as_str())));
    let other = stand.send("GET", path, &[("Authorization", &bearer), ("If-None-Match", "\"x\"")], b"");
    assert_eq!((other.status, &other.body), (200, &first.body));
}

#[test]
fn contacts_come_page_by_page_and_by_a_part_of_what_they_are_called() {
    let stand = Stand::new();
    let owner = stand.token(Role::Viewer);
    let first = stand.get(&owner, "/contacts?limit=2").json();
    assert_eq!((&first["total"], first["contacts"].as_array().unwrap().len()), (&json!(3), 2));
    let rest = stand.get(&owner, &format!("/contacts?limit=2&after={}", first["next"])).json();
    assert_eq!((rest["contacts"][0]["name"].as_str(), &rest["next"]), (Some("Cy Ferndale"), &Value::Null));
    let found = stand.get(&owner, "/contacts?search=MARLOW").json();
    assert_eq!(
        (&found["total"], found["contacts"][0]["email"].as_str()),
        (&json!(1), Some("bo@hillside-guests.example"))
    );
    for path in
        ["/contacts?limit=x", "/contacts?after=x", "/contacts/x", "/contacts/999", "/contacts/999/score", "/nothing"]
    {
        let answer = stand.get(&owner, path);
        assert!(matches!(answer.status, 400 | 404), "{path}: {}", answer.status);
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{path}");
    }
}

#[test]
fn a_ledger_adds_up_and_the_story_has_what_happened() {
    let stand = Stand::new();
    let owner = stand.token(Role::Owner);
    let question = stand.question(&owner);
    let contact = &question["contact"];
    let ledger = stand.get(&owner, &format!("/contacts/{contact}/score")).json();
    let sum: f64 =
        ledger["layers"].as_array().unwrap().iter().map(|layer| layer["contributes"].as_f64().unwrap()).sum();
    assert!((sum + ledger["rescaled"].as_f64().unwrap() - ledger["score"].as_f64().unwrap()).abs() < 1e-9, "{ledger}");
    assert_eq!(
        (&ledger["score"], &ledger["route"]["name"], &ledger["route"]["certain"]),
        (&json!(90), &json!("hot"), &json!(true))
    );
    let ranking = stand.get(&owner, "/scores").json();
    assert_eq!((&ranking["scored"], &ranking["contacts"][0]["score"]), (&json!(3), &json!(90)));
    let story = stand.get(&owner, &format!("/contacts/{contact}")).json();
    let words: Vec<&str> =
        story["moments"].as_array().unwrap().iter().map(|moment| moment["words"].as_str().unwrap()).collect();
    assert!(words.iter().any(|words| words.starts_with("consent.given")), "{words:?}");
    assert!(words.contains(&"Welcome begins"), "{words:?}");
    assert_eq!(story["questions"][0]["number"], question["number"]);
    for path in [
        "/metrics",
        "/goals",
        "/kill-signals",
        "/experiments",
        "/denials",
        "/runs?all=true",
        "/switches",
        "/playbook",
        "/playbook/versions",
        "/log",
    ] {
        let answer = stand.get(&owner, path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    }
    assert_eq!(stand.get(&owner, "/goals").json()[0]["name"], "invited");
    let log = stand.get(&owner, "/log?limit=3").json();
    let older = stand.get(&owner, &format!("/log?limit=3&before={}", log["next"])).json();
    let numbers = |page: &Value| {
        page["entries"].as_array().unwrap().iter().map(|entry| entry["number"].as_i64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(numbers(&log).len(), 3);
    assert!(numbers(&log).last().unwrap() > numbers(&older).first().unwrap());
}

#[test]
fn what_is_paused_waits_until_it_is_resumed_and_what_is_cancelled_is_over() {
    let stand = Stand::new();
    let owner = stand.token(Role::Owner);
    let question = stand.question(&owner);
    let step = |path: &str, body: Value| stand.post(&owner, path, &body);
    let paused = step("/switches", json!({"what": "agent LeadGen", "how": "pause", "why": "holiday"}));
    assert_eq!((paused.status, &paused.json()["how"]), (200, &json!("paused")), "{}", paused.body);
    assert_eq!(stand.get(&owner, "/switches").json()[0]["why"], "holiday");
    let approved =
        step(&format!("/inbox/{}/approve", question["number"]), json!({"hash": question["message"]["hash"]}));
    assert_eq!(approved.status, 200, "{}", approved.body);
    std::thread::sleep(std::time::Duration::from_millis(300));
    assert_eq!(stand.letters(), 0, "it is paused");
    step("/switches", json!({"what": "agent LeadGen", "how": "resume"}));
    stand.until("the letter goes out", || stand.letters() == 1);
    assert_eq!(step("/switches", json!({"what": "agent LeadGen", "how": "resume"})).json()["done"], false);

    let other = stand.question(&owner);
    let run = format!("/runs/{}", other["run"]);
    assert_eq!(step(&run, json!({"how": "cancel", "why": "she called"})).status, 200);
    assert_eq!(stand.get(&owner, &run).json()["outcome"], "cancelled");
    let late = step(&format!("/inbox/{}/approve", other["number"]), json!({"hash": other["message"]["hash"]}));
    assert_eq!(late.status, 409, "{}", late.body);
    for (path, body, status) in [
        ("/switches", json!({"what": "agent Nobody", "how": "pause"}), 404),
        ("/switches", json!({"what": "everything", "how": "cancel"}), 422),
        ("/runs/999999", json!({"how": "pause"}), 404),
        ("/contacts/999999", json!({"how": "pause"}), 404),
        ("/runs/1", json!({"how": "stop"}), 400),
    ] {
        assert_eq!(step(path, body.clone()).status, status, "{path} {body}");
    }
}

#[test]
fn an_event_counts_once_and_one_that_makes_no_sense_is_refused() {
    let stand = Stand::new();
    let (owner, agent) = (stand.token(Role::Owner), stand.token(Role::Agent));
    let happened = |body: Value| stand.post(&agent, "/events", &body);
    let reply = json!({"contact": "ana@hillside-guests.example", "event": "reply.received", "at": "2026-11-19T20:30:00Z", "facts": {"words": 12}, "id": "m1"});
    let first = happened(reply.clone());
    assert_eq!((first.status, &first.json()["recorded"]), (202, &json!(true)), "{}", first.body);
    let again = happened(reply);
    assert_eq!((again.status, &again.json()["recorded"]), (200, &json!(false)), "{}", again.body);
    let contact = first.json()["contact"].clone();
    let story = stand.get(&owner, &format!("/contacts/{contact}")).json();
    let replies = story["moments"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|moment| moment["words"] == "reply.received: words 12")
        .count();
    assert_eq!(replies, 1, "{story}");
    for (body, status) in [
        (json!({"contact": "nobody@x.example", "event": "reply.received"}), 404),
        (json!({"contact": "ana", "event": "reply.received"}), 404),
        (json!({"contact": "ana@hillside-guests.example", "event": "moon.landed"}), 422),
        (json!({"contact": "ana@hillside-guests.example", "event": "reply.received", "facts": {"words": "many"}}), 422),
        (json!({"contact": "ana@hillside-guests.example", "event": "reply.received", "facts": {"mood": 1}}), 422),
        (
            json!({"contact": "ana@hillside-guests.example", "event": "reply.received", "at": "2027-01-01T00:00:00Z"}),
            422,
        ),
        (
            json!({"contact": "ana@hillside-guests.example", "event": "consent.given", "facts": {"channel": "email"}}),
            403,
        ),
        (json!({"contact": "ana@hillside-guests.example"}), 400),
        (json!([]), 400),
    ] {
        let answer = happened(body.clone());
        assert_eq!(answer.status, status, "{body}: {}", answer.body);
    }
}
