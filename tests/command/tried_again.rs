//! Letters that cannot go out yet, as whoever approved them meets it; and what several answers lead to.

use serde_json::Value;

use crate::support::{Desk, Ran};

const NOW: &str = "2026-11-20 10:00";

fn at(desk: &Desk, now: &str, verb: &[&str]) -> Ran {
    desk.run(&[verb, &["--now", now, "--seed", "1"]].concat())
}

fn inbox(desk: &Desk, now: &str) -> Vec<Value> {
    at(desk, now, &["inbox", "hillside", "--json"]).expect(0).json().as_array().unwrap().clone()
}

fn asked(desk: &Desk, now: &str, words: &str) -> Option<String> {
    let open = inbox(desk, now);
    let found = open.iter().find(|question| question["words"].as_str().unwrap().contains(words));
    found.map(|question| question["number"].to_string())
}

fn kinds(desk: &Desk, kind: &str) -> usize {
    let printed = at(desk, NOW, &["log", "hillside", "--json"]).expect(0).stdout;
    let entries = printed.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    entries.filter(|entry| entry["entry"]["kind"] == kind).count()
}

fn letters(desk: &Desk) -> usize {
    std::fs::read_dir(desk.path("hillside/outbox")).map(Iterator::count).unwrap_or_default()
}

/// `tests/hillside` where a file stands where the folder of the letters would be.
fn blocked() -> Desk {
    let desk = Desk::with("tests/hillside");
    desk.file("hillside/outbox", "in the way");
    at(&desk, NOW, &["run", "hillside"]).expect(0);
    desk
}

#[test]
fn what_cannot_go_out_yet_is_told_tried_again_and_goes_out() {
    let desk = blocked();
    let draft = asked(&desk, NOW, "approve or change").unwrap();
    let told = at(&desk, NOW, &["approve", "hillside", &draft, "--by", "owner"]).expect(0).stdout;
    assert!(told.contains("could not be sent yet: "), "{told}");
    assert!(told.contains("next try 10:01"), "{told}");
    assert!(!told.contains("was sent"), "{told}");
    let status = at(&desk, NOW, &["status", "hillside"]).expect(0).stdout;
    assert!(status.contains("could not be sent yet: ") && status.contains("next try 10:01"), "{status}");
    let json = at(&desk, NOW, &["status", "hillside", "--json"]).expect(0).json();
    let retrying = &json["retrying"][0];
    assert_eq!((&retrying["channel"], &retrying["attempts"]), (&"email".into(), &1.into()), "{json}");
    assert!(!retrying["why"].as_str().unwrap().contains("ana@"), "{json}");
    std::fs::remove_file(desk.path("hillside/outbox")).unwrap();
    at(&desk, "2026-11-20 10:02", &["run", "hillside"]).expect(0);
    assert_eq!((letters(&desk), kinds(&desk, "delivered")), (1, 1));
    let json = at(&desk, "2026-11-20 10:02", &["status", "hillside", "--json"]).expect(0).json();
    assert_eq!(json["retrying"], serde_json::json!([]), "{json}");
    at(&desk, "2026-11-20 10:02", &["replay", "hillside"]).expect(0);
}

#[test]
fn what_was_given_up_is_asked_about_and_leaves_the_status_with_the_answer() {
    let desk = blocked();
    let draft = asked(&desk, NOW, "approve or change").unwrap();
    at(&desk, NOW, &["approve", "hillside", &draft, "--by", "owner"]).expect(0);
    at(&desk, NOW, &["run", "hillside", "--until", "2026-12-20 10:00"]).expect(0);
    let late = "2026-12-20 10:00";
    let number = asked(&desk, late, "this could not be sent").expect("a month later somebody is still asked");
    let status = at(&desk, late, &["status", "hillside"]).expect(0).stdout;
    assert!(status.contains("given up "), "{status}");
    let json = at(&desk, late, &["approve", "hillside", &number, "--by", "owner", "--json"]).expect(0).json();
    let next = &json["asks_next"][0];
    assert_eq!(next["words"], "may this message go out?", "{json}");
    assert_eq!((&json["held"], &json["sent"]), (&Value::Null, &0.into()), "{json}");
    let page = at(&desk, late, &["inbox", "hillside", &next["question"].to_string()]).expect(0).stdout;
    assert!(page.contains("it was approved") && !page.contains("no person has approved"), "{page}");
    let status = at(&desk, late, &["status", "hillside"]).expect(0).stdout;
    assert!(!status.contains("given up "), "{status}");
}

#[test]
fn a_subject_is_one_line() {
    let desk = blocked();
    let draft = asked(&desk, NOW, "approve or change").unwrap();
    for subject in ["Hi\r\nBcc: a@b.example", "Hi\tthere", "Hi\u{7f}"] {
        let change = ["change", "hillside", &draft, "--by", "owner", "--subject", subject, "--body", "Hi Ana"];
        let refused = at(&desk, NOW, &change).expect(2);
        assert!(refused.stderr.contains("the subject has a line break"), "{}", refused.page());
    }
    assert!(asked(&desk, NOW, "approve or change").is_some(), "it is still open");
}

#[test]
fn an_earlier_letter_is_not_counted_as_this_answers() {
    let desk = Desk::with("tests/hillside");
    desk.file("hillside/people.csv", PEOPLE);
    desk.file("hillside/consents.csv", CONSENTS);
    desk.file("hillside/outbox", "in the way");
    at(&desk, NOW, &["run", "hillside"]).expect(0);
    let drafts: Vec<String> = inbox(&desk, NOW).iter().map(|question| question["number"].to_string()).collect();
    let [first, second] = drafts.as_slice() else { panic!("{drafts:?}") };
    at(&desk, NOW, &["approve", "hillside", first, "--by", "owner"]).expect(0);
    std::fs::remove_file(desk.path("hillside/outbox")).unwrap();
    let later = "2026-11-20 10:05";
    let told = at(&desk, later, &["approve", "hillside", second, "--by", "owner"]).expect(0).stdout;
    assert!(told.contains("1 message was sent\n1 earlier message was sent too\n"), "{told}");
}

#[test]
fn of_several_answers_each_says_what_is_asked_next() {
    let desk = Desk::with("tests/hillside");
    let playbook = desk.read("hillside/hillside.playbook");
    desk.file("hillside/people.csv", PEOPLE);
    desk.file("hillside/consents.csv", CONSENTS);
    // Without a sender nothing goes by e-mail, and a person carries it.
    desk.file("hillside/ports.toml", "");
    desk.file("hillside/hillside.playbook", &playbook);
    at(&desk, NOW, &["run", "hillside"]).expect(0);
    let drafts: Vec<String> = inbox(&desk, NOW).iter().map(|question| question["number"].to_string()).collect();
    let [first, second] = drafts.as_slice() else { panic!("{drafts:?}") };
    let told = at(&desk, NOW, &["approve", "hillside", first, second, "--by", "owner"]).expect(0).stdout;
    for number in [first, second] {
        assert!(told.contains(&format!("{number}: it asks next: ")), "{told}");
    }
    assert!(told.contains("send this by email"), "{told}");
}

const PEOPLE: &str = "First,Last,E-mail,Phone,Country
Ana,Quillfeather,ana@hillside-guests.example,+64 2 5550 0001,NZ
Bo,Larchmont,bo@hillside-guests.example,+64 2 5550 0002,NZ
";

const CONSENTS: &str = "E-mail,When,Channel,Basis,Proof
ana@hillside-guests.example,2026-11-01 10:00,email,express,page 4
bo@hillside-guests.example,2026-11-01 10:00,email,express,page 4
";
