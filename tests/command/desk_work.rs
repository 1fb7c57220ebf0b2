//! A day at the desk with Stackmates' sample data: import, score, why, run, undo.

use crate::support::{Desk, NOW};

fn imported() -> Desk {
    let desk = Desk::with("playbooks/stackmates");
    desk.run(&["import", "stackmates", "--now", NOW]);
    desk
}

#[test]
fn importing_shows_what_became_of_every_row() {
    let desk = Desk::with("playbooks/stackmates");
    insta::assert_snapshot!("import", desk.run(&["import", "stackmates", "--now", NOW]).page());
    insta::assert_snapshot!("import_again", desk.run(&["import", "stackmates", "--now", NOW]).page());
}

#[test]
fn importing_as_json() {
    let desk = Desk::with("playbooks/stackmates");
    insta::assert_snapshot!("import_json", desk.run(&["import", "stackmates", "--json", "--now", NOW]).page());
}

#[test]
fn a_dry_run_of_several_files_finds_what_those_before_would_leave() {
    let desk = Desk::with("playbooks/stackmates");
    let counts = |arguments: &[&str]| {
        let ran = desk.run(&[&["import", "stackmates", "--json", "--now", NOW], arguments].concat());
        let imports = ran.json()["imports"].as_array().unwrap().clone();
        imports.iter().map(|import| (import["path"].clone(), import["counts"].clone())).collect::<Vec<_>>()
    };
    let tried = counts(&["--dry-run"]);
    assert!(tried.len() > 1, "{tried:?}");
    assert!(!desk.path("stackmates/crm.db").exists());
    assert_eq!(counts(&[]), tried, "the import does what the dry run said");
    // Nor is a database that is there touched, not even its columns.
    let before = std::fs::read(desk.path("stackmates/crm.db")).unwrap();
    desk.file("stackmates/own.playbook", "use std.crm\nextend Contact {\n  fruit: text?\n}\n");
    counts(&["--dry-run"]);
    assert_eq!(std::fs::read(desk.path("stackmates/crm.db")).unwrap(), before);
}

#[test]
fn a_dry_run_shows_rows_and_writes_nothing() {
    let desk = Desk::with("playbooks/stackmates");
    let ran =
        desk.run(&["import", "stackmates", "contacts", "stackmates/sample/contacts.csv", "--dry-run", "--now", NOW]);
    insta::assert_snapshot!("dry_run", ran.page());
    assert!(!desk.path("stackmates/crm.db").exists());
}

#[test]
fn an_import_can_be_undone() {
    let desk = imported();
    let before = desk.run(&["score", "stackmates", "--json", "--now", NOW]).stdout;
    desk.file("more.csv", desk.read("stackmates/sample/events.csv").replace("2026-1", "2026-0"));
    desk.run(&["import", "stackmates", "events", "more.csv", "--now", NOW]);
    insta::assert_snapshot!("undo", desk.run(&["import", "undo", "stackmates", "--now", NOW]).expect(0).page());
    assert_eq!(desk.run(&["score", "stackmates", "--json", "--now", NOW]).stdout, before);
}

#[test]
fn the_ranked_list() {
    let desk = imported();
    insta::assert_snapshot!("score", desk.run(&["score", "stackmates", "--limit", "8", "--now", NOW]).expect(0).page());
    let json = desk.run(&["score", "stackmates", "--json", "--limit", "2", "--now", NOW]).expect(0);
    insta::assert_snapshot!("score_json", json.page());
    let hot = desk.run(&["score", "stackmates", "--json", "--route", "hot", "--now", NOW]).expect(0).json();
    assert!(hot["contacts"].as_array().unwrap().iter().all(|contact| contact["route"] == "hot"));
    insta::assert_snapshot!(
        "no_such_route",
        desk.run(&["score", "stackmates", "--route", "lukewarm", "--now", NOW]).expect(2).page()
    );
    insta::assert_snapshot!(
        "no_such_score",
        desk.run(&["score", "stackmates", "--score", "ipc", "--now", NOW]).expect(2).page()
    );
}

