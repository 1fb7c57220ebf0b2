//! Scoring a whole CRM from its file, beside reading the same rows with plain rusqlite and looking at every cell.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use compiler::compile::{Input, compile};
use compiler::diagnostics::SourceText;
use compiler::modules::NoModules;
use compiler::program::{EntityId, Program};
use jiff::Timestamp;
use runtime::crm::Crm;
use runtime::facts::{Coverage, Reported};
use runtime::records;
use runtime::score::Scorer;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, params};

use crate::leads::Random;
use crate::measure::{contestant, side_by_side};

const CONTACTS: i64 = 100_000;
const EVENTS: i64 = 2_000_000;
const TURNS: usize = 5;
const NOW: i64 = 1_790_000_000_000_000;

pub(crate) fn run() {
    let program = stackmates(Windows::AsWritten);
    let folder = tempfile::tempdir().expect("a folder for the database");
    let path = folder.path().join("crm.db");
    fill(&program, &path);
    let now = Timestamp::from_microsecond(NOW).expect("an instant");
    let scorer = Scorer::link(&program, now, &all_reported(&program)).expect("a sound playbook");
    let unbounded = stackmates(Windows::None);
    let unbounded = Scorer::link(&unbounded, now, &all_reported(&unbounded)).expect("a sound playbook");
    let contact = program.entity("Contact").expect("a Contact");
    let crm = Crm::open(&path, &program).expect("the database that was just made");
    let plain = Connection::open(&path).expect("the database that was just made");

    side_by_side(
        &format!("From SQLite: {CONTACTS} contacts, {EVENTS} events"),
        "event",
        EVENTS as usize,
        TURNS,
        vec![
            contestant("plain rusqlite reads the rows (the limit)", None, || read(&plain)),
            contestant("playbook reads and scores", Some(1.5), || score(&crm, &scorer, contact)),
            contestant("the same playbook without windows, so that no event is too old", None, || {
                score(&crm, &unbounded, contact)
            }),
        ],
    );
}

fn score(crm: &Crm, scorer: &Scorer, contact: EntityId) -> u64 {
    let mut batch = scorer.batch(contact).expect("a Contact");
    records::visit(crm, scorer, contact, false, |_, builder| {
        builder.finish_into(&mut batch);
        ControlFlow::Continue(())
    })
    .expect("a CRM that can be read");
    assert_eq!(batch.len(), CONTACTS as usize);
    let outcomes = scorer.evaluate_batch(contact, &batch).expect("a Contact");
    outcomes.len() as u64
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Windows {
    AsWritten,
    None,
}

/// The text without ` in the last 30 days`.
fn without_windows(text: &str) -> String {
    let mut parts = text.split(" in the last ");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let window = part.find(" days").map_or(0, |at| at + " days".len());
        text + part.get(window..).unwrap_or_default()
    })
}

/// The client's playbook with everything it uses.
fn stackmates(windows: Windows) -> Program {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/playbooks/stackmates"));
    let mut files: Vec<SourceText> = std::fs::read_dir(folder)
        .expect("the client's folder")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "playbook"))
        .map(|path| SourceText {
            name: path.file_name().map(|name| name.to_string_lossy().as_ref().into()).unwrap_or_default(),
            text: {
                let text = std::fs::read_to_string(&path).expect("a playbook");
                if windows == Windows::None { without_windows(&text).into() } else { text.into() }
            },
        })
        .collect();
    files.sort_by(|left, right| left.name.cmp(&right.name));
    let compiled = compile(&Input { files, asked: Vec::new() }, &NoModules);
    compiled.program.expect("a playbook without errors")
}

fn all_reported(program: &Program) -> Coverage {
    let ever = Reported { since: Timestamp::MIN, until: None };
    let events = (0..program.events.len()).map(|id| (compiler::program::EventId(id as u32), ever));
    Coverage { events: events.collect(), conversations: Some(ever) }
}

fn fill(program: &Program, path: &Path) {
    drop(Crm::open(path, program).expect("a new database"));
    let mut connection = Connection::open(path).expect("the database that was just made");
    let transaction = connection.transaction().expect("a transaction");
    let mut random = Random(7);
    for event in ["email.clicked", "page.viewed", "reply.received", "meeting.attended"] {
        transaction.execute("INSERT INTO event_kind (name) VALUES (?1)", [event]).expect("a kind");
    }
    let kind = |name: &str| -> i64 {
        transaction.query_row("SELECT id FROM event_kind WHERE name = ?1", [name], |row| row.get(0)).expect("a kind")
    };
    let clicked = (kind("email.clicked"), None);
    let viewed = (kind("page.viewed"), Some(["{\"path\":\"/pricing\"}", "{\"path\":\"/\"}", "{\"path\":\"/about\"}"]));
    let replied = (
        kind("reply.received"),
        Some(["{\"delay\":7200,\"words\":80}", "{\"delay\":172800,\"words\":12}", "{\"words\":61}"]),
    );
    let attended = (kind("meeting.attended"), None);
    let kinds = [clicked, clicked, clicked, viewed, viewed, viewed, replied, attended];
    {
        let mut company = transaction
            .prepare("INSERT INTO company (id, name, industry, employees, country) VALUES (?1, ?2, ?3, ?4, ?5)")
            .expect("the company table");
        let mut contact = transaction
            .prepare("INSERT INTO contact (id, email, company_id) VALUES (?1, ?2, ?3)")
            .expect("the contact table");
        let mut event = transaction
            .prepare("INSERT INTO event (contact_id, at, id, kind, facts) VALUES (?1, ?2, ?3, ?4, ?5)")
            .expect("the event table");
        let mut number = 0;
        for id in 1..=CONTACTS {
            let industry = ["construction", "solar_epc", "agency", "software"][random.below(4)];
            company
                .execute(params![
                    id,
                    format!("Company {id}"),
                    industry,
                    random.below(500) as i64,
                    ["NZ", "AU", "US"][random.below(3)]
                ])
                .expect("a company");
            contact.execute(params![id, format!("someone{id}@example.com"), id]).expect("a contact");
            let mut at = NOW;
            let many = (EVENTS / CONTACTS) as usize;
            for _ in 0..many {
                at -= (random.below(9 * 86_400) as i64) * 1_000_000;
                let (kind, facts) = kinds[random.below(kinds.len())];
                number += 1;
                event
                    .execute(params![id, at, number, kind, facts.map(|facts| facts[random.below(3)])])
                    .expect("an event");
            }
        }
    }
    transaction.commit().expect("all rows");
}

/// Every cell of every row, in the order in which it is scored.
fn read(plain: &Connection) -> u64 {
    let mut sum = 0;
    let queries = [
        "SELECT contact.id, contact.company_id, company.industry, company.employees, company.country, company.tools, \
         contact.needs_stated, contact.needs_actual, contact.objections_open \
         FROM contact LEFT JOIN company ON company.id = contact.company_id ORDER BY contact.id",
        "SELECT contact_id, at, kind, facts FROM event ORDER BY contact_id, at, id",
    ];
    for query in queries {
        let mut statement = plain.prepare(query).expect("a statement");
        let columns = statement.column_count();
        let mut rows = statement.query([]).expect("rows");
        while let Some(row) = rows.next().expect("a row") {
            for column in 0..columns {
                sum += match row.get_ref(column).expect("a cell") {
                    ValueRef::Null => 1,
                    ValueRef::Integer(value) => value as u64 & 0xff,
                    ValueRef::Real(value) => value as u64 & 0xff,
                    ValueRef::Text(text) | ValueRef::Blob(text) => text.len() as u64,
                };
            }
        }
    }
    sum
}
