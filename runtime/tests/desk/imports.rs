//! Imports of good files: conversions, relations, what is new and what is not.

use compiler::program::Value;
use runtime::crm::Crm;
use runtime::import::{self, Request};

use crate::stand::{NOW, Stand};

const CONTACTS: &str = "extend Company {
  tools: list of text?
}
source contacts from csv into Contact by email {
  missing            \"n/a\"
  email              from \"E-mail\"
  first_name         from \"First name\"
  consent.email      from \"Newsletter\", \"Ja\" means yes
  needs.stated       from \"Needs\" split by \";\", \"none\" means empty
  company            from \"Domain\" lookup Company by domain or create
  company.name       from \"Company\"
  company.industry   from \"Industry\", \"Solar\" means solar_epc, others mean other
  company.employees  from \"Staff\"
  owner              from \"Owner\" lookup User by name
}
source people from csv into User by name {
  name  from \"Name\"
}
source clicks from csv into Event {
  reports  email.clicked, page.viewed since 2026-03-01
  contact  from \"E-mail\" lookup Contact by email
  at       from \"When\" as time \"%Y-%m-%d %H:%M\"
  name     from \"What\", \"click\" means email.clicked, \"page\" means page.viewed, \"noise\" means missing
  path     from \"Page\"
}
source talks from csv into Activity by external_id {
  external_id  from \"ID\"
  contact      from \"E-mail\" lookup Contact by email
  at           from \"When\"
  kind         from \"Kind\"
  body         from \"Text\"
}
source deals from csv into Deal by external_id {
  external_id  from \"ID\"
  status       from \"Status\"
  won_date     from \"Won\"
  lost_date    from \"Lost\"
  contact      from \"E-mail\" lookup Contact by email
}
source stages from csv into existing Deal by external_id {
  external_id  from \"ID\"
  stage        from \"Stage\"
}
source notes from csv into Task {
  title  from \"Title\"
}";

const HEADER: &str = "E-mail,First name,Newsletter,Needs,Domain,Company,Industry,Staff,Owner\n";
const ROWS: &str = "Ann@Example.com,Ann,Ja,speed;price,https://www.Solar.example/about,Solar Co,Solar,120,Kim\n\
    bo@example.com,n/a,no,none,solar.example,Solar Co,solar epc,120,Nobody\n\
    cy@example.com,Cy,,,,,,,\n";

fn stand() -> Stand {
    let mut stand = Stand::new(CONTACTS);
    stand.import("people", "Name\nKim\n").unwrap();
    stand
}

#[test]
fn a_file_becomes_contacts_with_what_they_belong_to() {
    let mut stand = stand();
    let report = stand.import("contacts", format!("{HEADER}{ROWS}")).unwrap();
    assert_eq!((report.rows, report.counts.created, report.counts.rejected), (3, 3, 0));
    assert_eq!(report.related.len(), 1);
    assert_eq!(
        (report.related[0].what.as_str(), report.related[0].created, report.related[0].updated),
        ("company", 1, 0)
    );
    assert_eq!(
        stand.rows(
            "SELECT email, first_name, consent_email, needs_stated, company_id, owner_id FROM contact ORDER BY id"
        ),
        ["ann@example.com|Ann|1|[\"speed\",\"price\"]|1|1", "bo@example.com|-|0|[]|1|-", "cy@example.com|Cy|-|-|-|-"]
    );
    assert_eq!(
        stand.rows("SELECT domain, name, industry, employees FROM company"),
        ["solar.example|Solar Co|solar_epc|120"]
    );
    let dangling = &report.dangling[0];
    assert_eq!(
        (dangling.field.as_str(), dangling.missing, dangling.examples.as_slice()),
        ("owner", 1, &["Nobody".to_owned()][..])
    );
    assert_eq!((dangling.entity.as_str(), dangling.by.as_str(), dangling.header.as_str()), ("user", "name", "Owner"));
    assert_eq!(stand.value(1, "company.employees"), Some(Value::Number("120".parse().unwrap())));
    assert_eq!(stand.value(3, "company.employees"), None);
}