#[test]
fn why_somebody_scores_so() {
    let desk = imported();
    let scored = desk.run(&["score", "stackmates", "--json", "--now", NOW]).json();
    let contacts = scored["contacts"].as_array().unwrap();
    let first = contacts[0]["contact"]["email"].as_str().unwrap();
    insta::assert_snapshot!("why", desk.run(&["why", "stackmates", first, "--now", NOW]).expect(0).page());
    insta::assert_snapshot!(
        "why_json",
        desk.run(&["why", "stackmates", first, "--json", "--now", NOW]).expect(0).page()
    );
    let open = contacts.iter().find(|contact| contact["certain"] == false).expect("somebody is uncertain");
    let open = open["contact"]["email"].as_str().unwrap();
    insta::assert_snapshot!("why_uncertain", desk.run(&["why", "stackmates", open, "--now", NOW]).expect(0).page());
    insta::assert_snapshot!(
        "why_nobody",
        desk.run(&["why", "stackmates", "nobody@nowhere.example", "--now", NOW]).expect(2).page()
    );
    insta::assert_snapshot!("why_several", desk.run(&["why", "stackmates", "example", "--now", NOW]).expect(2).page());
}

#[test]
fn the_lines_of_why_add_up() {
    let desk = imported();
    let scored = desk.run(&["score", "stackmates", "--json", "--now", NOW]).json();
    for contact in scored["contacts"].as_array().unwrap() {
        let id = contact["contact"]["id"].to_string();
        let why = desk.run(&["why", "stackmates", &id, "--json", "--now", NOW]).expect(0).json();
        let hundredths = |value: &serde_json::Value| (value.as_f64().unwrap() * 100.0).round() as i64;
        assert_eq!(hundredths(&why["score"]), hundredths(&contact["score"]));
        let mut total = 0;
        for layer in why["layers"].as_array().unwrap() {
            let lines: i64 = layer["lines"].as_array().unwrap().iter().map(|line| hundredths(&line["points"])).sum();
            assert_eq!(lines + hundredths(&layer["clamp"]), hundredths(&layer["points"]), "{why}");
            total += hundredths(&layer["contributes"]);
        }
        assert_eq!(total, hundredths(&why["score"]), "{why}");
    }
}

#[test]
fn run_imports_scores_and_says_what_next() {
    let desk = Desk::with("playbooks/stackmates");
    insta::assert_snapshot!("run", desk.run(&["run", "stackmates", "--now", NOW]).expect(0).page());
    let again = desk.run(&["run", "stackmates", "--now", NOW]).expect(0);
    assert_eq!(
        again.stdout,
        desk.run(&["run", "stackmates", "--now", NOW]).expect(0).stdout,
        "nothing is imported twice"
    );
    insta::assert_snapshot!(
        "run_json",
        desk.run(&["run", "stackmates", "--json", "--limit", "1", "--now", NOW]).expect(0).page()
    );
}

#[test]
fn the_same_run_gives_the_same_bytes() {
    let answers: Vec<String> = (0..2)
        .map(|_| Desk::with("playbooks/sneakers").run(&["run", "sneakers", "--now", NOW]).expect(0).stdout)
        .collect();
    assert_eq!(answers[0], answers[1]);
}

#[test]
fn an_empty_crm_says_how_to_fill_it() {
    let desk = Desk::with("playbooks/stackmates");
    insta::assert_snapshot!("empty", desk.run(&["score", "stackmates", "--now", NOW]).expect(3).page());
}

#[test]
fn the_resolved_playbook_says_what_was_refined() {
    let desk = Desk::with("examples/refine");
    let ran = desk.run(&["show", "--resolved", "refine"]).expect(0);
    let (_, own) = ran.stdout.split_once("// ── from base.playbook ──\n").unwrap();
    insta::assert_snapshot!("resolved", own);
    let laid_out = desk.run_with_stdin(&["fmt", "--check", "-"], ran.stdout.as_bytes());
    assert_eq!(laid_out.code, Some(0), "what is printed is a playbook, laid out: {}", laid_out.page());
}

