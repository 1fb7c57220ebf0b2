//! Who is forgotten is gone: from the database's bytes, from the letters that lie with us, from what may be done. The log stays whole.

use crate::support::{Desk, copy};

const NOW: &str = "2026-11-20 10:00";
/// What the files of `tests/hillside` say of Ana and of nobody else.
const PERSONAL: [&str; 5] =
    ["ana@hillside-guests.example", "Quillfeather", "Hello Ana", "5550 0001", "guest book, page 4"];

fn invited() -> Desk {
    let desk = Desk::with("tests/hillside");
    desk.run(&["run", "hillside", "--now", NOW]).expect(0);
    for question in desk.run(&["inbox", "hillside", "--json", "--now", NOW]).expect(0).json().as_array().unwrap() {
        let number = question["number"].to_string();
        let about = question["about"].as_str().unwrap();
        let approve = ["approve", "hillside", &number, "--by", "owner", "--why", about];
        desk.run(&[&approve[..], &["--now", NOW]].concat()).expect(0);
    }
    desk
}

/// Everything that the command keeps: the database with its log, and the letters. What was imported from is the client's own.
fn kept(desk: &Desk) -> String {
    let mut bytes = Vec::new();
    for folder in ["hillside", "hillside/outbox"] {
        for entry in std::fs::read_dir(desk.path(folder)).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            if path.is_file() && (name.starts_with("crm.db") || folder.ends_with("outbox")) {
                bytes.extend(std::fs::read(path).unwrap());
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn nothing_personal_is_left_and_the_log_is_whole() {
    let desk = invited();
    let before = kept(&desk);
    for personal in PERSONAL {
        assert!(before.contains(personal), "{personal} is to be looked for");
    }
    let forget =
        desk.run(&["forget", "hillside", "ana@hillside-guests.example", "--by", "owner", "--now", NOW]).expect(0);
    insta::assert_snapshot!(forget.stdout, @"
    contact 1 is forgotten, and nobody will write to them again
    1 letter to them was removed from the outbox folder
    ");
    let after = kept(&desk);
    for personal in PERSONAL {
        assert!(!after.contains(personal), "{personal} is still there");
    }
    assert!(after.contains("bo@hillside-guests.example") && after.contains("Hello Bo"), "the others stay");
    desk.run(&["log", "hillside", "verify", "--now", NOW]).expect(0);
    desk.run(&["replay", "hillside", "--now", NOW]).expect(0);
    let log = desk.run(&["log", "hillside", "--now", NOW]).expect(0).stdout;
    assert!(log.contains("Contact 1") && log.contains("forgotten, seen to by owner"), "{log}");
}

#[test]
fn whoever_is_imported_again_is_not_written_to() {
    let desk = invited();
    desk.run(&["forget", "hillside", "ana@hillside-guests.example", "--by", "owner", "--now", NOW]).expect(0);
    // A newer export still has her, with her consent.
    let people = desk.read("hillside/people.csv").replace("Cy,", "Cyrus,");
    let consents = desk.read("hillside/consents.csv").replace("2026-11-01", "2026-11-03");
    desk.file("hillside/people.csv", people).file("hillside/consents.csv", consents);
    let later = "2026-11-20 11:00";
    desk.run(&["run", "hillside", "--now", later]).expect(0);
    for question in desk.run(&["inbox", "hillside", "--json", "--now", later]).expect(0).json().as_array().unwrap() {
        let number = question["number"].to_string();
        desk.run(&["approve", "hillside", &number, "--by", "owner", "--why", "again", "--now", later]).expect(0);
    }
    desk.run(&["run", "hillside", "--now", later, "--until", "2026-11-27"]).expect(0);
    let letters = std::fs::read_dir(desk.path("hillside/outbox")).unwrap().count();
    assert_eq!(letters, 1, "the other one's alone");
}

/// What stands in a table.
fn count(desk: &Desk, of: &str) -> i64 {
    let database = rusqlite::Connection::open(desk.path("hillside/crm.db")).unwrap();
    database.query_row(&format!("SELECT count(*) FROM {of}"), [], |row| row.get(0)).unwrap()
}

#[test]
fn the_same_file_does_not_bring_them_back() {
    let desk = invited();
    desk.run(&["forget", "hillside", "ana@hillside-guests.example", "--by", "owner", "--now", NOW]).expect(0);
    let before = (count(&desk, "contact"), count(&desk, "event WHERE facts IS NOT NULL"));
    let import = |source: &str, file: &str| {
        desk.run(&["import", "hillside", source, &format!("hillside/{file}"), "--now", NOW]).expect(0).stdout
    };
    let (people, consents) = (import("people", "people.csv"), import("consents", "consents.csv"));
    assert!(people.contains("3 rows of contacts: 2 unchanged and 1 left out: erased"), "{people}");
    assert!(consents.contains("2 rows of events: 1 unchanged and 1 left out: erased"), "{consents}");
    // A newer file that spells her otherwise, and a source that makes whom it does not find.
    let source = "/// Who looked at what.
source visits from csv \"visits.csv\" into page.viewed {
  contact  from \"E-mail\" lookup Contact by email or create
  at       from \"When\" as time \"%Y-%m-%d %H:%M\"
  path     from \"Page\"
}
";
    desk.file("hillside/visits.playbook", source);
    desk.file("hillside/visits.csv", "E-mail,When,Page\nANA@hillside-guests.example,2026-11-19 10:00,/\n");
    desk.file("hillside/people.csv", desk.read("hillside/people.csv").replace("ana@", "Ana@"));
    let verb = ["import", "hillside", "--json", "--now", NOW];
    let json = desk.run(&verb).expect(0).json();
    let erased: Vec<i64> =
        json["imports"].as_array().unwrap().iter().map(|import| import["erased"].as_i64().unwrap()).collect();
    assert_eq!(erased, [1, 1, 1], "{json}");
    assert_eq!((count(&desk, "contact"), count(&desk, "event WHERE facts IS NOT NULL")), before);
    assert!(!kept(&desk).to_lowercase().contains("ana@hillside-guests.example"), "she is back");
    desk.run(&["run", "hillside", "--now", NOW, "--until", "2026-11-27"]).expect(0);
    assert_eq!(count(&desk, "contact"), before.0);
}

#[test]
fn who_was_forgotten_can_be_named_by_number_only_and_nothing_more_can_be_done() {
    let desk = invited();
    desk.run(&["forget", "hillside", "ana@hillside-guests.example", "--by", "owner", "--now", NOW]).expect(0);
    desk.run(&["forget", "hillside", "ana@hillside-guests.example", "--by", "owner", "--now", NOW]).expect(2);
    let again = desk.run(&["forget", "hillside", "1", "--by", "owner", "--now", NOW]).expect(1);
    assert!(again.stderr.contains("was erased"), "{}", again.page());
}

#[test]
fn a_letter_that_cannot_be_removed_keeps_the_person_until_it_can() {
    let desk = invited();
    copy(&desk.path("hillside/outbox"), &desk.path("before"));
    // A folder in the letter's place cannot be removed as a file is.
    let mut letters = std::fs::read_dir(desk.path("hillside/outbox")).unwrap().map(|entry| entry.unwrap().path());
    let letter = letters.find(|letter| std::fs::read_to_string(letter).unwrap().contains("Hello Ana")).unwrap();
    std::fs::remove_file(&letter).unwrap();
    std::fs::create_dir(&letter).unwrap();
    let forget = ["forget", "hillside", "ana@hillside-guests.example", "--by", "owner", "--now", NOW];
    let failed = desk.run(&forget).expect(3);
    assert!(failed.stderr.contains("a letter to them is still there"), "{}", failed.page());
    std::fs::remove_dir(&letter).unwrap();
    desk.run(&forget).expect(0);
}