#[test]
fn the_same_file_again_says_nothing_new() {
    let mut stand = stand();
    stand.import("contacts", format!("{HEADER}{ROWS}")).unwrap();
    let before = stand.rows("SELECT * FROM contact");
    let report = stand.import("contacts", format!("{HEADER}{ROWS}")).unwrap();
    assert_eq!((report.counts.created, report.counts.updated, report.counts.unchanged), (0, 0, 3));
    assert!(report.related.is_empty(), "{:?}", report.related);
    assert_eq!(stand.rows("SELECT * FROM contact"), before);
    assert_eq!(stand.count("import_change"), 0);
}

#[test]
fn an_empty_cell_erases_nothing_and_a_full_one_counts() {
    let mut stand = stand();
    stand.import("contacts", format!("{HEADER}{ROWS}")).unwrap();
    let report = stand.import("contacts", format!("{HEADER}ann@example.com,Anna,,,solar.example,,,130,\n")).unwrap();
    assert_eq!((report.counts.updated, report.counts.unchanged), (1, 0));
    assert_eq!((report.related[0].what.as_str(), report.related[0].updated), ("company", 1));
    assert_eq!(
        stand.rows("SELECT first_name, needs_stated, owner_id FROM contact WHERE id = 1"),
        ["Anna|[\"speed\",\"price\"]|1"]
    );
    assert_eq!(stand.rows("SELECT name, employees FROM company"), ["Solar Co|130"]);
}

#[test]
fn rows_of_one_key_are_one_record_and_the_later_counts() {
    let mut stand = stand();
    let twice =
        format!("{HEADER}ann@example.com,Ann,,,solar.example,,,100,\nANN@example.com,Anna,,,solar.example,,,120,\n");
    let report = stand.import("contacts", &twice).unwrap();
    assert_eq!((report.rows, report.counts.created, report.repeated, report.counts.unchanged), (2, 1, 1, 0));
    assert_eq!(stand.rows("SELECT first_name FROM contact"), ["Anna"]);
    // Changed to and fro within a file is no change.
    let report = stand.import("contacts", &twice).unwrap();
    assert_eq!((report.counts.created, report.counts.updated, report.counts.unchanged), (0, 0, 2));
    assert!(report.related.is_empty(), "{:?}", report.related);
}

#[test]
fn a_row_without_its_key_is_rejected_and_nothing_of_it_is_kept() {
    let mut stand = stand();
    let report = stand.import("contacts", format!("{HEADER}{ROWS},Di,,,new.example,New,,1,\n")).unwrap();
    assert_eq!((report.counts.created, report.counts.rejected), (3, 1));
    assert_eq!(
        report.rejections[0].line(),
        "line 5: `email` from \"E-mail\": the cell is empty, and rows are known again by it"
    );
    assert_eq!(stand.count("company"), 1);
}

#[test]
fn what_the_crm_refuses_takes_back_what_was_made_for_it() {
    let mut stand = stand();
    stand.import("contacts", format!("{HEADER}ann@example.com,Ann,,,,,,,\n")).unwrap();
    let deals = "ID,Status,Won,Lost,E-mail\n1,won,2026-01-01,2026-01-02,ann@example.com\n2,open,,,ann@example.com\n3,open,,,x@example.com\n";
    let report = stand.import("deals", deals).unwrap();
    assert_eq!((report.counts.created, report.counts.rejected, report.counts.dangling), (2, 1, 1));
    assert_eq!(report.rejections[0].line(), "line 2: the CRM's rule is: a deal is won or lost, not both");
}

