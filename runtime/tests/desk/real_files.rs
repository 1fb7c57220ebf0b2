//! Files that nobody here wrote, where they are at hand: what resolves is joined, what does not is counted.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use runtime::import::Report;

use crate::stand::{Stand, program};

/// The folder of real data and a stand over a playbook of tests/real; none, loudly, where the data is not here.
fn stand(playbook: &str) -> Option<(PathBuf, Stand)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent()?;
    let data = root.parent()?.join("shared/data");
    if !data.is_dir() {
        // Straight to the stream: of a test that passes, the harness keeps what the print macros say to itself.
        writeln!(std::io::stderr(), "skipped: ../shared/data is not here").unwrap();
        return None;
    }
    let text = std::fs::read_to_string(root.join("tests/real").join(playbook)).unwrap();
    Some((data, Stand::of(program(&text))))
}

fn imported(stand: &mut Stand, data: &Path, source: &str, file: &str) -> Report {
    let copy = stand.folder.path().join("copy.csv");
    std::fs::copy(data.join(file), &copy).unwrap();
    stand.import_file(source, &copy, false).unwrap_or_else(|error| panic!("{source}: {error}"))
}

#[test]
fn course_leads_are_all_taken() {
    let Some((data, mut stand)) = stand("leads.playbook") else { return };
    let report = imported(&mut stand, &data, "leads", "leads/leads.csv");
    assert_eq!(
        (report.rows, report.counts.created, report.counts.rejected),
        (6468, 6468, 0),
        "{:#?}",
        report.rejections
    );
    assert_eq!(report.notes, ["column 38 has no header and no data: it is left out"]);
    let again = imported(&mut stand, &data, "leads", "leads/leads.csv");
    assert_eq!((again.counts.created, again.counts.updated, again.counts.unchanged), (0, 0, 6468));
}

#[test]
fn the_funnels_deals_find_their_leads() {
    let Some((data, mut stand)) = stand("funnel.playbook") else { return };
    let leads = imported(&mut stand, &data, "leads", "funnel/leads.csv");
    let deals = imported(&mut stand, &data, "closed_deals", "funnel/closed_deals.csv");
    assert_eq!(
        (leads.counts.rejected, deals.counts.rejected),
        (0, 0),
        "{:#?} {:#?}",
        leads.rejections,
        deals.rejections
    );
    assert_eq!(deals.counts.dangling, 0, "{:#?}", deals.dangling);
    let joined =
        stand.rows("SELECT count(*) FROM deal JOIN contact ON contact.id = deal.contact_id WHERE status = 'won'");
    assert_eq!(joined, [deals.counts.created.to_string()]);
    assert!(deals.counts.created > 300, "{}", deals.counts.created);
}

#[test]
fn a_warehouses_tables_say_what_does_not_resolve() {
    let Some((data, mut stand)) = stand("hubspot.playbook") else { return };
    let mut lines = Vec::new();
    for (source, file) in [
        ("owners", "owner_data"),
        ("companies", "company_data"),
        ("contacts", "contact_data"),
        ("deals", "deal_data"),
        ("deal_contacts", "deal_contact_data"),
        ("deal_companies", "deal_company_data"),
        ("engagements", "engagement_data"),
        ("engagement_contacts", "engagement_contact_data"),
        ("emails", "engagement_email_data"),
        ("notes", "engagement_note_data"),
        ("meetings", "engagement_meeting_data"),
        ("mail_events", "email_event_data"),
    ] {
        let report = imported(&mut stand, &data, source, &format!("hubspot/{file}.csv"));
        let counts = report.counts;
        lines.push(format!(
            "{source}: {} rows, {} created, {} updated, {} unchanged, {} rejected",
            report.rows, counts.created, counts.updated, counts.unchanged, counts.rejected
        ));
        for dangling in &report.dangling {
            lines.push(format!("  {} from \"{}\": {} lead nowhere", dangling.field, dangling.header, dangling.missing));
        }
    }
    insta::assert_snapshot!(lines.join("\n"), @r#"
    owners: 100 rows, 100 created, 0 updated, 0 unchanged, 0 rejected
    companies: 24 rows, 24 created, 0 updated, 0 unchanged, 0 rejected
    contacts: 22 rows, 22 created, 0 updated, 0 unchanged, 0 rejected
      company from "property_company": 1 lead nowhere
    deals: 44 rows, 44 created, 0 updated, 0 unchanged, 0 rejected
    deal_contacts: 11 rows, 0 created, 0 updated, 0 unchanged, 11 rejected
      external_id from "deal_id": 11 lead nowhere
    deal_companies: 2 rows, 0 created, 0 updated, 0 unchanged, 2 rejected
      external_id from "deal_id": 2 lead nowhere
    engagements: 1 rows, 1 created, 0 updated, 0 unchanged, 0 rejected
    engagement_contacts: 1 rows, 0 created, 0 updated, 1 unchanged, 0 rejected
      contact from "contact_id": 1 lead nowhere
    emails: 1 rows, 1 created, 0 updated, 0 unchanged, 0 rejected
    notes: 1 rows, 1 created, 0 updated, 0 unchanged, 0 rejected
    meetings: 100 rows, 100 created, 0 updated, 0 unchanged, 0 rejected
    mail_events: 100 rows, 0 created, 0 updated, 0 unchanged, 97 rejected
      contact from "recipient": 97 lead nowhere
    "#);
}
