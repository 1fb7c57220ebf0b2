//! The presets on made-up exports of all four CRMs: chosen by their headers alone, and every relation resolves.

use std::path::PathBuf;

use compiler::program::Program;
use runtime::import::{self, Detected, Report};

use crate::stand::{NOW, Stand, client};

const ALL: &str =
    "use std.presets.hubspot\nuse std.presets.salesforce\nuse std.presets.pipedrive\nuse std.presets.twenty";

fn export(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/exports").join(name)
}

fn detected<'p>(program: &'p Program, file: &str) -> &'p str {
    match import::detect(program, &export(file)).unwrap() {
        Detected::One(source) => source.name.as_str(),
        other => panic!("{file}: {other:?}"),
    }
}

/// Imports the files of one CRM in order, each by the preset that its headers choose; nothing may be left over.
fn import_all(crm: &str, files: &[&str]) -> (Stand, Vec<Report>) {
    let mut stand = Stand::of(client(ALL));
    let mut reports = Vec::new();
    for file in files {
        let file = format!("{crm}/{file}.csv");
        let source = detected(&stand.program, &file).to_owned();
        assert!(source.starts_with(crm), "{file} was taken for {source}");
        let copy = stand.folder.path().join("export.csv");
        std::fs::copy(export(&file), &copy).unwrap();
        let report = stand.import_file(&source, &copy, false).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert_eq!(report.counts.rejected, 0, "{file}: {:#?}", report.rejections);
        assert_eq!(report.dangling, [], "{file}");
        reports.push(report);
        // The same export again is nothing new.
        let again = stand.import_file(&source, &copy, false).unwrap();
        assert_eq!((again.counts.created, again.counts.updated, again.related.len()), (0, 0, 0), "{file}: {again:#?}");
    }
    (stand, reports)
}

#[test]
fn hubspot() {
    let (stand, _) = import_all("hubspot", &["companies", "contacts", "deals"]);
    assert_eq!(
        stand.rows(
            "SELECT c.first_name, c.email, c.lifecycle_stage, f.name, f.industry, u.email FROM contact AS c \
             JOIN company AS f ON f.id = c.company_id JOIN user AS u ON u.id = c.owner_id ORDER BY c.id"
        ),
        [
            "Tāmati|tamati@kauriridge.example|sales_qualified_lead|Kauri Ridge Builders|construction|mere.tane@desk.example",
            "Ines|ines@southernlight.example|opportunity|Southern Light Solar|energy|joss.ward@desk.example",
            "Bram|bram@paperboat.example|lead|Paper Boat Studio|agency|mere.tane@desk.example",
        ]
    );
    assert_eq!(
        stand.rows(
            "SELECT d.name, d.status, d.value, d.close_date, c.last_name, f.name FROM deal AS d \
             JOIN contact AS c ON c.id = d.contact_id JOIN company AS f ON f.id = d.company_id ORDER BY d.id"
        ),
        [
            "Kauri Ridge, yearly|won|18400.5|2026-04-18|Raukura|Kauri Ridge Builders",
            "Southern Light pilot|open|6200|2026-06-30|Okafor|Southern Light Solar",
            "Paper Boat|lost|-|2026-03-02|de Wit|Paper Boat Studio",
        ]
    );
}

#[test]
fn salesforce() {
    let (stand, reports) =
        import_all("salesforce", &["accounts", "contacts", "leads", "opportunities", "loaded_opportunities"]);
    assert_eq!(
        reports[1].related.iter().map(|of| (of.what.as_str(), of.created)).collect::<Vec<_>>(),
        [("company", 1)]
    );
    assert_eq!(
        stand.rows(
            "SELECT c.last_name, f.name, u.name FROM contact AS c JOIN company AS f ON f.id = c.company_id \
             JOIN user AS u ON u.id = c.owner_id ORDER BY c.id"
        ),
        [
            "Kingi|Harbour Freight Lines|Wiremu Pohatu",
            "Novak|Tui Analytics|Lena Marsh",
            "Berg|Fjord Labs|Lena Marsh",
            "Walker|Walker Roofing|Wiremu Pohatu",
            "Perrin|Perrin & Filles|Lena Marsh",
        ]
    );
    assert_eq!(
        stand.rows("SELECT name, domain, industry, employees, annual_revenue, street FROM company WHERE id = 1"),
        ["Harbour Freight Lines|harbourfreight.example|logistics|310|52000000|1 Quay Rd Level 2"]
    );
    assert_eq!(
        stand.rows("SELECT consent_email FROM contact WHERE last_name IN ('Walker', 'Perrin') ORDER BY id"),
        ["-", "0"]
    );
    assert_eq!(
        stand.rows("SELECT d.name, d.status, d.probability, f.name, c.last_name FROM deal AS d JOIN company AS f ON f.id = d.company_id \
             LEFT JOIN contact AS c ON c.id = d.contact_id ORDER BY d.id"),
        [
            "Harbour fleet|open|90|Harbour Freight Lines|Kingi",
            "Tui renewal|won|100|Tui Analytics|Novak",
            "Harbour depots|lost|0|Harbour Freight Lines|-",
        ]
    );
}