#[test]
fn a_deal_that_was_lost_may_be_won() {
    let mut stand = stand();
    stand.import("deals", "ID,Status,Won,Lost,E-mail\n1,lost,,2026-01-02,\n").unwrap();
    stand.import("deals", "ID,Status,Won,Lost,E-mail\n1,won,2026-02-01,,\n").unwrap();
    assert_eq!(stand.rows("SELECT status, won_date, lost_date FROM deal"), ["won|2026-02-01|-"]);
}

#[test]
fn into_existing_makes_nothing() {
    let mut stand = stand();
    stand.import("deals", "ID,Status,Won,Lost,E-mail\n1,open,,,\n").unwrap();
    let report = stand.import("stages", "ID,Stage\n1,demo\n2,demo\n3,demo\n").unwrap();
    assert_eq!((report.counts.created, report.counts.updated, report.counts.rejected), (0, 1, 2));
    assert_eq!(
        (report.dangling[0].missing, report.dangling[0].examples.clone()),
        (2, vec!["2".to_owned(), "3".to_owned()])
    );
    assert_eq!(
        report.rejections[0].line(),
        "2 rows, the first in line 3: `external_id` from \"ID\": there is no deal with `2`, and the source makes none"
    );
}

#[test]
fn events_are_known_again_by_all_they_say() {
    let mut stand = stand();
    stand.import("contacts", format!("{HEADER}{ROWS}")).unwrap();
    let clicks = "E-mail,When,What,Page\nann@example.com,2026-04-01 09:00,page,/pricing\nann@example.com,2026-04-01 09:00,page,/about\n\
        bo@example.com,2026-04-02 10:00,click,\nbo@example.com,2026-04-02 10:00,noise,\nzed@example.com,2026-04-02 10:00,click,\n\
        ann@example.com,2026-04-01 09:00,page,/pricing\nann@example.com,2026-04-01 09:00,page,\n";
    let report = stand.import("clicks", clicks).unwrap();
    assert_eq!(
        (report.rows, report.counts.created, report.skipped, report.repeated, report.counts.rejected),
        (7, 3, 1, 1, 2)
    );
    let lines: Vec<String> = report.rejections.iter().map(import::Rejection::line).collect();
    assert_eq!(
        lines,
        [
            "line 6: `contact` from \"E-mail\": no contact has the email `zed@example.com`, so the event is nobody's",
            "line 8: `page.viewed` has no `path`, and such an event is never without it",
        ]
    );
    assert_eq!(
        stand.rows("SELECT contact_id, at, name, facts FROM event JOIN event_kind AS k ON k.id = kind ORDER BY contact_id, at, event.id"),
        [
            "1|1774987200000000|page.viewed|{\"path\":\"/pricing\"}",
            "1|1774987200000000|page.viewed|{\"path\":\"/about\"}",
            "2|1775077200000000|email.clicked|-",
        ]
    );
    let again = stand.import("clicks", clicks).unwrap();
    assert_eq!((again.counts.created, again.counts.updated, again.counts.unchanged), (0, 0, 4));
    assert_eq!(stand.count("event"), 3);
}

#[test]
fn conversations_are_activities() {
    let mut stand = stand();
    stand.import("contacts", format!("{HEADER}{ROWS}")).unwrap();
    let talks = "ID,E-mail,When,Kind,Text\nm1,ann@example.com,2026-04-01 09:00,Email,\"we copy,\nand paste\"\nm2,,2026-04-01 09:00,call,hm\nm3,ann@example.com,,call,hm\n";
    let report = stand.import("talks", talks).unwrap();
    assert_eq!((report.counts.created, report.counts.rejected), (2, 1));
    assert_eq!(
        report.rejections[0].line(),
        "line 5: `at` from \"When\": the cell is empty, and the field may not be missing"
    );
    assert_eq!(stand.rows("SELECT kind, body, contact_id FROM activity"), ["email|we copy,\nand paste|1", "call|hm|-"]);
}

