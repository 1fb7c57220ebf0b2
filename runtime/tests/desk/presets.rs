//! The presets on made-up exports of all four CRMs: chosen by their headers alone, and every relation resolves.

use std::path::PathBuf;

use compiler::program::Program;
use runtime::import::{self, Detected, Report};

use crate::stand::{Stand, client};

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
        ["Harbour Freight Lines|harbourfreight.example|logistics|310|52000000|1 Quay Rd\nLevel 2"]
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
