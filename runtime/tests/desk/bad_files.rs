//! Files that cannot be imported: each gives one clear message, and nothing of it is kept.

use crate::stand::Stand;

const LEADS: &str = "extend Contact {
  visits: number?
  worth:  money?
  seen:   date?
}
source leads from csv into Contact by email {
  missing     \"Select\"
  email       from \"Email\"
  first_name  from \"First Name\"
  visits      from \"Visits\"
  worth       from \"Worth\"
  seen        from \"Seen\"
}";

const HEADER: &str = "Email,First Name,Visits,Worth,Seen\n";

fn leads() -> Stand {
    Stand::new(LEADS)
}

fn refusal(rows: &str) -> String {
    leads().refusal("leads", format!("{HEADER}{rows}"))
}

#[test]
fn a_workbook_named_csv() {
    insta::assert_snapshot!(leads().refusal("leads", b"PK\x03\x04\x14\x00\x06\x00"), @"`leads.csv` is an Excel workbook (.xlsx) or another zip file, whatever its name says; open it and save the sheet as CSV UTF-8");
}

#[test]
fn an_empty_file_and_one_that_is_not_there() {
    let mut stand = leads();
    insta::assert_snapshot!(stand.refusal("leads", ""), @"`leads.csv` is empty: there is not even a header line; export it again");
    let missing = stand.folder.path().join("gone.csv");
    let error = stand.import_file("leads", &missing, false).unwrap_err();
    insta::assert_snapshot!(stand.told(&error), @"`gone.csv` cannot be read: No such file or directory (os error 2); check the path and its permissions");
}

#[test]
fn a_missing_column_says_which_field_wants_it_and_which_header_is_nearest() {
    insta::assert_snapshot!(leads().refusal("leads", "E-Mail,First name,Visits,Seen\na@example.com,Ann,1,2026-01-01\n"), @"the file does not fit the source `leads`: there is no column `Email` for `email`, did you mean `E-Mail`?; there is no column `First Name` for `first_name`, did you mean `First name`?; there is no column `Worth` for `worth`; correct the header in the source, or export the file with that column");
}

#[test]
fn another_separator_than_the_one_declared() {
    let mut stand = Stand::new(&LEADS.replace("missing     \"Select\"", "separator \";\""));
    let told = stand.refusal("leads", format!("{HEADER}a@example.com,Ann,1,2,2026-01-01\n"));
    assert!(
        told.ends_with("the header line is one cell, so the separator seems to be another: say `separator \",\"`"),
        "{told}"
    );
}

#[test]
fn a_duplicated_header() {
    insta::assert_snapshot!(leads().refusal("leads", "Email,First Name,Visits,Worth,Seen, Visits \na@example.com,Ann,1,2,2026-01-01,3\n"), @"the header `Visits` is there 2 times (columns 3, 6): which one is meant nobody can tell; rename all but one");
}

#[test]
fn an_empty_header_over_data() {
    insta::assert_snapshot!(leads().refusal("leads", "Email,First Name,Visits,Worth,Seen,\na@example.com,Ann,1,2,2026-01-01,\nb@example.com,Bo,1,2,2026-01-01,oops\n"), @"column 6 has no header, but line 3 has `oops` in it: give it a header, or, if the cells of that line are shifted, export the file again");
}

#[test]
fn an_empty_header_over_empty_cells_is_a_note() {
    let mut stand = leads();
    let report =
        stand.import("leads", "Email,First Name,Visits,Worth,Seen,\na@example.com,Ann,1,2,2026-01-01,\n").unwrap();
    assert_eq!(report.counts.created, 1);
    assert_eq!(report.notes, ["column 6 has no header and no data: it is left out"]);
}