#[test]
fn a_file_without_a_key_is_imported_once() {
    let mut stand = stand();
    let report = stand.import("notes", "Title\nCall Ann\nCall Ann\n").unwrap();
    assert_eq!(report.counts.created, 2);
    let again = stand.import("notes", "Title\nCall Ann\nCall Ann\n").unwrap();
    assert_eq!(again.already.map(|import| import.id), report.import);
    assert_eq!(stand.count("task"), 2);
}

#[test]
fn a_rehearsal_keeps_what_it_tried_until_its_end() {
    let mut stand = stand();
    let contacts = stand.file("contacts.csv", format!("{HEADER}{ROWS}"));
    let clicks = stand.file("clicks.csv", "E-mail,When,What,Page\nann@example.com,2026-04-01 10:00,click,\n");
    let path = stand.crm.path().to_path_buf();
    let real = std::mem::replace(&mut stand.crm, Crm::rehearse(&path, &stand.program).unwrap());
    let first = stand.import_file("contacts", &contacts, true).unwrap();
    assert_eq!((first.counts.created, first.dry_run, first.import), (3, true, None));
    let next = stand.import_file("clicks", &clicks, true).unwrap();
    assert_eq!((next.counts.created, next.counts.rejected), (1, 0), "{next:#?}");
    let again = stand.import_file("contacts", &contacts, true).unwrap();
    assert_eq!((again.counts.created, again.counts.unchanged), (0, 3), "{again:#?}");
    assert_eq!((stand.count("contact"), stand.count("event"), stand.count("import")), (0, 0, 1), "in the file");
    drop(std::mem::replace(&mut stand.crm, real));
    assert_eq!(stand.crm.imports().unwrap().len(), 1);
}

#[test]
fn a_dry_run_tells_all_and_keeps_nothing() {
    let mut stand = stand();
    let file = stand.file("contacts.csv", format!("{HEADER}{ROWS},Di,,,,,,,\n"));
    let report = stand.import_file("contacts", &file, true).unwrap();
    assert_eq!(
        (report.counts.created, report.counts.rejected, report.import, report.rejected_file),
        (3, 1, None, None)
    );
    assert_eq!((stand.count("contact"), stand.count("company"), stand.count("import")), (0, 0, 1));
    let left: Vec<_> =
        std::fs::read_dir(stand.folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().contains("rejected")), "{left:?}");
}

#[test]
fn a_preview_shows_what_cells_become() {
    let stand = stand();
    let file = stand.file("contacts.csv", format!("{HEADER}{ROWS}"));
    let source = stand.source("contacts");
    let request = Request {
        program: &stand.program,
        source: &source,
        file: &file,
        now: NOW.parse().unwrap(),
        dry_run: true,
        rejected: None,
    };
    let preview = import::preview(&request, 2).unwrap();
    let company = preview.columns.iter().find(|column| column.field == "company").unwrap();
    assert_eq!(company.lookup.as_deref(), Some("company by domain"));
    assert_eq!(company.cells[0].value.as_deref(), Some("solar.example"));
    let industry = preview.columns.iter().find(|column| column.field == "company.industry").unwrap();
    assert_eq!(industry.cells.iter().map(|cell| cell.value.as_deref()).collect::<Vec<_>>(), [Some("solar_epc"); 2]);
    assert_eq!(stand.count("contact"), 0);
}

#[test]
fn a_key_that_records_share_cannot_be_one() {
    let mut stand = Stand::new(
        "source a from csv into Contact by external_id {\n  external_id from \"ID\"\n  email from \"E-mail\"\n}\n\
        source b from csv into Contact by email {\n  email from \"E-mail\"\n}",
    );
    stand.import("a", "ID,E-mail\n1,x@example.com\n2,x@example.com\n").unwrap();
    let error = stand.import("b", "E-mail\nx@example.com\n").unwrap_err();
    insta::assert_snapshot!(error, @"several records share one `Contact.email`, such as `x@example.com` (1 in all): it cannot be the key by which rows are known again; choose another field after `by`, or make the values differ");
}

