//! Where time stands and where it goes by the clock, what is paused, and what keeps work from going on, as whoever looks is told.

use jiff::{SignedDuration, Timestamp};

use crate::support::{Desk, Ran};

const NOW: &str = "2026-11-20 10:00";

/// The client of `tests/hillside` whose newest event lies so many days back.
fn quiet_for(days: i64) -> Desk {
    let desk = Desk::with("tests/hillside");
    let then = Timestamp::now().saturating_sub(SignedDuration::from_hours(24 * days)).unwrap();
    let then = then.strftime("%Y-%m-%d %H:%M");
    desk.file(
        "hillside/consents.csv",
        format!(
            "E-mail,When,Channel,Basis,Proof\nana@hillside-guests.example,{then},email,express,form\n\
             bo@hillside-guests.example,{then},email,express,form\n"
        ),
    );
    desk
}

/// When each entry of the log was made.
fn instants(desk: &Desk) -> Vec<Timestamp> {
    let log = desk.run(&["log", "hillside", "--json"]).expect(0).stdout;
    let entries = log.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    entries.map(|entry| entry["at"].as_str().unwrap().parse().unwrap()).collect()
}

fn by_smtp(desk: &Desk) {
    let ports = desk.read("hillside/ports.toml");
    let (sender, _) = ports.split_once("[mail.folder]").unwrap();
    let smtp = "[mail.smtp]\nhost = \"127.0.0.1\"\nport = 9\nsecurity = \"none\"\n";
    desk.file("hillside/ports.toml", format!("{sender}{smtp}"));
}

