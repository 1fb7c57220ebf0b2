//! Undoing imports: what they made goes, what they changed comes back, and what later work stands on stays.

use jiff::Timestamp;
use runtime::crm::ImportId;

use crate::stand::{NOW, Stand};

const SOURCES: &str = "source contacts from csv into Contact by email {
  email         from \"E-mail\"
  first_name    from \"Name\"
  company       from \"Domain\" lookup Company by domain or create
  company.name  from \"Firm\"
}
source clicks from csv into email.clicked by external_id {
  external_id  from \"ID\"
  contact      from \"E-mail\" lookup Contact by email
  at           from \"When\"
  url          from \"Url\"
}";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn everything(stand: &Stand) -> Vec<String> {
    let mut rows = Vec::new();
    for table in
        ["contact", "company", "user", "deal", "activity", "task", "event", "field_observation", "import_change"]
    {
        rows.push(table.to_owned());
        rows.extend(stand.rows(&format!("SELECT * FROM {table} ORDER BY 1, 2")));
    }
    rows
}

const FIRST: &str = "E-mail,Name,Domain,Firm\nann@example.com,Ann,solar.example,Solar\nbo@example.com,Bo,,\n";
const SECOND: &str =
    "E-mail,Name,Domain,Firm\nann@example.com,Anna,solar.example,Solar Co\ncy@example.com,Cy,wind.example,Wind\n";

#[test]
fn the_last_import_leaves_no_trace() {
    let mut stand = Stand::new(SOURCES);
    stand.import("contacts", FIRST).unwrap();
    let before = everything(&stand);
    stand.import("contacts", SECOND).unwrap();
    let undone = stand.crm.undo(None, now()).unwrap();
    assert_eq!((undone.removed, undone.restored), (vec![("contact".into(), 1), ("company".into(), 1)], 2));
    assert_eq!(everything(&stand), before);
    let undone = stand.crm.undo(None, now()).unwrap();
    assert_eq!(undone.import.id, ImportId(1));
    assert_eq!((stand.count("contact"), stand.count("company")), (0, 0));
    let error = stand.crm.undo(None, now()).unwrap_err();
    insta::assert_snapshot!(error, @"there is no import at all that could be undone: every import there was has been undone already");
}

#[test]
fn what_later_imports_changed_is_not_undone() {
    let mut stand = Stand::new(SOURCES);
    stand.import("contacts", FIRST).unwrap();
    stand.import("contacts", SECOND).unwrap();
    let before = everything(&stand);
    let error = stand.crm.undo(Some(ImportId(1)), now()).unwrap_err();
    insta::assert_snapshot!(error, @"import 1 cannot be undone: import 2 (`contacts` from contacts.csv) changed 2 of the same records; undo that first");
    assert_eq!(everything(&stand), before);
}

#[test]
fn what_later_imports_belong_to_is_not_undone() {
    let mut stand = Stand::new(SOURCES);
    stand.import("contacts", FIRST).unwrap();
    stand.import("clicks", "ID,E-mail,When,Url\n1,bo@example.com,2026-04-01,/a\n").unwrap();
    let error = stand.crm.undo(Some(ImportId(1)), now()).unwrap_err();
    insta::assert_snapshot!(error, @"import 1 cannot be undone: import 2 (`clicks` from clicks.csv) has 1 of its own that belong to a contact made by this one; undo that first");
    stand.crm.undo(Some(ImportId(2)), now()).unwrap();
    stand.crm.undo(Some(ImportId(1)), now()).unwrap();
    assert_eq!((stand.count("event"), stand.count("contact")), (0, 0));
}