#[test]
fn a_lookup_that_finds_two_links_to_neither() {
    let mut stand = Stand::new(
        "source firms from csv into Company by external_id {\n  external_id from \"ID\"\n  name from \"Name\"\n}\n\
        source people from csv into Contact by email {\n  email from \"E-mail\"\n  company from \"Firm\" split by \";\", lookup Company by name or create\n}",
    );
    stand.import("firms", "ID,Name\n1,Twin\n2,Twin\n3,Solo\n").unwrap();
    let report = stand
        .import("people", "E-mail,Firm\na@example.com,Twin\nb@example.com,\"Gone; Solo\"\nc@example.com,Twin ; Solo\n")
        .unwrap();
    assert_eq!((report.dangling[0].ambiguous, report.dangling[0].missing), (1, 0));
    assert_eq!(
        stand.rows("SELECT email, company_id FROM contact"),
        ["a@example.com|-", "b@example.com|3", "c@example.com|3"]
    );
}

#[test]
fn progress_reaches_the_end() {
    let mut stand = stand();
    let rows: String = (0..5000).map(|index| format!("p{index}@example.com,P,,,,,,,\n")).collect();
    let file = stand.file("contacts.csv", format!("{HEADER}{rows}"));
    let source = stand.source("contacts");
    let request = Request {
        program: &stand.program,
        source: &source,
        file: &file,
        now: NOW.parse().unwrap(),
        dry_run: false,
        rejected: None,
    };
    let mut seen = Vec::new();
    import::run(&mut stand.crm, &request, &mut |progress| seen.push(progress)).unwrap();
    let last = seen.last().unwrap();
    assert_eq!((last.bytes, last.rows), (last.of, 5000));
    assert!(seen.len() == 3 && seen.is_sorted_by_key(|progress| progress.rows), "{seen:?}");
}

#[test]
fn freshness_is_noted_for_fields_that_are_asked_for_it() {
    let mut stand = Stand::new(
        "source a from csv into Contact by email {\n  email from \"E-mail\"\n  job_title from \"Job\"\n  city from \"City\"\n}\n\
        score s for Contact {\n  +1 when job_title is \"CEO\" known in the last 90 days because \"x\"\n  route {\n    hot when s >= 1\n    cold otherwise\n  }\n}",
    );
    stand.import("a", "E-mail,Job,City\na@example.com,CEO,Oslo\nb@example.com,,Oslo\n").unwrap();
    assert_eq!(
        stand.rows("SELECT entity, column_name, record, at FROM field_observation"),
        ["contact|job_title|1|1777593600000000"]
    );
    // Nobody looked again where the very same file comes again.
    stand.import("a", "E-mail,Job,City\na@example.com,CEO,Oslo\nb@example.com,,Oslo\n").unwrap();
    assert_eq!(stand.count("field_observation"), 1);
}

#[test]
fn two_people_with_one_key_are_told() {
    let source = "source leads from csv into Contact by email {
  email       from \"Email\"
  first_name  from \"First\"
  last_name   from \"Last\"
  job_title   from \"Job\"
}
source deals from csv into Deal by external_id {
  external_id         from \"ID\"
  contact             from \"Email\" lookup Contact by email or create
  contact.first_name  from \"First\"
}";
    let mut stand = Stand::new(source);
    let rows = "Email,First,Last,Job\ninfo@example.com,Ann,Smith,CEO\njo@example.com,Jo,Hill,CFO\n\
                info@example.com,Bo,Jones,CTO\njo@example.com,Joanna,Hill-Reed,CFO\ninfo@example.com,,,CFO\n";
    let expected = vec!["info@example.com: Ann Smith, then Bo Jones".to_owned()];
    let report = stand.import("leads", rows).unwrap();
    assert_eq!((report.merged.rows, report.merged.examples), (1, expected.clone()));
    assert_eq!(stand.rows("SELECT first_name FROM contact ORDER BY email"), ["Bo", "Joanna"]);
    // The file again leaves everything as it is, and is no better for that.
    let again = stand.import("leads", rows).unwrap();
    assert_eq!((again.counts.updated, again.merged.rows), (0, 1));
    // Whom another import calls differently has another name now, that is all.
    assert_eq!(stand.import("leads", "Email,First,Last,Job\ninfo@example.com,Cy,Moon,CEO\n").unwrap().merged.rows, 0);
    let rows = "ID,Email,First\n1,shop@example.com,Di\n2,shop@example.com,Eve\n3,info@example.com,Fay\n";
    let report = stand.import("deals", rows).unwrap();
    assert_eq!(report.merged.examples, ["shop@example.com: Di, then Eve"]);
}

