//! The verbs of a playbook at work, as a person and as a program meet them: a small client, from the first run to the letter.

use crate::support::{Desk, Ran};

const NOW: &str = "2026-11-20 10:00";

/// The client of `tests/hillside` after its first run: two invitations wait for a person.
fn hillside() -> Desk {
    let desk = Desk::with("tests/hillside");
    desk.run(&["run", "hillside", "--now", NOW, "--seed", "1"]).expect(0);
    desk
}

fn at(desk: &Desk, verb: &[&str]) -> Ran {
    desk.run(&[verb, &["--now", NOW, "--seed", "1"]].concat())
}

/// A page without the hash of the Program, which the standard library is part of, and those that follow from it.
fn page(ran: &Ran) -> String {
    let text = ran.page().replace(" --seed 1", "");
    let mut page = String::new();
    let mut run = String::new();
    for letter in text.chars().chain(['\n']) {
        if letter.is_ascii_hexdigit() && !letter.is_ascii_uppercase() {
            run.push(letter);
            continue;
        }
        page.push_str(if run.len() >= 12 { "[hash]" } else { &run });
        run.clear();
        page.push(letter);
    }
    page.trim_end().to_owned()
}

/// The number of Ana's question: the first one in the inbox.
fn question(desk: &Desk) -> String {
    at(desk, &["inbox", "hillside", "--json"]).expect(0).json()[0]["number"].to_string()
}

#[test]
fn run_ends_with_the_first_question_and_what_to_type() {
    let desk = Desk::with("tests/hillside");
    insta::assert_snapshot!("run", page(&at(&desk, &["run", "hillside"]).expect(0)));
    let json = at(&desk, &["run", "hillside", "--json"]).expect(0).json();
    assert_eq!(json["work"]["entries"], 0, "nothing is left to do");
    assert_eq!(json["work"]["inbox"].as_array().unwrap().len(), 2);
}

#[test]
fn what_run_says_to_type_works_as_it_stands() {
    let desk = hillside();
    let run = at(&desk, &["run", "hillside"]).expect(0).stdout;
    let (_, next) = run.split_once("\nnext\n").unwrap();
    let mut typed = 0;
    for line in next.lines() {
        let command = line.trim_start().strip_prefix("playbook ").unwrap();
        let command = command.split("   ").next().unwrap().trim_end();
        if command.starts_with("change") || command.starts_with("reject") {
            continue;
        }
        desk.run(&command.split(' ').chain(["--now", NOW]).collect::<Vec<_>>()).expect(0);
        typed += 1;
    }
    assert_eq!(typed, 2, "{next}");
}

#[test]
fn the_inbox_as_a_list_and_one_by_one() {
    let desk = hillside();
    let number = question(&desk);
    insta::assert_snapshot!("inbox", page(&at(&desk, &["inbox", "hillside"]).expect(0)));
    insta::assert_snapshot!("inbox_one", page(&at(&desk, &["inbox", "hillside", &number]).expect(0)));
    insta::assert_snapshot!("inbox_json", page(&at(&desk, &["inbox", "hillside", &number, "--json"]).expect(0)));
}

#[test]
fn answers_are_told_with_what_followed() {
    let desk = hillside();
    let number = question(&desk);
    let answered = [
        at(&desk, &["approve", "hillside", &number]).expect(2),
        at(&desk, &["approve", "hillside", &number, "--by", "owner", "--why", "met her"]).expect(0),
        at(&desk, &["approve", "hillside", &number, "--by", "owner"]).expect(1),
    ];
    let pages: Vec<String> = answered.iter().map(page).collect();
    insta::assert_snapshot!("answers", pages.join("\n\n"));
    let number = question(&desk);
    insta::assert_snapshot!(
        "change_json",
        page(&at(&desk, &["change", "hillside", &number, "--by", "owner", "--body", "Hi Bo", "--json"]).expect(0))
    );
    let why = at(&desk, &["log", "hillside", "--json"]).expect(0).stdout;
    assert!(why.contains("met her"), "why somebody said yes is kept");
}

#[test]
fn a_changed_text_is_read_from_a_file_or_from_stdin() {
    let desk = hillside();
    desk.file("draft.txt", "Words from a file.\n");
    let number = question(&desk);
    at(&desk, &["change", "hillside", &number, "--by", "owner", "--file", "draft.txt"]).expect(0);
    let number = question(&desk);
    let verb = ["change", "hillside", &number, "--by", "owner", "--file", "-", "--now", NOW];
    desk.run_with_stdin(&verb, b"Words from stdin.\n").expect(0);
    let letters = std::fs::read_dir(desk.path("hillside/outbox")).unwrap();
    let letters: String = letters.map(|letter| std::fs::read_to_string(letter.unwrap().path()).unwrap()).collect();
    assert!(letters.contains("Words from a file.") && letters.contains("Words from stdin."), "{letters}");
}

#[test]
fn status_says_where_everything_stands() {
    let desk = hillside();
    at(&desk, &["pause", "hillside", "agent", "LeadGen", "--by", "owner", "--why", "wrong tone"]).expect(0);
    insta::assert_snapshot!("status", page(&at(&desk, &["status", "hillside"]).expect(0)));
    insta::assert_snapshot!("status_json", page(&at(&desk, &["status", "hillside", "--json"]).expect(0)));
}

