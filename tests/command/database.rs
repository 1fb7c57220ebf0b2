//! Databases that cannot be used: locked, corrupt, of another program, on a full disk.

use std::process::Command;

use crate::support::{Desk, NOW, skipped};

fn desk() -> Desk {
    let desk = Desk::new();
    desk.run(&["new", "hillside", "--now", "2026-11-20"]).expect(0);
    desk
}

#[test]
fn a_database_that_somebody_else_writes() {
    let desk = desk();
    desk.run(&["import", "hillside", "--now", NOW]).expect(0);
    let other = rusqlite::Connection::open(desk.path("hillside/crm.db")).unwrap();
    other.execute_batch("begin immediate").unwrap();
    insta::assert_snapshot!(desk.run(&["import", "hillside", "--now", NOW]).expect(3).page());
    // Reading goes on beside a writer.
    desk.run(&["score", "hillside", "--now", NOW]).expect(0);
}

#[test]
fn a_database_that_is_none() {
    let desk = desk();
    desk.file("hillside/crm.db", [0xfe_u8; 8192]);
    insta::assert_snapshot!(desk.run(&["score", "hillside", "--now", NOW]).expect(3).page());
    assert_eq!(std::fs::read(desk.path("hillside/crm.db")).unwrap(), [0xfe_u8; 8192], "nothing was overwritten");
}

#[test]
fn a_database_with_a_page_of_rubbish() {
    let desk = desk();
    desk.run(&["import", "hillside", "--now", NOW]).expect(0);
    let path = desk.path("hillside/crm.db");
    // Everything is in the file itself, not in the log beside it.
    rusqlite::Connection::open(&path).unwrap().query_row("pragma wal_checkpoint(truncate)", [], |_| Ok(())).unwrap();
    let mut bytes = std::fs::read(&path).unwrap();
    for byte in bytes.iter_mut().skip(4096) {
        *byte = 0xa5;
    }
    std::fs::write(&path, bytes).unwrap();
    insta::assert_snapshot!(desk.run(&["score", "hillside", "--now", NOW]).expect(3).page());
}

#[test]
fn a_database_of_another_program() {
    let desk = desk();
    let other = rusqlite::Connection::open(desk.path("hillside/crm.db")).unwrap();
    other.execute_batch("create table invoice (id integer primary key); pragma user_version = 977").unwrap();
    drop(other);
    insta::assert_snapshot!(desk.run(&["score", "hillside", "--now", NOW]).expect(3).page());
}

#[test]
fn a_database_of_another_currency() {
    let desk = desk();
    desk.run(&["import", "hillside", "--now", NOW]).expect(0);
    let playbook = desk.read("hillside/hillside.playbook");
    assert!(playbook.contains("USD"), "{playbook}");
    desk.file("hillside/hillside.playbook", playbook.replace("USD", "EUR"));
    let ran = desk.run(&["score", "hillside", "--now", NOW]).expect(3);
    assert!(ran.stderr.contains("holds amounts in USD"), "{}", ran.page());
}

#[test]
fn a_database_of_another_client() {
    let desk = desk();
    desk.run(&["import", "hillside", "--now", NOW]).expect(0);
    desk.run(&["new", "valley", "--now", "2026-11-20"]).expect(0);
    let own = desk.read("valley/valley.playbook") + "\nextend Contact {\n  fruit: text?\n}\n";
    desk.file("valley/valley.playbook", own);
    let fields = || {
        let crm = rusqlite::Connection::open(desk.path("hillside/crm.db")).unwrap();
        let fields = "select group_concat(name) from pragma_table_info('contact')";
        crm.query_row(fields, [], |row| row.get::<_, String>(0)).unwrap()
    };
    let before = fields();
    for verb in ["score", "run", "import"] {
        let ran = desk.run(&[verb, "valley", "--db", "hillside/crm.db", "--now", NOW]).expect(3);
        assert!(ran.stderr.contains("is the CRM of the client `Hillside`"), "{}", ran.page());
    }
    assert_eq!(fields(), before, "nothing was added");
}