#[test]
fn what_is_no_address_is_nobodys() {
    let source = "source leads from csv into Contact by email {
  email       from \"Email\"
  first_name  from \"Name\"
  owner       from \"Owner\" lookup User by email or create
}
source calls from csv into call.made {
  contact  from \"Email\" lookup Contact by email or create
  at       from \"At\"
}
source lax from csv into Contact by phone {
  phone  from \"Phone\"
  email  from \"Email\", \"none\" means missing
}";
    let mut stand = Stand::new(source);
    let rows =
        "Email,Name,Owner\nann@example.com,Ann,Jane Doe\nbo at example.com,Bo,\ncy@example.com,Cy,mo@example.com\n";
    let report = stand.import("leads", rows).unwrap();
    assert_eq!((report.counts.created, report.counts.rejected), (2, 1));
    insta::assert_snapshot!(report.rejections[0].line(), @r#"line 3: `email` from "Email": `bo at example.com` is not an e-mail address, which is written as in `ann@example.com`: correct it, or say that it means nothing, `"bo at example.com" means missing`"#);
    // The row of Ann has more to say than whose she is.
    assert_eq!((report.dangling[0].missing, report.dangling[0].examples.clone()), (1, vec!["Jane Doe".to_owned()]));
    assert_eq!(stand.rows("SELECT email FROM user"), ["mo@example.com"]);
    let report = stand.import("calls", "Email,At\nnobody,2026-04-01 10:00\ndi@example.com,2026-04-01 10:00\n").unwrap();
    assert_eq!((report.counts.created, report.counts.rejected, stand.count("contact")), (1, 1, 3));
    assert_eq!(stand.import("lax", "Phone,Email\n1,none\n2,eve@example.com\n").unwrap().counts.created, 2);
    assert_eq!(stand.rows("SELECT email FROM contact WHERE phone IS NOT NULL"), ["-", "eve@example.com"]);
}

#[test]
fn the_wrong_source_names_the_right_one_and_the_future_is_counted() {
    let mut stand = Stand::new(CONTACTS);
    stand.import("contacts", format!("{HEADER}{ROWS}")).unwrap();
    let clicks =
        "E-mail,When,What,Page\nann@example.com,2026-05-03 09:00,page,/a\nann@example.com,2026-04-03 09:00,page,/b\n";
    let wrong = stand.import("talks", clicks).unwrap_err().to_string();
    assert!(wrong.contains("its columns are those of the source `clicks`"), "{wrong}");
    let report = stand.import("clicks", clicks).unwrap();
    assert_eq!((report.counts.created, report.future, report.cleaned), (2, 1, 0));
}

#[test]
fn texts_of_several_lines_keep_them_and_names_do_not() {
    let mut stand = Stand::new(CONTACTS);
    let report = stand.import(
        "talks",
        "ID,E-mail,When,Kind,Text\n1\u{200b},,2026-04-03,note,\"a\tb\nc\u{1b}\"\n2,,2026-04-03,note,\"a\nb\"\n",
    );
    assert_eq!(report.unwrap().cleaned, 2);
}
