//! F6, the other sides: people who step in between an approval and the send, people who do not want to be written to, and the contact policy.

use super::client::{Client, Draft, START};

/// Late in the evening: what is approved now waits for the morning.
const NIGHT: &str = "2026-11-20 22:00";
/// The next business day of both clients.
const MONDAY: &str = "2026-11-23 12:00";

/// Who does not want to be written to any more: a source of the client's own.
const STOPS: &str = "/// Who does not want to be written to any more.
source stops from csv \"stops.csv\" into Event {
  reports  email.unsubscribed, email.complained since 2026-01-01
  contact  from \"E-mail\" lookup Contact by email
  at       from \"When\" as time \"%Y-%m-%d %H:%M\"
  name     from \"What\", \"unsubscribed\" means email.unsubscribed, \"complained\" means email.complained
}
";

fn address(client: &Client, draft: &Draft) -> String {
    let why = client.at(START, &["why", &draft.contact.to_string(), "--json"]).expect(0).json();
    why["contact"]["email"].as_str().unwrap().to_owned()
}

fn approve(client: &Client, now: &str, draft: &Draft) {
    client.at(now, &["approve", &draft.question, "--by", client.by]).expect(0);
}

#[test]
fn what_is_approved_at_night_goes_out_in_the_morning() {
    for client in Client::both() {
        let client = client.started();
        let draft = client.drafts().remove(0);
        approve(&client, NIGHT, &draft);
        client.until(NIGHT, "2026-11-21 05:00");
        assert_eq!(client.letters().len(), 0, "{}: quiet hours", client.name);
        client.until("2026-11-21 05:00", MONDAY);
        assert_eq!(client.letters().len(), 1, "{}", client.name);
        client.assert_sound();
    }
}

#[test]
fn whoever_unsubscribes_after_the_approval_is_not_written_to() {
    for (client, what) in [(Client::stackmates(), "unsubscribed"), (Client::sneakers(), "complained")] {
        client.desk.file(&format!("{}/stops.playbook", client.name), STOPS);
        client.desk.file(&format!("{}/stops.csv", client.name), "E-mail,When,What\n");
        let client = client.started();
        let drafts = client.drafts();
        let (stopped, other) = (&drafts[0], &drafts[1]);
        approve(&client, NIGHT, stopped);
        approve(&client, NIGHT, other);
        let row = format!("E-mail,When,What\n{},2026-11-21 00:10,{what}\n", address(&client, stopped));
        client.happens("2026-11-21 00:20", "stops", &row);
        client.until("2026-11-21 00:20", MONDAY);
        let letters = client.letters();
        assert_eq!(letters.len(), 1, "{}: the other one's alone", client.name);
        assert!(letters[0].contains(&address(&client, other)), "{}", letters[0]);
        client.assert_sound();
    }
}

#[test]
fn caps_of_a_day_hold_whatever_was_approved() {
    let client = Client::stackmates();
    let policy = client.desk.read("stackmates/team.playbook");
    let capped = policy.replace("40 sends per day", "1 send per day");
    assert_ne!(policy, capped);
    client.desk.file("stackmates/team.playbook", capped);
    let client = client.started();
    for draft in client.drafts().iter().take(3) {
        approve(&client, "2026-11-20 10:00", draft);
    }
    assert_eq!(client.letters().len(), 1);
    client.until("2026-11-20 10:00", "2026-11-20 17:00");
    assert_eq!(client.letters().len(), 1);
    client.until("2026-11-20 17:00", "2026-11-23 17:00");
    assert_eq!(client.letters().len(), 2);
    client.until("2026-11-23 17:00", "2026-11-24 17:00");
    assert_eq!(client.letters().len(), 3);
    client.assert_sound();
}

#[test]
fn what_was_cancelled_is_not_sent() {
    for client in Client::both() {
        let client = client.started();
        let drafts = client.drafts();
        let (before, after) = (&drafts[0], &drafts[1]);
        client.at(START, &["cancel", &before.run, "--by", client.by, "--why", "she called"]).expect(0);
        client.at(START, &["approve", &before.question, "--by", client.by]).expect(1);
        // The other one waits for the morning when it is cancelled, by the contact this time.
        approve(&client, NIGHT, after);
        client.at(NIGHT, &["cancel", &address(&client, after), "--by", client.by]).expect(0);
        client.until(NIGHT, MONDAY);
        assert_eq!(client.letters().len(), 0, "{}", client.name);
        client.assert_sound();
    }
}

#[test]
fn what_is_paused_waits_and_goes_on_when_it_is_resumed() {
    for what in ["agent", "workflow", "everything", "contact", "run"] {
        let client = Client::stackmates().started();
        let draft = client.drafts().remove(0);
        let name = address(&client, &draft);
        let target: &[&str] = match what {
            "agent" => &["agent", "LeadGen"],
            "workflow" => &["workflow", "LeadGeneration"],
            "everything" => &["everything"],
            "run" => &[&draft.run],
            _ => &[&name],
        };
        let step_in = |now: &str, verb: &str| {
            client.at(now, &[&[verb], target, &["--by", "founder", "--why", "wrong tone"]].concat()).expect(0);
        };
        step_in(START, "pause");
        approve(&client, "2026-11-20 10:00", &draft);
        client.at("2026-11-20 11:00", &["run"]).expect(0);
        assert_eq!(client.letters().len(), 0, "{what} is paused");
        step_in("2026-11-20 12:00", "resume");
        assert_eq!(client.letters().len(), 1, "{what} is resumed");
        client.assert_sound();
    }
}

#[test]
fn without_a_consent_no_letter_goes_out() {
    for client in Client::both() {
        let file = format!("{}/sample/consents.csv", client.name);
        let consents = client.desk.read(&file);
        client.desk.file(&file, format!("{}\n", consents.lines().next().unwrap()));
        let client = client.started();
        let drafts = client.all_drafts();
        assert!(drafts.len() >= 2);
        for draft in drafts {
            approve(&client, "2026-11-20 10:00", &draft);
        }
        client.until("2026-11-20 10:00", "2026-11-24 12:00");
        assert_eq!(client.letters().len(), 0, "{}", client.name);
        let denied = client.entries("denied");
        assert!(denied.iter().any(|denied| denied["entry"]["reasons"].to_string().contains("consent")), "{denied:?}");
        client.assert_sound();
    }
}
