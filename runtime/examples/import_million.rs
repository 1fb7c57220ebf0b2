//! Imports a million made-up rows, and as many events, and says how fast that went and how much memory it held.
//!
//! `cargo run --release -p runtime --example import_million [ROWS]`; Linux only, as the peak is read from /proc.
#![expect(clippy::print_stdout, reason = "it is a report")]
#![expect(clippy::unwrap_used, reason = "a measurement that fails should say where")]
#![expect(clippy::panic, reason = "a measurement that fails should say where")]

use std::fmt::Write as _;
use std::io::{BufWriter, Write as _};
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Instant;

use compiler::compile::compile_text;
use compiler::program::Program;
use runtime::crm::{Cell, Conversation, Crm, EventRow, Needs, RecordId, Visitor};
use runtime::import::{self, Request};

const PLAYBOOK: &str = r#"
client "Million" {
  currency NZD
  timezone "Pacific/Auckland"
}

use std.crm

extend Contact {
  visits: number?
  worth:  money?
  seen:   date?
  tools:  list of text?
}

source contacts from csv "contacts.csv" into Contact by email {
  email              from "E-mail"
  first_name         from "First name"
  last_name          from "Last name"
  country            from "Country", "New Zealand" means NZ
  visits             from "Visits"
  worth              from "Worth"
  seen               from "Seen"
  tools              from "Tools" split by ";"
  consent.email      from "Newsletter"
  company            from "Domain" lookup Company by domain or create
  company.employees  from "Staff"
}

source events from csv "events.csv" into Event {
  contact  from "E-mail" lookup Contact by email
  at       from "When"
  name     from "What"
  path     from "Page"
  words    from "Words"
}
"#;

/// In MiB, whatever the size of the file.
const LIMIT: u64 = 200;

fn main() {
    let rows: u64 = std::env::args().nth(1).map_or(1_000_000, |rows| rows.parse().unwrap());
    let compiled = compile_text("million.playbook", PLAYBOOK);
    let Some(program) = compiled.program else { panic!("{:?}", compiled.diagnostics) };
    let folder = tempfile::tempdir().unwrap();
    let contacts = folder.path().join("contacts.csv");
    let events = folder.path().join("events.csv");
    write_contacts(&contacts, rows);
    write_events(&events, rows, rows / 10);
    let mut crm = Crm::open(&folder.path().join("crm.db"), &program).unwrap();
    println!("peak before the first row: {} MiB", peak());
    for (source, file, again) in
        [("contacts", &contacts, false), ("contacts", &contacts, true), ("events", &events, false)]
    {
        let begun = Instant::now();
        let report = run(&mut crm, &program, source, file);
        let took = begun.elapsed().as_secs_f64();
        let counts = report.counts;
        println!(
            "{source}{}: {} rows of {} MiB in {took:.1} s, {:.0} rows/s, {} created, {} unchanged, {} rejected; peak {} MiB",
            if again { " again" } else { "" },
            report.rows,
            file.metadata().unwrap().len() / 1024 / 1024,
            report.rows as f64 / took,
            counts.created,
            counts.unchanged,
            counts.rejected,
            peak()
        );
    }
    assert!(peak() <= LIMIT, "an import may hold {LIMIT} MiB at most, and this one held {}", peak());
    read(&crm, &program);
    let begun = Instant::now();
    let undone = crm.undo(None, jiff::Timestamp::UNIX_EPOCH).unwrap();
    println!("undoing the events took {:.1} s: {:?}", begun.elapsed().as_secs_f64(), undone.removed);
}

fn run(crm: &mut Crm, program: &Program, source: &str, file: &Path) -> import::Report {
    let source = program.sources.iter().find(|of| of.name == source).unwrap();
    let request = Request { program, source, file, now: jiff::Timestamp::UNIX_EPOCH, dry_run: false, rejected: None };
    import::run(crm, &request, &mut |_| {}).unwrap_or_else(|error| panic!("{error}"))
}

