//! `eval` as a user meets it: files without a CRM, messages with what people said of them, and what nobody can rate.

use crate::support::{Desk, NOW};

const PLAYBOOK: &str = r#"client "Evaluated" {
  currency  NZD
  timezone  "Pacific/Auckland"
  hours     mon to fri, 08:00 to 18:00
  people    owner "Owner"
}

use std.crm
use std.actions

rubric tone from message, confirmed by owner {
  5 "plain words, asks a question"
  3 "plain words"
  0 "praises itself"
}

rubric warmth from message {
  5 "is kind"
  0 "about us"
}

agent Writer { runs Greeting }

permissions {
  |           | Writer     |
  | Contact   | read       |
  | Activity  | write      |
  | send      | ask human  |
}

contact policy {
  unsubscribe in every send, honoured within 5 business days
}

source people from csv "people.csv" into Contact by email {
  email       from "Email"
  first_name  from "Name"
}

template question { body "Hi {contact.first_name else "there"}, shall we talk on Monday?" }
template praise   { body "We are the leading and award-winning best-in-class administration." }

experiment opening {
  try      question, praise
  success  reply.received within 10 days
}

workflow Greeting for Contact by Writer {
  start on contact.created
  stage Writing {
    do write opening via email
    do rate message by tone
    require message.tone >= 3
    ask owner to approve message within 9 business days
    next Done on approved or rejected or expired
    next Done after 30 days
  }
  end Done as done
}
"#;

fn desk() -> Desk {
    let desk = Desk::new();
    desk.file("eval/main.playbook", PLAYBOOK);
    desk
}

#[test]
fn files_are_rated_without_a_crm_and_what_no_rule_knows_is_told() {
    let desk = desk();
    desk.file("one.txt", "Shall we talk on Monday?")
        .file("two.txt", "We are the leading and award-winning best-in-class.");
    let ran = desk.run(&["eval", "eval", "tone", "one.txt", "two.txt", "--now", NOW]).expect(0);
    insta::assert_snapshot!("files", ran.page());
    let ran = desk.run(&["eval", "eval", "warmth", "one.txt", "--json", "--now", NOW]).expect(0).json();
    assert_eq!((&ran[0]["texts"], &ran[0]["rated"], &ran[0]["mean"]), (&1.into(), &0.into(), &serde_json::Value::Null));
    assert!(ran[0]["open"][0]["why"].as_str().unwrap().contains("`is kind`"), "{ran:#}");
    assert!(!desk.path("eval/crm.db").exists(), "rating a file makes no CRM");
}

#[test]
fn messages_are_rated_beside_what_people_said_of_them() {
    let desk = desk();
    let people: String = (1..=12).map(|number| format!("p{number}@home.example,Person{number}\n")).collect();
    desk.file("eval/people.csv", format!("Email,Name\n{people}"));
    desk.run(&["run", "eval", "--now", "2026-11-20T10:00:00+13:00"]).expect(0);
    let before = desk.run(&["eval", "eval", "tone", "--json", "--now", "2026-11-20T10:00:00+13:00"]).expect(0).json();
    assert_eq!((&before[0]["texts"], &before[0]["agreement"]), (&12.into(), &serde_json::Value::Null), "{before:#}");
    assert_eq!(before[0]["pass"]["from"], "3");
    let inbox = desk.run(&["inbox", "eval", "--json", "--now", "2026-11-20T10:00:00+13:00"]).expect(0).json();
    let asked: Vec<String> = inbox.as_array().unwrap().iter().map(|question| question["number"].to_string()).collect();
    assert_eq!(asked.len(), 12, "{inbox:#}");
    for (place, number) in asked.iter().enumerate() {
        let answer: &[&str] = if place == 0 { &["--value", "0"] } else { &[] };
        let base = ["approve", "eval", number, "--by", "owner", "--now", "2026-11-20T11:00:00+13:00"];
        desk.run(&[&base, answer].concat()).expect(0);
    }
    let ran = desk.run(&["eval", "eval", "tone", "--now", "2026-11-20T12:00:00+13:00"]).expect(0);
    insta::assert_snapshot!("messages", ran.page());
}

#[test]
fn what_is_neither_a_rubric_nor_a_file_is_refused() {
    let desk = desk();
    desk.file("one.txt", "Shall we talk?");
    let ran = desk.run(&["eval", "eval", "tune", "one.txt", "--now", NOW]).expect(2);
    insta::assert_snapshot!("unknown", ran.page());
}

#[test]
fn what_was_said_with_each_contact_is_one_text() {
    let desk = Desk::new();
    let playbook = r#"client "Talks" {
  currency  NZD
  timezone  "Pacific/Auckland"
}

use std.crm

rubric needs from discovery.notes {
  5 "a number"
  0 "at least 1 words"
}

source people from csv "people.csv" into Contact by email { email from "Email" }

source talks from csv "talks.csv" into Activity by external_id {
  reports      conversation since 2026-08-01
  external_id  from "Number"
  contact      from "Email" lookup Contact by email
  at           from "When" as time "%Y-%m-%d %H:%M"
  kind         from "Kind"
  direction    from "Direction", "in" means inbound, "out" means outbound
  body         from "Text"
}
"#;
    desk.file("talks/main.playbook", playbook);
    desk.file("talks/people.csv", "Email\na@home.example\nb@home.example\nc@home.example\n");
    desk.file(
        "talks/talks.csv",
        "Number,Email,When,Kind,Direction,Text\n1,a@home.example,2026-10-01 10:00,call,in,It costs us a weekend\n\
         2,a@home.example,2026-10-02 10:00,call,in,that is 12 hours\n3,b@home.example,2026-10-03 10:00,call,in,We are fine\n",
    );
    desk.run(&["import", "talks", "--now", NOW]).expect(0);
    let ran = desk.run(&["eval", "talks", "--each", "--now", NOW]).expect(0);
    insta::assert_snapshot!("talks", ran.page());
}