#[test]
fn stepping_in_is_told() {
    let desk = hillside();
    let run = at(&desk, &["inbox", "hillside", "--json"]).expect(0).json()[0]["run"].to_string();
    let steps = [
        at(&desk, &["pause", "hillside", "everything", "--by", "owner"]).expect(0),
        at(&desk, &["resume", "hillside", "everything", "--by", "owner"]).expect(0),
        at(&desk, &["cancel", "hillside", &run, "--by", "owner", "--why", "she called"]).expect(0),
        at(&desk, &["cancel", "hillside", &run, "--by", "owner"]).expect(1),
        at(&desk, &["cancel", "hillside", "bo", "--by", "owner", "--json"]).expect(0),
    ];
    let pages: Vec<String> = steps.iter().map(page).collect();
    insta::assert_snapshot!("stepping_in", pages.join("\n\n"));
}

#[test]
fn the_log_reads_as_what_happened() {
    let desk = hillside();
    let number = question(&desk);
    at(&desk, &["approve", "hillside", &number, "--by", "owner"]).expect(0);
    insta::assert_snapshot!("log", page(&at(&desk, &["log", "hillside"]).expect(0)));
    insta::assert_snapshot!(
        "log_json",
        page(&at(&desk, &["log", "hillside", "--contact", "ana", "--limit", "2", "--json"]).expect(0))
    );
    insta::assert_snapshot!("log_verify", page(&at(&desk, &["log", "hillside", "verify"]).expect(0)));
    insta::assert_snapshot!("log_verify_json", page(&at(&desk, &["log", "hillside", "verify", "--json"]).expect(0)));
    insta::assert_snapshot!("replay", page(&at(&desk, &["replay", "hillside"]).expect(0)));
    insta::assert_snapshot!("replay_json", page(&at(&desk, &["replay", "hillside", "--json"]).expect(0)));
}

#[test]
fn a_log_that_somebody_changed_is_found_out() {
    let desk = hillside();
    let database = rusqlite::Connection::open(desk.path("hillside/crm.db")).unwrap();
    // Not even the database's own triggers help whoever writes into the file by hand.
    let triggers: Vec<String> = database
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'log'")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    for trigger in triggers {
        database.execute_batch(&format!("DROP TRIGGER \"{trigger}\"")).unwrap();
    }
    database.execute("UPDATE log SET entry = replace(entry, 'hot', 'cold') WHERE number = 4", []).unwrap();
    drop(database);
    let verified = at(&desk, &["log", "hillside", "verify"]).expect(1);
    assert!(verified.stdout.contains("the log is broken at entry 4"), "{}", verified.page());
    at(&desk, &["log", "hillside", "verify", "--json"]).expect(1).json();
    // Nothing is decided on top of it, and whoever asks how things stand is told.
    let status = at(&desk, &["status", "hillside"]).expect(0);
    assert!(
        status.stdout.contains("the log is broken at entry 4: it was changed: playbook log hillside verify"),
        "{}",
        status.page()
    );
    let count = || {
        let database = rusqlite::Connection::open(desk.path("hillside/crm.db")).unwrap();
        database.query_row("SELECT count(*) FROM log", [], |row| row.get::<_, i64>(0)).unwrap()
    };
    let before = count();
    let refused = at(&desk, &["run", "hillside"]).expect(3);
    assert!(refused.stderr.contains("the log is broken at entry 4: it was changed"), "{}", refused.page());
    assert!(refused.stderr.contains("playbook log hillside verify"), "{}", refused.page());
    assert_eq!(count(), before);
}

#[test]
fn metrics_say_what_is_reached() {
    let desk = hillside();
    let number = question(&desk);
    at(&desk, &["approve", "hillside", &number, "--by", "owner"]).expect(0);
    desk.run(&["run", "hillside", "--now", NOW, "--until", "2026-11-20 16:00"]).expect(0);
    let now = ["--now", "2026-11-20 16:00"];
    insta::assert_snapshot!("metrics", page(&desk.run(&[&["metrics", "hillside"][..], &now].concat()).expect(0)));
    let json = desk.run(&[&["metrics", "hillside", "--json"][..], &now].concat()).expect(0).json();
    for name in ["goals", "kill_signals", "maturity", "transitions"] {
        assert!(!json[name].is_null(), "{name}");
    }
    insta::assert_snapshot!("sign", page(&at(&desk, &["sign", "hillside", "Welcome", "--by", "owner"]).expect(0)));
}

#[test]
fn wrong_usage_says_what_is_right() {
    let desk = hillside();
    let mut pages = Vec::new();
    for verb in [
        &["approve", "hillside"][..],
        &["approve", "hillside", "first"],
        &["approve", "hillside", "22", "--by", "queen"],
        &["change", "hillside", "22", "--by", "owner"],
        &["pause", "hillside", "agent", "Nobody", "--by", "owner"],
        &["cancel", "hillside", "everything", "--by", "owner"],
        &["cancel", "hillside", "nobody", "--by", "owner"],
        &["log", "hillside", "verfy"],
        &["log", "hillside", "--contact", "nobody"],
        &["run", "hillside", "--until", "2026-11-19"],
        &["sign", "hillside", "Welcom", "--by", "owner"],
        &["forget", "hillside", "nobody", "--by", "owner"],
    ] {
        pages.push(page(&at(&desk, verb).expect(2)));
    }
    insta::assert_snapshot!("wrong_usage", pages.join("\n\n"));
    for verb in [
        &["inbox", "hillside", "9999"][..],
        &["approve", "hillside", "9999", "--by", "owner"],
        &["cancel", "hillside", "9999", "--by", "owner"],
    ] {
        at(&desk, verb).expect(1);
    }
}

#[test]
fn without_a_crm_each_verb_says_how_to_fill_one() {
    let desk = Desk::with("tests/hillside");
    for verb in ["status", "inbox", "log", "replay", "metrics"] {
        let ran = at(&desk, &[verb, "hillside"]).expect(3);
        assert!(ran.stderr.contains("playbook import hillside"), "{}", ran.page());
        assert!(!desk.path("hillside/crm.db").exists(), "{verb} makes no CRM");
    }
}