/// The pass over everybody beside a plain loop over the same rows.
fn read(crm: &Crm, program: &Program) {
    #[derive(Default)]
    struct Count(u64);
    impl Visitor for Count {
        fn record(&mut self, _: RecordId) {}
        fn field(&mut self, _: usize, _: Cell<'_>) {}
        fn observed(&mut self, _: usize, _: i64) {}
        fn event(&mut self, event: EventRow<'_>) {
            self.0 += 1 + event.facts.map_or(0, |facts| facts.len() as u64 & 1);
        }
        fn conversation(&mut self, _: Conversation<'_>) {}
        fn end(&mut self) -> ControlFlow<()> {
            ControlFlow::Continue(())
        }
    }
    let contact = program.entity("Contact").unwrap();
    let needs = Needs {
        events: ["page.viewed", "email.clicked", "reply.received"]
            .iter()
            .map(|name| program.event(name).unwrap())
            .collect(),
        ..Needs::default()
    };
    let plain = rusqlite::Connection::open(crm.path()).unwrap();
    for round in 1..=3 {
        let begun = Instant::now();
        let mut count = Count::default();
        crm.visit(program, contact, &needs, &mut count).unwrap();
        let ours = begun.elapsed().as_secs_f64();
        let begun = Instant::now();
        let mut seen = 0;
        let mut contacts = plain.prepare("SELECT id FROM contact ORDER BY id").unwrap();
        let mut contacts = contacts.query([]).unwrap();
        while let Some(row) = contacts.next().unwrap() {
            seen += u64::from(row.get_ref(0).unwrap().as_i64().unwrap() < 0);
        }
        let mut events =
            plain.prepare("SELECT contact_id, at, kind, facts FROM event ORDER BY contact_id, at, id").unwrap();
        let mut events = events.query([]).unwrap();
        while let Some(row) = events.next().unwrap() {
            let (contact, at, kind) = (row.get_ref(0).unwrap(), row.get_ref(1).unwrap(), row.get_ref(2).unwrap());
            let facts = row.get_ref(3).unwrap().as_str_or_null().unwrap();
            let whole = contact.as_i64().unwrap() > 0 && at.as_i64().unwrap() > 0 && kind.as_i64().unwrap() > 0;
            seen += u64::from(whole) + facts.map_or(0, |facts| facts.len() as u64 & 1);
        }
        let plain = begun.elapsed().as_secs_f64();
        println!(
            "reading {} in round {round}: visit {ours:.2} s, plain rusqlite {plain:.2} s, x {:.2} ({seen})",
            count.0,
            ours / plain
        );
    }
}

fn write_contacts(path: &Path, rows: u64) {
    let mut file = BufWriter::new(std::fs::File::create(path).unwrap());
    writeln!(file, "E-mail,First name,Last name,Country,Visits,Worth,Seen,Tools,Newsletter,Domain,Staff").unwrap();
    let mut seed = 42;
    let mut line = String::new();
    for row in 0..rows {
        line.clear();
        let (a, b) = (random(&mut seed), random(&mut seed));
        let firm = a % (rows / 20).max(1);
        write!(line, "p{:x}.{row}@firm{firm}.example,First{},\"Last, {}\",New Zealand,", a % 4096, a % 997, b % 9973)
            .unwrap();
        write!(line, "{},{}.{:02},2026-{:02}-{:02},", b % 200, b % 90_000, a % 100, b % 12 + 1, a % 28 + 1).unwrap();
        write!(
            line,
            "tool{};tool{},{},https://www.firm{firm}.example,{}",
            a % 9,
            b % 9,
            if a & 1 == 0 { "yes" } else { "no" },
            firm % 900 + 1
        )
        .unwrap();
        writeln!(file, "{line}").unwrap();
    }
}

/// Of some of the contacts, in the order in which a log has them: by time.
fn write_events(path: &Path, rows: u64, people: u64) {
    let mut file = BufWriter::new(std::fs::File::create(path).unwrap());
    writeln!(file, "E-mail,When,What,Page,Words").unwrap();
    let mut addresses = Vec::new();
    let mut seed = 42;
    let contacts = rows;
    for row in 0..contacts {
        let (a, _) = (random(&mut seed), random(&mut seed));
        if row < people {
            addresses.push(format!("p{:x}.{row}@firm{}.example", a % 4096, a % (rows / 20).max(1)));
        }
    }
    let mut seed = 7;
    for row in 0..rows {
        let (a, b) = (random(&mut seed), random(&mut seed));
        let address = addresses.get(usize::try_from(a % addresses.len().max(1) as u64).unwrap()).unwrap();
        let (day, second) = (row * 28 / rows + 1, b % 86_400);
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        write!(file, "{address},2026-03-{day:02} {hour:02}:{minute:02}:{second:02},").unwrap();
        match b % 3 {
            0 => writeln!(file, "page.viewed,/page/{},", a % 50).unwrap(),
            1 => writeln!(file, "email.clicked,,").unwrap(),
            _ => writeln!(file, "reply.received,,{}", a % 300).unwrap(),
        }
    }
}

/// Splitmix64.
fn random(seed: &mut u64) -> u64 {
    *seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut value = *seed;
    value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

/// The most memory that was ever held, in MiB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").trim().parse::<u64>().ok()).unwrap_or(0) / 1024
}