#[test]
fn a_renamed_client_adopts_its_database() {
    let desk = desk();
    desk.run(&["import", "hillside", "--now", NOW]).expect(0);
    let playbook = desk.read("hillside/hillside.playbook");
    desk.file("hillside/hillside.playbook", playbook.replace("client \"Hillside\"", "client \"Hillside Roofing\""));
    desk.run(&["score", "hillside", "--now", NOW]).expect(3);
    desk.run(&["run", "hillside", "--adopt", "--now", NOW]).expect(0);
    desk.run(&["score", "hillside", "--now", NOW]).expect(0);
}

#[test]
fn reading_adds_no_columns() {
    let desk = desk();
    desk.run(&["import", "hillside", "--now", NOW]).expect(0);
    let before = std::fs::read(desk.path("hillside/crm.db")).unwrap();
    let own = "\nextend Contact {\n  fruit: one of [apple, pear]?\n}\n\nscore taste for Contact {\n  +5 when fruit is apple because \"apples\"\n}\n";
    desk.file("hillside/own.playbook", format!("use std.crm\n{own}"));
    let ran = desk.run(&["score", "hillside", "--score", "taste", "--json", "--now", NOW]).expect(0);
    assert_eq!(ran.json()["contacts"][0]["questions"][0]["about"], "fruit", "{}", ran.page());
    let who = ran.json()["contacts"][0]["contact"]["email"].as_str().unwrap().to_owned();
    desk.run(&["why", "hillside", &who, "--score", "taste", "--now", NOW]).expect(0);
    assert_eq!(std::fs::read(desk.path("hillside/crm.db")).unwrap(), before);
}

#[test]
fn commands_to_type_next_quote_a_folder_with_a_blank() {
    let desk = desk();
    std::fs::rename(desk.path("hillside"), desk.path("hill side")).unwrap();
    let ran = desk.run(&["import", "hill side", "--now", NOW]).expect(0);
    assert!(ran.stdout.contains("playbook score 'hill side'"), "{}", ran.page());
}

#[test]
fn a_folder_that_takes_no_database() {
    let desk = desk();
    insta::assert_snapshot!(desk.run(&["import", "hillside", "--db", "gone/crm.db", "--now", NOW]).expect(3).page());
}

#[test]
fn a_full_disk_loses_nothing() {
    let desk = desk();
    desk.run(&["import", "hillside", "--now", NOW]).expect(0);
    let before = desk.run(&["score", "hillside", "--json", "--now", NOW]).expect(0).stdout;
    let mut rows = std::fs::read_to_string(desk.path("hillside/sample/contacts.csv")).unwrap();
    for number in 0..20_000 {
        rows.push_str(&format!("N,Sample,n{number}@many.example,Many,m{number}.example,Construction,85,3\n"));
    }
    desk.file("many.csv", rows);
    // A small disk of its own, in a namespace of its own: nothing of it is left behind.
    let script = format!(
        "mkdir small && mount -t tmpfs -o size=1m tmpfs small && cp -r hillside/. small/ || exit 77
        '{0}' import small contacts many.csv --now {NOW} 2> said; code=$?
        rm -f small/*.rejected.csv; '{0}' score small --json --now {NOW} > after || code=99; exit $code",
        env!("CARGO_BIN_EXE_playbook")
    );
    let ran = Command::new("unshare").args(["-rm", "bash", "-c", &script]).current_dir(desk.path(".")).output();
    match ran.map(|ran| ran.status.code()) {
        Ok(Some(3)) => {}
        Ok(Some(1 | 77)) | Err(_) => return skipped("no disk can be mounted here"),
        Ok(code) => panic!("{code:?}: {}", desk.read("said")),
    }
    insta::assert_snapshot!(desk.read("said"), @r"
    error: `small/crm.db` cannot grow: the disk is full; nothing of this run was kept, so make room and
           run it again
    ");
    assert_eq!(desk.read("after").replace("\"Small\"", "\"Hillside\""), before, "what was there is still there");
}
