//! Databases that are locked, damaged, full, read-only, newer or none: one clear message, and nothing is lost.

use runtime::crm::{Crm, CrmError};
use runtime::import::ImportError;

use crate::stand::{Stand, client};

const LEADS: &str =
    "source leads from csv into Contact by email {\n  email from \"Email\"\n  description from \"Text\"\n}";

fn plain(stand: &Stand, error: &dyn std::fmt::Display) -> String {
    error.to_string().replace(&format!("{}/", stand.folder.path().display()), "")
}

#[test]
fn a_locked_database_says_who_has_it() {
    let mut stand = Stand::new(LEADS);
    let other = stand.sql();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let error = stand.import("leads", "Email,Text\na@example.com,x\n").unwrap_err();
    insta::assert_snapshot!(stand.told(&error), @"`crm.db` is locked: another process is writing to it; wait until that is done, then run this again");
    // Reading is not writing.
    assert!(Crm::open(stand.crm.path(), &stand.program).unwrap().imports().unwrap().is_empty());
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(stand.import("leads", "Email,Text\na@example.com,x\n").unwrap().counts.created, 1);
}

#[test]
fn what_is_no_database_is_left_as_it_is() {
    let stand = Stand::new(LEADS);
    let path = stand.file(
        "notes.txt",
        "this is no database, and longer than a header of one hundred bytes would have to be to count as one",
    );
    let error = Crm::open(&path, &stand.program).map(drop).unwrap_err();
    insta::assert_snapshot!(plain(&stand, &error), @"`notes.txt` is not a database: it does not begin as SQLite files do; name another file with `--db`, or move this one away");
    assert!(std::fs::read_to_string(&path).unwrap().starts_with("this is no database"));
    let path = stand.folder.path().join("other.db");
    rusqlite::Connection::open(&path).unwrap().execute_batch("CREATE TABLE notes (text)").unwrap();
    let before = std::fs::read(&path).unwrap();
    let error = Crm::open(&path, &stand.program).map(drop).unwrap_err();
    insta::assert_snapshot!(plain(&stand, &error), @"`other.db` is a SQLite database, but not a CRM of playbook: name another file with `--db`, or move this one away");
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[test]
fn a_damaged_database_is_named_as_such() {
    let mut stand = Stand::new(LEADS);
    let rows: String = (0..2000).map(|index| format!("p{index}@example.com,some words to fill pages with\n")).collect();
    stand.import("leads", format!("Email,Text\n{rows}")).unwrap();
    let path = stand.crm.path().to_path_buf();
    let program = stand.program.clone();
    drop(stand.crm);
    let mut bytes = std::fs::read(&path).unwrap();
    let end = bytes.len();
    bytes[8192..end].fill(0xaa);
    std::fs::write(&path, &bytes).unwrap();
    let seen = Crm::open(&path, &program).and_then(|crm| crm.find_contact("p1@example.com").map(drop));
    let error = seen.unwrap_err();
    assert!(matches!(error, CrmError::Corrupt { .. }), "{error}");
    assert!(error.to_string().contains("is damaged: "), "{error}");
    assert!(error.to_string().contains("restore it from a backup"), "{error}");
}

#[test]
fn a_full_disk_keeps_what_there_was() {
    let mut stand = Stand::new(LEADS);
    stand.import("leads", "Email,Text\na@example.com,x\n").unwrap();
    let pages: i64 = stand.sql().query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
    stand.crm.limit_pages(pages + 5).unwrap();
    let rows: String = (0..5000).map(|index| format!("p{index}@example.com,{}\n", "long ".repeat(50))).collect();
    let error = stand.import("leads", format!("Email,Text\n{rows}")).unwrap_err();
    insta::assert_snapshot!(stand.told(&error), @"`crm.db` cannot grow: the disk is full; nothing of this run was kept, so make room and run it again");
    assert!(matches!(error, ImportError::Crm(CrmError::Full { .. })));
    assert_eq!(stand.rows("SELECT email FROM contact"), ["a@example.com"]);
    assert_eq!((stand.count("import"), stand.rows("PRAGMA integrity_check")), (1, vec!["ok".to_owned()]));
    stand.crm.limit_pages(i64::from(u32::MAX) - 2).unwrap();
    assert_eq!(stand.import("leads", format!("Email,Text\n{rows}")).unwrap().counts.created, 5000);
}

#[test]
fn a_newer_schema_is_left_to_a_newer_version() {
    let stand = Stand::new(LEADS);
    stand.sql().pragma_update(None, "user_version", 99).unwrap();
    let error = Crm::open(stand.crm.path(), &stand.program).map(drop).unwrap_err();
    assert!(matches!(error, CrmError::Newer { found: 99, .. }), "{error}");
}

#[test]
fn a_folder_that_is_not_there() {
    let stand = Stand::new(LEADS);
    let error = Crm::open(&stand.folder.path().join("gone/crm.db"), &stand.program).map(drop).unwrap_err();
    insta::assert_snapshot!(plain(&stand, &error), @"`gone/crm.db` cannot be opened: unable to open database file; check that its folder is there and that you may write to it");
}

#[test]
fn two_open_crms_see_the_same() {
    let mut stand = Stand::new(LEADS);
    let other = Crm::open(stand.crm.path(), &client(LEADS)).unwrap();
    stand.import("leads", "Email,Text\na@example.com,x\n").unwrap();
    assert_eq!(other.imports().unwrap().len(), 1);
}