#[test]
fn pipedrive() {
    let (stand, _) = import_all("pipedrive", &["organizations", "persons", "deals", "activities"]);
    assert_eq!(
        stand.rows(
            "SELECT c.last_name, f.domain, u.name FROM contact AS c LEFT JOIN company AS f ON f.id = c.company_id \
             LEFT JOIN user AS u ON u.id = c.owner_id ORDER BY c.id"
        ),
        ["Niko Saari|moanamarine.example|Ropata Hale", "Yara Haddad|cirrus.example|Ropata Hale", "Solo Trader|-|-"]
    );
    assert_eq!(
        stand.rows(
            "SELECT d.name, d.status, d.won_date, d.lost_date, c.last_name, f.name FROM deal AS d \
             JOIN contact AS c ON c.id = d.contact_id LEFT JOIN company AS f ON f.id = d.company_id ORDER BY d.id"
        ),
        [
            "Moana refit|open|-|-|Niko Saari|Moana Marine",
            "Cirrus seats|won|2026-04-03|-|Yara Haddad|Cirrus Cloudworks",
            "Trader trial|lost|-|2026-03-20|Solo Trader|-",
        ]
    );
    assert_eq!(
        stand.rows(
            "SELECT a.kind, a.subject, d.name, c.last_name FROM activity AS a JOIN deal AS d ON d.id = a.deal_id \
             JOIN contact AS c ON c.id = a.contact_id ORDER BY a.id"
        ),
        [
            "call|Intro|Moana refit|Niko Saari",
            "meeting|Lunch at the wharf|Moana refit|Niko Saari",
            "task|Contract|Cirrus seats|Yara Haddad",
        ]
    );
}

#[test]
fn twenty() {
    let (stand, _) = import_all("twenty", &["companies", "people", "opportunities"]);
    assert_eq!(
        stand.rows("SELECT c.first_name, f.name, f.domain, f.annual_revenue FROM contact AS c JOIN company AS f ON f.id = c.company_id ORDER BY c.id"),
        ["Kiri|Pounamu Press|pounamupress.example|240000", "Olaf|Aurora Dairy|auroradairy.example|-"]
    );
    assert_eq!(
        stand.rows("SELECT d.name, d.value, d.close_date, c.last_name, f.name FROM deal AS d JOIN contact AS c ON c.id = d.contact_id \
             JOIN company AS f ON f.id = d.company_id ORDER BY d.id"),
        ["Pounamu catalogue|4200.75|2026-05-30|Moana|Pounamu Press", "Aurora plant|61000|2026-09-01|Lund|Aurora Dairy"]
    );
}

#[test]
fn a_file_that_is_nearly_a_preset_is_none() {
    let stand = Stand::of(client(ALL));
    let nearly = stand.file("contacts.csv", "Record ID,First Name,Last Name,Email\n1,A,B,a@example.com\n");
    let Detected::None { nearest } = import::detect(&stand.program, &nearly).unwrap() else {
        panic!("it lacks a header")
    };
    assert_eq!(
        (nearest[0].0.name.as_str(), nearest[0].1.as_slice()),
        ("hubspot.contacts", &["Contact owner".to_owned()][..])
    );
    let other = stand.file("other.csv", "Email,Age\na@example.com,3\n");
    let Detected::None { nearest } = import::detect(&stand.program, &other).unwrap() else {
        panic!("an e-mail is no preset")
    };
    assert!(nearest.iter().all(|(source, missing)| missing.len() < source.signature.len()));
    let both =
        stand.file("both.csv", "Record ID,Company name,Company owner,Deal Name,Pipeline,Deal Stage\n1,2,3,4,5,6\n");
    let Detected::Several(fitting) = import::detect(&stand.program, &both).unwrap() else { panic!("two fit") };
    assert_eq!(
        fitting.iter().map(|source| source.name.as_str()).collect::<Vec<_>>(),
        ["hubspot.companies", "hubspot.deals"]
    );
}

