//! Verbs that only read: whoever may look, whatever else goes on, is shown where everything stands; and what `check` reads beside a
//! playbook.

use std::os::unix::fs::PermissionsExt as _;

use crate::support::{Desk, Ran, skipped};

const NOW: &str = "2026-11-20 10:00";

/// What reads the CRM and nothing else.
const READERS: [&[&str]; 8] = [
    &["status", "hillside"],
    &["inbox", "hillside"],
    &["log", "hillside"],
    &["log", "hillside", "verify"],
    &["replay", "hillside"],
    &["metrics", "hillside"],
    &["score", "hillside"],
    &["why", "hillside", "ana"],
];

fn hillside() -> Desk {
    let desk = Desk::with("tests/hillside");
    desk.run(&["run", "hillside", "--now", NOW, "--seed", "1"]).expect(0);
    desk
}

fn read_all(desk: &Desk) -> Vec<String> {
    READERS.iter().map(|verb| desk.run(&[*verb, &["--now", NOW]].concat()).expect(0).stdout).collect()
}

#[test]
fn reading_needs_neither_ports_nor_the_right_to_write() {
    let desk = hillside();
    let before = read_all(&desk);
    desk.file("hillside/ports.toml", "[mail.pigeon]\n");
    let database = rusqlite::Connection::open(desk.path("hillside/crm.db")).unwrap();
    database.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut read = read_all(&desk);
    // That work cannot go on is all that is said of the ports.
    let (above, below) = read[0].split_once("work cannot go on: ").unwrap();
    let (_, below) = below.split_once("2 open questions").unwrap();
    read[0] = format!("{above}2 open questions{below}");
    assert_eq!(read, before, "another process writes, and the ports are wrong");
    drop(database);
    let refused = desk.run(&["approve", "hillside", "1", "--by", "owner", "--now", NOW]).expect(3);
    assert!(refused.stderr.contains("pigeon"), "{}", refused.page());
}

#[test]
fn a_folder_that_takes_no_files_is_read() {
    let desk = hillside();
    let before = read_all(&desk);
    let folder = desk.path("hillside");
    let mode = |mode: u32| std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(mode)).unwrap();
    mode(0o555);
    let may_write_anyway = std::fs::write(folder.join("written"), "").is_ok();
    if may_write_anyway {
        skipped("whoever runs this may write everywhere");
    } else {
        assert_eq!(read_all(&desk), before);
    }
    mode(0o755);
}

/// What is said of the ports, whatever the playbook has.
fn of_ports(ran: &Ran) -> String {
    let (_, found) = ran.stdout.split_once("[E0705]").unwrap_or_else(|| panic!("{}", ran.page()));
    let (drawn, _) = found.split_once("───╯").unwrap();
    format!("[E0705]{drawn}───╯")
}

#[test]
fn ports_are_checked_beside_the_playbook() {
    let desk = Desk::with("tests/hillside");
    desk.run(&["check", "hillside"]).expect(0);
    desk.file(
        "hillside/ports.toml",
        "# key 1234\n[mail.smtp]\nhost = \"mail.hillside.example\"\nprot = 587\nuser = \"hunter2\"\n",
    );
    let checked = desk.run(&["check", "hillside"]).expect(1);
    insta::assert_snapshot!("ports_of_no_such_setting", of_ports(&checked));
    assert!(!checked.stdout.contains("hunter2") && !checked.stdout.contains("1234"), "{}", checked.page());
    let json = desk.run(&["check", "hillside", "--json"]).expect(1).json();
    let found = json["diagnostics"].as_array().unwrap().iter().find(|found| found["code"] == "E0705").unwrap();
    assert_eq!(found["place"]["file"], "hillside/ports.toml");
    assert_eq!(found["place"]["start"]["line"], 4);
    // A setting that is known, and makes no sense.
    desk.file(
        "hillside/ports.toml",
        "[mail.smtp]\nhost = \"mail.hillside.example\"\nsecurity = \"none\"\nuser = \"owner\"\npassword_env = \"NOT_SET_HERE\"\n",
    );
    insta::assert_snapshot!("ports_that_make_no_sense", of_ports(&desk.run(&["check", "hillside"]).expect(1)));
    // Whether a secret is set is seen where the work is done.
    desk.file("hillside/ports.toml", "[mail.resend]\nkey_env = \"NOT_SET_HERE\"\n");
    desk.run(&["check", "hillside"]).expect(0);
}
