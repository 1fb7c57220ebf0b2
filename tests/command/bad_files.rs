//! Bad input as a user meets it: one clear error that says where and what to do, and nothing lost.

use std::io::Write as _;

use crate::support::{Desk, NOW, Ran};

const PLAYBOOK: &str = r#"client "A" {
  currency  NZD
  timezone  "Pacific/Auckland"
}

use std.crm

extend Contact {
  visits: number?
  joined: date?
}

source people from csv "people.csv" into Contact by email {
  email       from "Email"
  first_name  from "Name"
  visits      from "Visits"
  joined      from "Joined"
}
"#;

const GOOD: &str = "Email,Name,Visits,Joined\na@one.example,Ana,3,2026-03-01\nb@two.example,Ben,4,2026-03-02\n";

/// Imports a file over a CRM that holds one contact, and shows what is said and that the contact is still there.
fn import(contents: impl AsRef<[u8]>) -> (Desk, Ran) {
    let desk = Desk::new();
    desk.file("a/a.playbook", PLAYBOOK);
    desk.file("before.csv", "Email,Name,Visits,Joined\nkept@before.example,Kept,1,2026-01-01\n");
    desk.run(&["import", "a", "people", "before.csv", "--now", NOW]).expect(0);
    desk.file("people.csv", contents);
    let ran = desk.run(&["import", "a", "people", "people.csv", "--now", NOW]);
    (desk, ran)
}