const OWN: &str = "source notes from csv into existing Contact by external_id {
  external_id  from \"ID\"
  description  from \"Note\"
}
source leads from csv into Contact by external_id {
  external_id  from \"ID\"
  email        from \"Email\"
}
source calls from csv into call.made {
  contact  from \"ID\" lookup Contact by external_id
  at       from \"At\"
}
source mail.clicks from csv into email.clicked by external_id {
  external_id  from \"ID\"
  contact      from \"Email\" lookup Contact by email
  at           from \"At\"
}
source shop.clicks from csv into email.clicked by external_id {
  external_id  from \"ID\"
  contact      from \"Email\" lookup Contact by email
  at           from \"At\"
}";

const HUBSPOT: &str =
    "Record ID,First Name,Last Name,Email,Contact owner\n17,Ann,Lee,ann@example.com,\n18,Cy,Poe,cy@example.com,\n";
const PIPEDRIVE: &str = "Person - ID,Person - Name,Person - Email,Person - Organization\n17,Bo Stone,bo@example.com,\n";

#[test]
fn two_systems_may_number_alike() {
    let mut stand = Stand::of(client(&format!("{ALL}\n{OWN}")));
    stand.import("hubspot.contacts", HUBSPOT).unwrap();
    stand.import("pipedrive.persons", PIPEDRIVE).unwrap();
    let people = "SELECT external_id, external_system, email, description FROM contact ORDER BY id";
    assert_eq!(
        stand.rows(people),
        ["17|hubspot|ann@example.com|-", "18|hubspot|cy@example.com|-", "17|pipedrive|bo@example.com|-"]
    );
    assert_eq!(stand.import("hubspot.contacts", HUBSPOT).unwrap().counts.unchanged, 2);

    // Each system's deals find its own people.
    let deals = "Record ID,Deal Name,Pipeline,Deal Stage,Associated Contact IDs\n1,Roof,A,Closed Won,17\n";
    stand.import("hubspot.deals", deals).unwrap();
    let deals = "Deal - ID,Deal - Title,Deal - Value,Deal - Stage,Person - ID\n1,Tank,5,Won,17\n2,Pump,5,Won,18\n";
    let report = stand.import("pipedrive.deals", deals).unwrap();
    let lost: Vec<(&str, &[String])> =
        report.dangling.iter().map(|lost| (lost.field.as_str(), lost.examples.as_slice())).collect();
    assert_eq!(lost, [("contact", ["18".to_owned()].as_slice())], "Pipedrive has no 18");
    let found = "SELECT d.name, c.email FROM deal AS d LEFT JOIN contact AS c ON c.id = d.contact_id ORDER BY d.id";
    assert_eq!(stand.rows(found), ["Roof|ann@example.com", "Tank|bo@example.com", "Pump|-"]);

    // A file of the client's own means whoever has the number, as long as that is one alone.
    let report = stand.import("calls", "ID,At\n17,2026-04-01 10:00\n18,2026-04-01 11:00\n").unwrap();
    assert_eq!((report.counts.created, report.counts.rejected, report.dangling[0].ambiguous), (1, 1, 1));
    let report = stand.import("notes", "ID,Note\n18,called back\n17,who?\n").unwrap();
    assert_eq!((report.counts.updated, report.counts.rejected), (1, 1), "{report:#?}");
    assert!(report.rejections[0].reason.contains("several"), "{report:#?}");
    // It fills a system's record and does not take its number over.
    let report = stand.import("hubspot.contacts", HUBSPOT).unwrap();
    assert_eq!((report.counts.created, report.counts.unchanged), (0, 2));
    // What it makes by its own numbers is its own.
    assert_eq!(stand.import("leads", "ID,Email\n18,dan@example.com\n").unwrap().counts.created, 1);
    assert_eq!(stand.rows(people)[3], "18||dan@example.com|-");
}

#[test]
fn events_of_two_systems_may_be_numbered_alike_and_are_undone_apart() {
    let mut stand = Stand::of(client(&format!("{ALL}\n{OWN}")));
    stand.import("hubspot.contacts", HUBSPOT).unwrap();
    let clicks = |hour: u8| format!("ID,Email,At\n17,ann@example.com,2026-04-01 1{hour}:00\n");
    assert_eq!(stand.import("mail.clicks", clicks(0)).unwrap().counts.created, 1);
    assert_eq!(stand.import("shop.clicks", clicks(1)).unwrap().counts.created, 1);
    let events = "SELECT external_id, external_system, at FROM event ORDER BY id";
    let before = stand.rows(events);
    assert_eq!(before.len(), 2);
    let report = stand.import("mail.clicks", clicks(2)).unwrap();
    assert_eq!((report.counts.created, report.counts.updated), (0, 1));
    assert_eq!(stand.rows(events)[1], before[1], "the shop's is not touched");
    let restored = stand.crm.undo(None, NOW.parse().unwrap()).unwrap().restored;
    assert_eq!((restored, stand.rows(events)), (1, before));
}