#[test]
fn events_that_changed_come_back() {
    let mut stand = Stand::new(SOURCES);
    stand.import("contacts", FIRST).unwrap();
    stand
        .import("clicks", "ID,E-mail,When,Url\n1,bo@example.com,2026-04-01,/a\n2,bo@example.com,2026-04-02,/b\n")
        .unwrap();
    let before = everything(&stand);
    let report = stand.import("clicks", "ID,E-mail,When,Url\n1,ann@example.com,2026-04-03,/c\n2,bo@example.com,2026-04-02,/b\n3,bo@example.com,2026-04-02,/b\n").unwrap();
    assert_eq!((report.counts.created, report.counts.updated, report.counts.unchanged), (1, 1, 1));
    stand.crm.undo(None, now()).unwrap();
    assert_eq!(everything(&stand), before);
}

#[test]
fn an_import_that_is_not_there_or_was_undone_says_so() {
    let mut stand = Stand::new(SOURCES);
    let error = stand.crm.undo(Some(ImportId(7)), now()).unwrap_err();
    insta::assert_snapshot!(error, @"there is no import 7 that could be undone: nothing was imported");
    stand.import("contacts", FIRST).unwrap();
    let error = stand.crm.undo(Some(ImportId(7)), now()).unwrap_err();
    insta::assert_snapshot!(error, @"there is no import 7 that could be undone: those that could be are 1");
    stand.crm.undo(None, now()).unwrap();
    let error = stand.crm.undo(Some(ImportId(1)), now()).unwrap_err();
    insta::assert_snapshot!(error, @"there is no import 1 that could be undone: it was undone at 2026-05-01T00:00:00Z");
}

#[test]
fn without_a_number_imports_that_changed_nothing_are_passed_over() {
    let mut stand = Stand::new(SOURCES);
    stand.import("contacts", FIRST).unwrap();
    stand.import("contacts", FIRST).unwrap();
    stand.import("clicks", "ID,E-mail,When,Url\n").unwrap();
    assert_eq!(stand.crm.undo(None, now()).unwrap().import.id, ImportId(1));
    let error = stand.crm.undo(None, now()).unwrap_err();
    insta::assert_snapshot!(error, @"there is no import at all that could be undone: those that stand changed nothing");
    assert_eq!(stand.crm.undo(Some(ImportId(2)), now()).unwrap().import.id, ImportId(2), "its number still names it");
}

#[test]
fn an_import_that_only_made_a_company_is_undone_without_its_number() {
    let mut stand = Stand::new(SOURCES);
    stand.import("contacts", FIRST).unwrap();
    stand.import("contacts", FIRST.replace(",Solar\n", ",Solar Co\n")).unwrap();
    assert_eq!(stand.crm.undo(None, now()).unwrap().import.id, ImportId(2));
    assert_eq!(stand.rows("SELECT name FROM company"), ["Solar"]);
}

#[test]
fn a_damaged_image_is_an_error_and_nothing_is_undone() {
    for damaged in ["{\"first_name\": \"An", "{}"] {
        let mut stand = Stand::new(SOURCES);
        stand.import("contacts", FIRST).unwrap();
        stand.import("contacts", SECOND).unwrap();
        let sql = stand.sql();
        sql.execute_batch("PRAGMA ignore_check_constraints = ON").unwrap();
        sql.execute("UPDATE import_change SET before = ?1 WHERE entity = 'contact'", [damaged]).unwrap();
        let before = everything(&stand);
        let error = stand.crm.undo(None, now()).unwrap_err();
        assert!(matches!(error, runtime::crm::CrmError::DamagedImage { import: 2, .. }), "{error}");
        assert_eq!(everything(&stand), before);
        assert_eq!(stand.crm.imports().unwrap()[0].undone, None);
    }
}

#[test]
fn a_file_that_was_undone_can_be_imported_again() {
    let mut stand = Stand::new(SOURCES);
    let first = stand.import("contacts", FIRST).unwrap();
    stand.crm.undo(None, now()).unwrap();
    let again = stand.import("contacts", FIRST).unwrap();
    assert_eq!(again.counts, first.counts);
    assert_eq!(stand.crm.imports().unwrap().len(), 2);
}
