//! The playbooks of this repository: all hold together, pass their own tests and are laid out; the presets read what CRMs export.

use std::path::{Path, PathBuf};

use crate::support::{Desk, NOW, repository};

/// Every file under a folder that ends in `.playbook`, relative to the repository.
fn playbooks(folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![repository().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "playbook") {
                found.push(path.strip_prefix(repository()).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    found.sort();
    found
}

/// The clients: folders with several files, and files that stand for themselves.
fn clients() -> Vec<String> {
    let mut clients = vec!["playbooks/stackmates".to_owned(), "playbooks/sneakers".to_owned()];
    for text in playbooks("examples").into_iter().chain(playbooks("tests/real")) {
        let folder = Path::new(&text).parent().unwrap().to_str().unwrap().to_owned();
        let client = if folder == "examples" || folder == "tests/real" { text } else { folder };
        if !clients.contains(&client) {
            clients.push(client);
        }
    }
    clients
}

/// Runs the command on a file of the repository, from an empty folder.
fn run(verb: &[&str], target: &str) -> crate::support::Ran {
    let target = repository().join(target);
    Desk::new().run(&[verb, &[target.to_str().unwrap()]].concat())
}

#[test]
fn every_client_and_example_is_fine_and_passes_its_tests() {
    let clients = clients();
    assert!(clients.len() >= 16, "{clients:?}");
    for client in clients {
        let checked = run(&["check", "--format", "json"], &client).expect(0).json();
        let found = checked["diagnostics"].as_array().unwrap();
        assert!(found.iter().all(|found| found["severity"] == "note"), "{client}: {checked:#}");
        let tested = run(&["test"], &client).expect(0);
        assert!(tested.stdout.contains("passed"), "{client} has no tests: {}", tested.stdout);
    }
}

#[test]
fn every_playbook_is_laid_out() {
    for text in ["stdlib", "playbooks", "examples", "tests/real", "tests/exports"].into_iter().flat_map(playbooks) {
        run(&["fmt", "--check"], &text).expect(0);
    }
}

#[test]
fn the_whole_standard_library_holds_together() {
    let modules = playbooks("stdlib").into_iter().map(|path| {
        let path =
            path.strip_prefix("stdlib/").and_then(|path| path.strip_suffix(".playbook")).unwrap().replace('/', ".");
        format!("use std.{path}\n")
    });
    let head = "client \"All\" {\n  currency NZD\n  timezone \"Pacific/Auckland\"\n}\n";
    // The shared workflows ask for a score that each client declares.
    let icp = "score icp for Contact {\n  +60 when country is NZ because \"near\"\n  +30 when email is known because \"can be written to\"\n  \
               route {\n    hot  when icp >= 80\n    warm when icp >= 30\n    cold otherwise\n  }\n}\n";
    let desk = Desk::new();
    desk.file("all.playbook", format!("{head}{}{icp}", modules.collect::<String>()));
    desk.run(&["check", "all.playbook"]).expect(0);
}

/// Made-up exports of the four CRMs, each file by the preset that its headers choose: the preset, and its file.
const EXPORTS: [(&str, &str); 15] = [
    ("hubspot.companies", "hubspot/companies.csv"),
    ("hubspot.contacts", "hubspot/contacts.csv"),
    ("hubspot.deals", "hubspot/deals.csv"),
    ("salesforce.accounts", "salesforce/accounts.csv"),
    ("salesforce.contacts", "salesforce/contacts.csv"),
    ("salesforce.leads", "salesforce/leads.csv"),
    ("salesforce.opportunities", "salesforce/opportunities.csv"),
    ("salesforce.loaded_opportunities", "salesforce/loaded_opportunities.csv"),
    ("pipedrive.organizations", "pipedrive/organizations.csv"),
    ("pipedrive.persons", "pipedrive/persons.csv"),
    ("pipedrive.deals", "pipedrive/deals.csv"),
    ("pipedrive.activities", "pipedrive/activities.csv"),
    ("twenty.companies", "twenty/companies.csv"),
    ("twenty.people", "twenty/people.csv"),
    ("twenty.opportunities", "twenty/opportunities.csv"),
];

#[test]
fn exports_of_four_crms_choose_their_preset_and_find_their_relations() {
    let desk = Desk::with("tests/exports");
    for (preset, file) in EXPORTS {
        let file = format!("exports/{file}");
        let ran = desk.run(&["import", "exports", &file, "--db", "crm.db", "--now", NOW]).expect(0);
        assert!(ran.stdout.starts_with(preset), "{preset}: {}", ran.stdout);
    }
    let database = rusqlite::Connection::open(desk.path("crm.db")).unwrap();
    let lines = |sql: &str| {
        let mut statement = database.prepare(sql).unwrap();
        let columns = statement.column_count();
        let rows = statement.query_map([], |row| {
            let cells =
                (0..columns).map(|column| Ok(row.get::<_, Option<String>>(column)?.unwrap_or_else(|| "-".to_owned())));
            Ok(cells.collect::<Result<Vec<_>, rusqlite::Error>>()?.join(" | "))
        });
        rows.unwrap().map(Result::unwrap).collect::<Vec<_>>().join("\n")
    };
    let deals = lines(
        "select deal.name, deal.value, deal.status, contact.email, company.name, coalesce(user.email, user.name) from deal
         left join contact on contact.id = deal.contact_id left join company on company.id = deal.company_id
         left join user on user.id = deal.owner_id order by deal.id",
    );
    let contacts = lines(
        "select contact.email, contact.lifecycle_stage, company.name, company.domain, company.industry from contact
         left join company on company.id = contact.company_id order by contact.id",
    );
    let activities = lines(
        "select activity.kind, activity.subject, contact.email, deal.name from activity
         left join contact on contact.id = activity.contact_id left join deal on deal.id = activity.deal_id order by activity.id",
    );
    insta::assert_snapshot!("exports", format!("deals\n{deals}\n\ncontacts\n{contacts}\n\nactivities\n{activities}"));
}