#[test]
fn the_parts_of_a_playbook_are_listed() {
    let desk = Desk::with("playbooks/sneakers");
    insta::assert_snapshot!("parts", desk.run(&["show", "sneakers"]).expect(0).page());
    desk.run(&["show", "sneakers", "--json"]).expect(0).json();
}

#[test]
fn codes_are_explained() {
    let desk = Desk::new();
    insta::assert_snapshot!("explain", desk.run(&["explain", "unknown-module"]).expect(0).page());
    let json = desk.run(&["explain", "unknown-module", "--json"]).expect(0).json();
    assert_eq!(json["code"], "E0201");
}

#[test]
fn names_are_found_in_any_case_of_any_script() {
    let desk = Desk::new();
    desk.file("c/c.playbook", QUIZ);
    desk.file("c/people.csv", "Email,First\nz@example.com,Zoë\na@example.com,Åsa\n");
    desk.file("c/quiz.csv", "Email,At\nz@example.com,2026-11-19 09:00\n");
    desk.run(&["import", "c", "--now", NOW]).expect(0);
    for (wanted, email) in [("ZOË", "z@example.com"), ("åSA", "a@example.com"), ("zoë", "z@example.com")] {
        let why = desk.run(&["why", "c", wanted, "--json", "--now", NOW]).expect(0).json();
        assert_eq!(why["contact"]["email"], email, "{wanted}");
    }
    // The quiz happened and nobody knows with which result: that is open.
    let why = desk.run(&["why", "c", "zoë", "--now", NOW]).expect(0);
    assert!(why.stdout.contains("could be 0 to 10"), "{}", why.page());
    assert!(!why.stdout.contains("everything that counts is known"), "{}", why.page());
}

#[test]
fn two_people_with_one_address_are_told() {
    let desk = Desk::new();
    desk.file("c/c.playbook", QUIZ);
    desk.file("c/people.csv", "Email,First\ninfo@example.com,Ann\ninfo@example.com,Bo\n");
    desk.file("c/quiz.csv", "Email,At\ninfo@example.com,2026-11-19 09:00\n");
    let told = desk.run(&["import", "c", "--now", NOW]).expect(0);
    let words = told.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    let wanted = "merged: 1 row calls a contact by the name of somebody else than an earlier row with the same key, and the \
                  later name stands, such as `info@example.com: Ann, then Bo`; people who share";
    assert!(words.contains(wanted), "{}", told.page());
}