fn in_words(ran: &Ran) -> String {
    [ran.stdout.as_str(), ran.stderr.as_str()].concat().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn where_time_stands_every_verb_says_so() {
    let desk = quiet_for(10);
    let before = Timestamp::now().saturating_sub(SignedDuration::from_hours(9 * 24)).unwrap();
    let says = |ran: &Ran| assert!(in_words(ran).contains("note: time stands at"), "{}", ran.page());
    for verb in [["run", "hillside"], ["run", "hillside"], ["status", "hillside"], ["inbox", "hillside"]] {
        says(&desk.run(&verb).expect(0));
    }
    let inbox = desk.run(&["inbox", "hillside", "--json"]).expect(0);
    says(&inbox);
    let number = inbox.json()[0]["number"].to_string();
    says(&desk.run(&["approve", "hillside", &number, "--by", "owner"]).expect(0));
    assert!(instants(&desk).iter().all(|at| *at < before), "{:?}", instants(&desk));
    // Once letters can leave, it does not stand any more.
    by_smtp(&desk);
    let status = desk.run(&["status", "hillside"]).expect(0);
    assert!(!in_words(&status).contains("time stands"), "{}", status.page());
}

#[test]
fn where_letters_leave_the_machine_time_goes_by_the_clock() {
    let desk = quiet_for(10);
    by_smtp(&desk);
    let begun = Timestamp::now();
    let ran = desk.run(&["run", "hillside"]).expect(0);
    assert!(!in_words(&ran).contains("time stands"), "{}", ran.page());
    let number = desk.run(&["inbox", "hillside", "--json"]).expect(0).json()[0]["number"].to_string();
    desk.run(&["approve", "hillside", &number, "--by", "owner"]).expect(0);
    let instants = instants(&desk);
    assert!(!instants.is_empty() && instants.iter().all(|at| *at >= begun), "{begun}: {instants:?}");
}

#[test]
fn a_quiet_week_takes_nobody_back_who_goes_by_the_clock() {
    let desk = quiet_for(0);
    desk.run(&["run", "hillside"]).expect(0);
    let database = rusqlite::Connection::open(desk.path("hillside/crm.db")).unwrap();
    let moved = database.execute("UPDATE event SET at = at - 864000000000", []).unwrap();
    assert_eq!(moved, 2);
    database.execute("INSERT INTO cursor (name, seen) VALUES ('time stands', 1)", []).unwrap();
    drop(database);
    let begun = Timestamp::now();
    let ran = desk.run(&["run", "hillside"]).expect(0);
    assert!(!in_words(&ran).contains("time stands"), "{}", ran.page());
    let number = desk.run(&["inbox", "hillside", "--json"]).expect(0).json()[0]["number"].to_string();
    desk.run(&["approve", "hillside", &number, "--by", "owner"]).expect(0);
    assert!(instants(&desk).iter().any(|at| *at >= begun));
}

#[test]
fn a_crm_that_is_ahead_of_the_clock_says_so() {
    let desk = Desk::with("tests/hillside");
    desk.run(&["run", "hillside", "--now", "2998-01-01", "--seed", "1"]).expect(0);
    for verb in ["run", "status"] {
        let ran = desk.run(&[verb, "hillside"]).expect(0);
        assert!(in_words(&ran).contains("ahead of the clock: work was done in it up to 1 Jan 2998"), "{}", ran.page());
    }
}

fn at(desk: &Desk, verb: &[&str]) -> Ran {
    desk.run(&[verb, &["--now", NOW, "--seed", "1"]].concat())
}

fn hillside() -> Desk {
    let desk = Desk::with("tests/hillside");
    at(&desk, &["run", "hillside"]).expect(0);
    desk
}

#[test]
fn a_paused_contact_and_a_paused_run_are_shown_wherever_somebody_looks() {
    let desk = hillside();
    let question = at(&desk, &["inbox", "hillside", "--json"]).expect(0).json()[0].clone();
    let (number, run) = (question["number"].to_string(), question["run"].to_string());
    at(&desk, &["pause", "hillside", &run, "--by", "owner", "--why", "she called"]).expect(0);
    at(&desk, &["pause", "hillside", "bo@", "--by", "helper"]).expect(0);
    let status = at(&desk, &["status", "hillside"]).expect(0);
    for said in [
        "paused contact bo@hillside-guests.example by helper since 20 Nov 2026, 10:00",
        &format!("paused run {run} of Ana Quillfeather by owner since 20 Nov 2026, 10:00"),
        "she called",
    ] {
        assert!(in_words(&status).contains(said), "{said}: {}", status.page());
    }
    let json = at(&desk, &["status", "hillside", "--json"]).expect(0).json();
    assert_eq!(json["paused"].as_array().unwrap().len(), 2, "{json}");
    for verb in [&["inbox", "hillside", &number][..], &["why", "hillside", "ana@"]] {
        let ran = at(&desk, verb).expect(0);
        assert!(in_words(&ran).contains(&format!("paused run {run} of Ana Quillfeather by owner")), "{}", ran.page());
    }
    let bo = at(&desk, &["why", "hillside", "bo@"]).expect(0);
    assert!(in_words(&bo).contains("paused contact bo@hillside-guests.example by helper"), "{}", bo.page());
    at(&desk, &["resume", "hillside", &run, "--by", "owner"]).expect(0);
    at(&desk, &["resume", "hillside", "bo@", "--by", "owner"]).expect(0);
    assert_eq!(at(&desk, &["status", "hillside", "--json"]).expect(0).json()["paused"], serde_json::json!([]));
}

#[test]
fn resuming_says_what_was_sent_and_what_was_not_paused() {
    let desk = hillside();
    let question = at(&desk, &["inbox", "hillside", "--json"]).expect(0).json()[0].clone();
    let (number, run) = (question["number"].to_string(), question["run"].to_string());
    let log = || at(&desk, &["log", "hillside", "--json"]).expect(0).stdout;
    let before = log();
    for what in [&["everything"][..], &["agent", "LeadGen"], &["ana@"], &[&run]] {
        let told = at(&desk, &[&["resume", "hillside"][..], what, &["--by", "owner"]].concat()).expect(0);
        assert_eq!(told.stdout, format!("{} was not paused\n", what.join(" ")));
    }
    assert_eq!(log(), before);
    at(&desk, &["pause", "hillside", "everything", "--by", "owner"]).expect(0);
    at(&desk, &["approve", "hillside", &number, "--by", "owner"]).expect(0);
    let told = at(&desk, &["resume", "hillside", "everything", "--by", "owner"]).expect(0);
    assert_eq!(told.stdout, "everything resumed by owner\n1 message was sent\n");
}

#[test]
fn status_says_that_work_cannot_go_on() {
    let desk = hillside();
    desk.file("hillside/ports.toml", "[mail.folder\npath = \"secret\"\n");
    let status = at(&desk, &["status", "hillside"]).expect(0);
    assert!(in_words(&status).contains("work cannot go on: `ports.toml` cannot be read: line 1:"), "{}", status.page());
    let json = at(&desk, &["status", "hillside", "--json"]).expect(0).json();
    assert!(json["cannot_work"].as_str().unwrap().contains("line 1"), "{json}");
    let checked = desk.run(&["check", "hillside"]).expect(1);
    assert!(checked.stdout.contains("[mail.folder"), "{}", checked.page());
    desk.file("hillside/ports.toml", "[mail.folder]\npath \"secret\"\n");
    let checked = desk.run(&["check", "hillside"]).expect(1);
    assert!(checked.stdout.contains("path \"******\""), "{}", checked.page());
}

#[test]
fn stranded_runs_are_counted_with_the_way_out() {
    let desk = hillside();
    let nothing = at(&desk, &["upgrade", "hillside"]).expect(0);
    assert!(nothing.stdout.contains("nothing has to move"), "{}", nothing.page());
    let text = desk.read("hillside/hillside.playbook").replace("Writing", "Drafting");
    desk.file("hillside/hillside.playbook", text);
    let status = at(&desk, &["status", "hillside"]).expect(0);
    let words = in_words(&status);
    for said in ["Welcome Writing 2", "stranded: 2 runs are in Welcome.Writing", "upgrade hillside --dry-run"] {
        assert!(words.contains(said), "{said}: {}", status.page());
    }
    // Somebody has to say where they go on.
    at(&desk, &["upgrade", "hillside", "--map", "Welcome.Writing=Welcome.Drafting"]).expect(2);
}

#[test]
fn the_help_of_cancel_promises_what_it_does() {
    let desk = hillside();
    let help = desk.run(&["cancel", "--help"]).expect(0).stdout;
    for refused in ["agent NAME", "workflow NAME", "everything"] {
        assert!(!help.contains(refused), "{help}");
    }
    let told = at(&desk, &["cancel", "hillside", "agent", "LeadGen", "--by", "owner"]).expect(2);
    assert!(told.stderr.contains("cannot be cancelled"), "{}", told.page());
    assert!(desk.run(&["pause", "--help"]).expect(0).stdout.contains("agent NAME"));
}