#[test]
fn a_decimal_comma_that_nobody_declared() {
    insta::assert_snapshot!(refusal("a@example.com,Ann,\"3,5\",,\nb@example.com,Bo,\"1.234,5\",,\nc@example.com,Cy,2,,\n"), @r#"
    2 of 3 rows cannot be read, so nothing was imported:
    2 rows, the first in line 2: `visits` from "Visits": `3,5` seems to have a decimal comma: say `decimal comma` in the source
    "#);
}

#[test]
fn fields_shifted_by_one() {
    insta::assert_snapshot!(refusal("a@example.com,Ann,1,2,2026-01-01\nb@example.com,Smith,Bo,1,2,2026-01-01\nc@example.com,Ray,Cy,1,2,2026-01-01\n"), @"from line 3 on, rows have 6 cells and the header has 5: 2 of 3 rows do not fit, so the cells are shifted and nothing was imported; look for a `,` in line 3 that is not in quotes, or export the file again");
}

#[test]
fn a_few_rows_that_do_not_fit_are_rejected_alone() {
    let mut stand = leads();
    let report = stand
        .import(
            "leads",
            format!("{HEADER}a@example.com,Ann,1,2,2026-01-01\nb@example.com,Bo,1,2,2026-01-01\nc@example.com,Cy\n"),
        )
        .unwrap();
    assert_eq!((report.counts.created, report.counts.rejected), (2, 1));
    let rejected = std::fs::read_to_string(report.rejected_file.unwrap()).unwrap();
    insta::assert_snapshot!(rejected, @"
    Email,First Name,Visits,Worth,Seen,rejected in line,rejected because
    c@example.com,Cy,,,,4,the row has 2 cells and the header has 5
    ");
}

#[test]
fn mixed_date_formats() {
    insta::assert_snapshot!(refusal("a@example.com,Ann,1,2,2026-04-03\nb@example.com,Bo,1,2,03/04/2026\nc@example.com,Cy,1,2,2026-04-05\n"), @r#"`seen` from "Seen" has 2 cells like `2026-04-03` and 1 cell like `03/04/2026` (the first in line 3); its dates are written in several ways: write them all in one, then import again"#);
}

#[test]
fn dates_that_could_be_two() {
    insta::assert_snapshot!(refusal("a@example.com,Ann,1,2,03/04/2026\nb@example.com,Bo,1,2,05/04/2026\n"), @r#"`seen` from "Seen" has 2 cells like `03/04/2026` (the first in line 2); day or month may come first in all of them: say `as date "%d/%m/%Y"` or `as date "%m/%d/%Y"` in the source"#);
}

#[test]
fn a_file_that_ends_in_the_middle_of_a_quote() {
    insta::assert_snapshot!(refusal("a@example.com,Ann,1,2,2026-04-03\nb@example.com,\"Bo,1,2,2026-04-03\nc@example.com,Cy,1,2,2026-04-05\n"), @r#"the file ends inside a quoted cell: the quote in line 3 (column 2) is never closed; either the file was cut off, then export it again, or a `"` in that line has to be doubled"#);
}

#[test]
fn a_row_beyond_all_measure_is_refused_without_reading_it_all() {
    // 64 MiB of one line, of which no more than the cap may be held; a gigabyte is no different but slower to write.
    let mut content = HEADER.as_bytes().to_vec();
    content.resize(64 * 1024 * 1024, b'x');
    insta::assert_snapshot!(leads().refusal("leads", content), @"line 2 is longer than 8 MiB, which no row of a table is: the file is no CSV, or its line breaks are lost; export it again");
}

#[test]
fn text_in_another_encoding() {
    insta::assert_snapshot!(leads().refusal("leads", [HEADER.as_bytes(), b"a@example.com,M\xfcller,1,2,2026-04-03\n"].concat()), @r#"line 2 is not UTF-8: byte 0xfc at position 50 of the file means nothing in it; if the file is in windows-1252, say `encoding "windows-1252"` in the source, or save it as UTF-8"#);
    let mut stand = Stand::new(&LEADS.replace("missing     \"Select\"", "encoding \"windows-1252\""));
    let report =
        stand.import("leads", [HEADER.as_bytes(), b"a@example.com,M\xfcller,1,2,2026-04-03\n"].concat()).unwrap();
    assert_eq!(report.counts.created, 1);
    assert_eq!(stand.rows("SELECT first_name FROM contact"), ["Müller"]);
}

#[test]
fn byte_order_marks_are_simply_read() {
    let mut stand = leads();
    let text = format!("\u{feff}{HEADER}a@example.com,Zoë,1,2,2026-04-03\r\n");
    assert_eq!(stand.import("leads", &text).unwrap().counts.created, 1);
    let wide: Vec<u8> = text.replace("a@", "b@").encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(stand.import("leads", wide).unwrap().counts.created, 1);
    assert_eq!(stand.rows("SELECT email, first_name FROM contact"), ["a@example.com|Zoë", "b@example.com|Zoë"]);
}

#[test]
fn money_in_another_currency_is_no_money_of_ours() {
    let told = refusal("a@example.com,Ann,1,US$ 5,2026-04-03\n");
    assert!(told.contains("`US$ 5` is in US$, and the client's currency is NZD: convert the column first"), "{told}");
}

#[test]
fn a_preset_needs_its_signature() {
    let mut stand = Stand::of(crate::stand::client("use std.presets.hubspot"));
    insta::assert_snapshot!(stand.refusal("hubspot.deals", "Record ID,Deal name,Deal Stage\n1,A,open\n"), @"the file does not fit the source `hubspot.deals`: there is no column `Deal Name`, did you mean `Deal name`?; there is no column `Pipeline`; correct the header in the source, or export the file with that column");
}

#[test]
fn rejected_rows_that_cannot_be_written_are_said_to_be_so() {
    let mut stand = leads();
    let report = stand.import_with_rejects("leads", &one_rejected(), "gone/rejects.csv").unwrap();
    assert_eq!((report.counts.created, report.counts.rejected), (1, 1));
    let told = report.rejected_file_error.unwrap();
    assert!(told.starts_with("the rejected rows could not be written to `"), "{told}");
}

fn one_rejected() -> String {
    format!("{HEADER}a@example.com,Ann,1,2,2026-01-01\n,Bo,1,2,2026-01-01\n")
}

#[test]
fn rejected_rows_are_never_written_over_a_file() {
    let mut stand = leads();
    let read = |stand: &Stand, name: &str| std::fs::read(stand.folder.path().join(name)).unwrap();
    for name in ["leads.csv", "crm.db", "mine.playbook"] {
        stand.file("mine.playbook", "client");
        let before = read(&stand, "crm.db");
        let error = stand.import_with_rejects("leads", &one_rejected(), name).unwrap_err();
        assert_eq!(
            stand.told(&error),
            format!(
                "the rejected rows cannot go to `{name}`: there is such a file already, and none is written over; name another with `--rejects`"
            )
        );
        assert_eq!((stand.count("import"), read(&stand, "crm.db")), (0, before));
        assert_eq!(read(&stand, "mine.playbook"), b"client");
        assert_eq!(read(&stand, "leads.csv"), one_rejected().as_bytes());
    }
}

#[test]
fn rejected_rows_of_a_second_import_stand_beside_those_of_the_first() {
    let mut stand = leads();
    let names: Vec<String> = ["Bo", "Cy", "Di"]
        .map(|name| {
            let report = stand.import("leads", one_rejected().replace("Bo", name)).unwrap();
            let path = report.rejected_file.unwrap();
            assert!(std::fs::read_to_string(&path).unwrap().contains(&format!(",{name},1,2,2026-01-01,3,")), "{name}");
            path.file_name().unwrap().to_str().unwrap().to_owned()
        })
        .to_vec();
    assert_eq!(names, ["leads.rejected.csv", "leads.rejected-2.csv", "leads.rejected-3.csv"]);
    let left = std::fs::read_dir(stand.folder.path())
        .unwrap()
        .filter(|entry| entry.as_ref().unwrap().file_name().to_str().unwrap().ends_with(".part"));
    assert_eq!(left.count(), 0);
}

#[test]
fn one_day_that_there_is_not_is_a_rejected_row() {
    let mut stand = Stand::new(&LEADS.replace("from \"Seen\"", "from \"Seen\" as date \"%d.%m.%Y\""));
    let rows = "a@example.com,Ann,1,2,28.02.2026\nb@example.com,Bo,1,2,31.02.2026\nc@example.com,Cy,1,2,01.03.2026\n";
    let report = stand.import("leads", format!("{HEADER}{rows}")).unwrap();
    assert_eq!((report.counts.created, report.counts.rejected), (2, 1));
    insta::assert_snapshot!(report.rejections[0].line(), @r#"line 3: `seen` from "Seen": `31.02.2026` names a day that there is not"#);
}

#[test]
fn two_numbers_in_one_cell_are_a_rejected_row() {
    let mut stand = leads();
    let rows = "a@example.com,Ann,1 200,2,\nb@example.com,Bo,12 15,2,\nc@example.com,Cy,3,2,\n";
    let report = stand.import("leads", format!("{HEADER}{rows}")).unwrap();
    assert_eq!((report.counts.created, report.counts.rejected), (2, 1));
    insta::assert_snapshot!(report.rejections[0].line(), @r#"line 3: `visits` from "Visits": `12 15` is not one number: a blank or an apostrophe only stands before groups of three digits"#);
    assert_eq!(stand.rows("SELECT visits FROM contact"), ["1200", "3"]);
}

#[test]
fn a_point_that_may_stand_for_thousands_is_rejected() {
    let mut stand = leads();
    let rows = "a@example.com;Ann;1.5;2;\nb@example.com;Bo;12.000;2;\nc@example.com;Cy;3;2;\n";
    let report = stand.import("leads", format!("{}{rows}", HEADER.replace(',', ";"))).unwrap();
    assert_eq!((report.counts.created, report.counts.rejected), (2, 1));
    insta::assert_snapshot!(report.rejections[0].line(), @r#"line 3: `visits` from "Visits": `12.000` could be 12000 or 12.000, as the file's cells are separated by `;`: say `decimal comma` in the source, or write it without the point"#);
}

#[test]
fn every_prefix_of_a_file_is_imported_or_refused_and_leaves_the_crm_whole() {
    let text =
        format!("{HEADER}a@example.com,\"Ann \"\"A\"\"\",1,2,2026-01-01\r\nb@example.com,Zoë,2,3,2026-01-02\r\n");
    for end in (0..=text.len()).filter(|end| text.is_char_boundary(*end)) {
        let mut stand = leads();
        match stand.import("leads", &text.as_bytes()[..end]) {
            Ok(report) => assert_eq!(stand.count("contact"), i64::try_from(report.counts.created).unwrap(), "{end}"),
            Err(error) => assert_eq!(stand.count("import"), 0, "{end}: {error}"),
        }
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(48))]

    #[test]
    fn no_bytes_are_a_trap(header in proptest::bool::ANY, bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
        let mut stand = leads();
        let content = if header { [HEADER.as_bytes(), &bytes].concat() } else { bytes };
        match stand.import("leads", content) {
            Ok(report) => proptest::prop_assert_eq!(stand.count("contact"), i64::try_from(report.counts.created).unwrap()),
            Err(_) => proptest::prop_assert_eq!(stand.count("import"), 0),
        }
    }

    #[test]
    fn no_cells_are_a_trap(cells in "([a-z@.,;\"\n]|[0-9]|2026-|/|\\$|%|,){0,200}") {
        let mut stand = leads();
        match stand.import("leads", format!("{HEADER}{cells}")) {
            Ok(report) => {
                let counts = report.counts;
                let told = counts.created + counts.updated + counts.unchanged + counts.rejected + report.repeated;
                proptest::prop_assert_eq!(told, report.rows);
            }
            Err(_) => proptest::prop_assert_eq!(stand.count("import"), 0),
        }
    }
}