#[test]
fn words_that_the_playbook_has_forgotten_are_missing_and_told() {
    let desk = Desk::new();
    let playbook = |result: &str, roof: &str| {
        let wanted = ("source people", "extend Contact {\n  roof: one of [tile, ROOF]?\n}\nsource people");
        let roofs = ("  first_name  from \"First\"\n", "  first_name  from \"First\"\n  roof  from \"Roof\"\n");
        let facts = ("  at       from \"At\"\n", "  at       from \"At\"\n  result  from \"Result\"\n");
        let text = QUIZ.replace(wanted.0, wanted.1).replace(roofs.0, roofs.1).replace(facts.0, facts.1);
        text.replace("damp", result).replace("ROOF", roof)
    };
    desk.file("c/c.playbook", playbook("damp", "tin"));
    desk.file("c/people.csv", "Email,First,Roof\na@example.com,Ann,tin\nb@example.com,Bo,tile\n");
    desk.file(
        "c/quiz.csv",
        "Email,At,Result\na@example.com,2026-11-19 09:00,damp\nb@example.com,2026-11-19 09:00,dry\n",
    );
    let told = desk.run(&["run", "c", "--now", NOW]).expect(0);
    assert!(!told.stderr.contains("any more"), "{}", told.page());
    // A word of each was another one before.
    desk.file("c/c.playbook", playbook("wet", "metal"));
    for verb in ["score", "run"] {
        let told = desk.run(&[verb, "c", "--now", NOW]).expect(0);
        insta::allow_duplicates! {
            insta::assert_snapshot!(told.stderr, @"
            note: 1 cell of `Contact.roof` (`tin`) and 1 cell of `quiz.completed.result` (`damp`) hold words
                  that the playbook does not know any more: that counts as missing, until the field has the word
                  again or the cell is imported anew
            ");
        }
    }
    let told = desk.run(&["check", "c"]).expect(0);
    assert!(told.stderr.contains("1 cell of `quiz.completed.result` (`damp`)"), "{}", told.page());
    let scored = desk.run(&["score", "c", "--json", "--now", NOW]).expect(0).json();
    let range = |email: &str| {
        let contacts = scored["contacts"].as_array().unwrap();
        let found = contacts.iter().find(|ranked| ranked["contact"]["email"] == email).unwrap();
        (found["low"].as_f64().unwrap(), found["high"].as_f64().unwrap())
    };
    assert_eq!((range("a@example.com"), range("b@example.com")), ((0.0, 10.0), (0.0, 0.0)), "damp may be wet");
}

const QUIZ: &str = "client \"C\" {
  currency NZD
  timezone \"Pacific/Auckland\"
}
use std.crm
event quiz.completed { result: one of [dry, damp]? }
source people from csv \"people.csv\" into Contact by email {
  email       from \"Email\"
  first_name  from \"First\"
}
source quizzes from csv \"quiz.csv\" into quiz.completed {
  reports  quiz.completed since 2026-01-01
  contact  from \"Email\" lookup Contact by email
  at       from \"At\"
}
score fit for Contact {
  +10 when any quiz.completed where result is damp in the last 30 days because \"damp\"
}
";

#[test]
fn an_opt_out_is_recorded_at_the_desk() {
    let desk = Desk::with("tests/hillside");
    desk.run(&["run", "hillside", "--now", NOW]).expect(0);
    let happened = |rest: &[&str]| desk.run(&[&["happened", "hillside", "--by", "owner", "--now", NOW], rest].concat());
    let page = happened(&["ana@hillside-guests.example", "email.unsubscribed"]).expect(0).stdout;
    assert!(page.contains("never written to again by email: unsubscribed"), "{page}");
    let twice = happened(&["ana@hillside-guests.example", "email.unsubscribed"]).expect(1).stderr;
    assert!(twice.contains("recorded already"), "{twice}");
    let json = happened(&["2", "consent.withdrawn", "channel=email", "--json"]).expect(0).json();
    assert_eq!(json["facts"]["channel"], "email");
    assert_eq!(json["never_again"][0]["channel"], "email");
    for (typed, said) in [
        (&["2", "consent.withdrwn"][..], "did you mean `consent.withdrawn`?"),
        (&["2", "consent.withdrawn"], "channel=WORD"),
        (&["2", "consent.withdrawn", "chanel=email"], "did you mean `channel`?"),
        (&["2", "consent.withdrawn", "channel=fax"], "none of email"),
        (&["2", "email.unsubscribed", "--at", "2030-01-01"], "yet to come"),
    ] {
        let words = happened(typed).expect(2).stderr;
        assert!(words.contains(said), "{words}");
    }
}

#[test]
fn what_nobody_sees_is_neither_kept_nor_printed() {
    let desk = Desk::with("tests/hillside");
    desk.file("hillside/people.csv", "First,Last,E-mail,Phone,Country\nNina\u{1b}[8m,\u{202e}Hidden,n@a.example,,NZ\n");
    let page = desk.run(&["import", "hillside", "people", "hillside/people.csv", "--now", NOW]).expect(0).stdout;
    assert!(page.contains("2 values cleaned of characters that nobody sees"), "{page}");
    let list = desk.run(&["score", "hillside", "--now", NOW]).expect(0).stdout;
    assert!(list.contains("Nina[8m Hidden") && !list.contains('\u{1b}'), "{list:?}");
}