fn people(desk: &Desk) -> Vec<String> {
    let database = rusqlite::Connection::open(desk.path("a/crm.db")).unwrap();
    let mut people = database.prepare("select email from contact order by email").unwrap();
    people.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

#[test]
fn a_good_file_is_imported() {
    let (desk, ran) = import(GOOD);
    insta::assert_snapshot!(ran.expect(0).page());
    assert_eq!(people(&desk), ["a@one.example", "b@two.example", "kept@before.example"]);
}

#[test]
fn a_byte_order_mark_is_simply_read() {
    let (desk, ran) = import(format!("\u{feff}{GOOD}"));
    ran.expect(0);
    assert_eq!(people(&desk).len(), 3);
}

#[test]
fn a_workbook_named_csv() {
    // What every .xlsx begins with: a zip archive.
    let (desk, ran) = import([b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00".as_slice(), &[0x9c; 4000]].concat());
    insta::assert_snapshot!(ran.expect(3).page());
    assert_eq!(people(&desk), ["kept@before.example"]);
}

#[test]
fn an_empty_header_over_data() {
    let (desk, ran) = import("Email,Name,Visits,Joined,\na@one.example,Ana,3,2026-03-01,secret\n");
    insta::assert_snapshot!(ran.expect(3).page());
    assert_eq!(people(&desk), ["kept@before.example"]);
}

#[test]
fn an_empty_header_over_empty_cells_is_a_note() {
    let (desk, ran) = import("Email,Name,Visits,Joined,\na@one.example,Ana,3,2026-03-01,\n");
    insta::assert_snapshot!(ran.expect(0).page());
    assert_eq!(people(&desk).len(), 2);
}

#[test]
fn a_duplicated_header() {
    let (desk, ran) = import("Email,Name,Visits,Name,Joined\na@one.example,Ana,3,Anna,2026-03-01\n");
    insta::assert_snapshot!(ran.expect(3).page());
    assert_eq!(people(&desk), ["kept@before.example"]);
}

#[test]
fn a_decimal_comma() {
    let (desk, ran) =
        import("Email;Name;Visits;Joined\na@one.example;Ana;1.234,5;2026-03-01\nb@two.example;Ben;4;2026-03-01\n");
    insta::assert_snapshot!(ran.expect(1).page());
    assert_eq!(people(&desk), ["b@two.example", "kept@before.example"]);
}

#[test]
fn fields_shifted_by_one() {
    let (desk, ran) =
        import("Email,Name,Visits,Joined\n,a@one.example,Ana,3,2026-03-01\nb@two.example,Ben,4,2026-03-01\n");
    insta::assert_snapshot!(ran.expect(1).page());
    assert_eq!(people(&desk), ["b@two.example", "kept@before.example"]);
}

#[test]
fn mixed_date_formats() {
    let (desk, ran) =
        import("Email,Name,Visits,Joined\na@one.example,Ana,3,2026-03-01\nb@two.example,Ben,4,03/04/2026\n");
    insta::assert_snapshot!(ran.expect(3).page());
    assert_eq!(people(&desk), ["kept@before.example"]);
}

#[test]
fn a_missing_column() {
    let (desk, ran) = import("Email,Name,Visit,Joined\na@one.example,Ana,3,2026-03-01\n");
    insta::assert_snapshot!(ran.expect(3).page());
    assert_eq!(people(&desk), ["kept@before.example"]);
}

#[test]
fn a_file_that_ends_in_the_middle_of_a_quote() {
    let (desk, ran) =
        import("Email,Name,Visits,Joined\na@one.example,Ana,3,2026-03-01\nb@two.example,\"Ben,4,2026-03-01\n");
    insta::assert_snapshot!(ran.expect(3).page());
    assert_eq!(people(&desk), ["kept@before.example"]);
}

#[test]
fn an_empty_file() {
    let (desk, ran) = import("");
    insta::assert_snapshot!(ran.expect(3).page());
    assert_eq!(people(&desk), ["kept@before.example"]);
}

#[test]
fn a_gigabyte_of_one_line() {
    let desk = Desk::new();
    desk.file("a/a.playbook", PLAYBOOK).file("people.csv", GOOD);
    // Sparse: it takes no place on the disk, and reads as a gigabyte without a line end.
    std::fs::OpenOptions::new().write(true).open(desk.path("people.csv")).unwrap().set_len(1 << 30).unwrap();
    insta::assert_snapshot!(
        "sparse",
        desk.run(&["import", "a", "people", "people.csv", "--now", NOW]).expect(3).page()
    );

    let mut file = std::fs::File::create(desk.path("people.csv")).unwrap();
    file.write_all(GOOD.as_bytes()).unwrap();
    let block = vec![b'x'; 1 << 20];
    for _ in 0..1024 {
        file.write_all(&block).unwrap();
    }
    insta::assert_snapshot!(
        "letters",
        desk.run(&["import", "a", "people", "people.csv", "--now", NOW]).expect(3).page()
    );
}

#[test]
fn rejected_rows_are_kept_with_their_reason() {
    let desk = Desk::new();
    desk.file("a/a.playbook", PLAYBOOK);
    desk.file(
        "people.csv",
        "Email,Name,Visits,Joined\na@one.example,Ana,many,2026-03-01\nb@two.example,Ben,4,2026-03-01\n",
    );
    desk.run(&["import", "a", "people", "people.csv", "--rejects", "rejects.csv", "--now", NOW]).expect(1);
    insta::assert_snapshot!(desk.read("rejects.csv"));
}

#[test]
fn rejected_rows_are_written_over_no_file_and_those_of_several_files_are_numbered() {
    let desk = Desk::new();
    desk.file("a/a.playbook", PLAYBOOK.replace("csv \"people.csv\"", "csv \"one.csv\", \"two.csv\""));
    desk.file("a/one.csv", GOOD.replace(",4,", ",four,"));
    desk.file("a/two.csv", GOOD.replace(",3,", ",three,"));
    let taken = desk.run(&["import", "a", "--rejects", "a/one.csv", "--now", NOW]).expect(3);
    assert!(taken.stderr.contains("there is such a file already"), "{}", taken.page());
    assert!(desk.read("a/one.csv").contains(",four,") && people(&desk).is_empty());
    let ran = desk.run(&["import", "a", "--rejects", "rejects.csv", "--now", NOW]).expect(1);
    assert!(ran.stdout.contains("rejects.csv") && ran.stdout.contains("rejects-2.csv"), "{}", ran.page());
    assert!(desk.read("rejects.csv").contains(",four,") && desk.read("rejects-2.csv").contains(",three,"));
}

#[test]
fn a_file_that_is_not_there() {
    let desk = Desk::new();
    desk.file("a/a.playbook", PLAYBOOK);
    insta::assert_snapshot!(desk.run(&["import", "a", "people", "gone.csv", "--now", NOW]).expect(3).page());
}
