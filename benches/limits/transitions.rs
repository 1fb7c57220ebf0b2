//! Durable transitions a second, beside plain rusqlite doing the same writes by prepared statements; waking many live cases, and the
//! memory that it takes.
//!
//! A transition is what the engine decides when an event leads a run from one stage to the other: an entry of the log, the log's head,
//! the case, the run and a metric. Both write to a file on the disk that holds
//! the repository, with a write-ahead log that is flushed at each commit. Time is the clock's, as most of it is the disk's.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use compiler::program::Program;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use runtime::crm::Crm;
use runtime::crm::log::{Decision, Group, LogError, LogWriter, Means, Sealed, Seeded, Standing, Turn};
use runtime::engine::{Case, Entry, EntryId, RecordRef};
use rusqlite::{Connection, params};

use crate::room::Room;

const TURNS: usize = 5;
const ALONE: usize = 500;
const GROUPED: usize = 20_000;
const AT_ONCE: usize = 100;
/// So many cases take turns.
const CASES: usize = 500;
const LIVE: i64 = 100_000;
const NOW: i64 = 1_790_000_000_000_000;

pub(crate) fn run() {
    let room = Arc::new(Room::new());
    // First, before anything else has made this process grow.
    memory(&room);
    durable(&room);
    waking(room.program());
}

/// A folder on the disk of the repository: what a file system in memory acknowledges, it has not flushed.
fn folder() -> tempfile::TempDir {
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("target");
    tempfile::tempdir_in(target).expect("a folder for the database")
}

fn durable(room: &Arc<Room>) {
    let folder = folder();
    let path = folder.path().join("crm.db");
    let mut ours = Ours::new(&path, room);
    let bodies: Vec<(i64, String)> = ours.runs.clone().into_iter().map(|(run, case)| (run, json(&case))).collect();
    let raw = Raw::new(&folder.path().join("raw.db"), bodies);

    let mut best = [f64::MAX; 2];
    for _ in 0..TURNS {
        best[0] = best[0].min(timed(|| (0..ALONE).for_each(|_| raw.group(1))));
        best[1] = best[1].min(timed(|| (0..ALONE).for_each(|_| ours.alone())));
    }
    print(
        "Durable transitions, one flushed transaction each",
        ALONE,
        &[("plain rusqlite (the limit)", best[0], None), ("playbook", best[1], Some(0.7))],
    );

    let mut best = [f64::MAX; 3];
    for _ in 0..TURNS {
        // As often as both of the others, so that its file is as long as theirs.
        for _ in 0..2 {
            best[0] = best[0].min(timed(|| (0..GROUPED / AT_ONCE).for_each(|_| raw.group(AT_ONCE))));
        }
        best[1] = best[1].min(timed(|| (0..GROUPED / AT_ONCE).for_each(|_| ours.group(AT_ONCE))));
        best[2] = best[2].min(ours.by_thread(GROUPED));
    }
    print(
        &format!("Durable transitions, {AT_ONCE} a flushed transaction"),
        GROUPED,
        &[
            ("plain rusqlite (the limit)", best[0], None),
            ("playbook, a group", best[1], Some(0.5)),
            ("playbook, asked of the writer's thread one by one", best[2], None),
        ],
    );
    let crm = ours.crm.as_ref().expect("it is there between turns");
    let verified = crm.verify().expect("a log that can be read").expect("a log that is whole");
    let replayed = crm.replay(&ours.zone).expect("a log that can be read");
    assert_eq!(replayed.different, 0, "{:#?}", replayed.differences);
    println!(
        "\nThe log of {} entries verifies, and replaying it gives the same {} cases.",
        verified.entries, replayed.cases
    );
}

fn timed(work: impl FnOnce()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64()
}

/// The first contestant is the limit; a bar is of its rate.
fn print(title: &str, items: usize, contestants: &[(&str, f64, Option<f64>)]) {
    println!("\n### {title}\n\n| | a second | × the limit | bar |\n|---|---|---|---|");
    let limit = contestants[0].1;
    for (name, seconds, bar) in contestants {
        let ratio = limit / seconds;
        let bar = bar.map_or(String::new(), |bar| format!("{} {bar}", if ratio >= bar { "≥" } else { "MISSED" }));
        println!("| {name} | {:.0} | {ratio:.2} | {bar} |", items as f64 / seconds);
    }
}

fn json(case: &Case) -> String {
    serde_json::to_string(case).expect("a case is JSON")
}

/// An event leads a run from one stage to the other, and back: the engine decides it.
fn moved(room: &Room, standing: &Standing, turn: Turn) -> Decision {
    told(room, standing, turn, "reply.received", turn.first.0)
}

fn told(room: &Room, standing: &Standing, turn: Turn, event: &str, row: i64) -> Decision {
    let step = room.happened(&standing.case, turn.first, turn.now, event, row);
    let entries = step.entries.into_iter().map(Sealed::from).collect();
    Decision { entries, folded: Some(step.case), wake: step.wake, ..Decision::default() }
}

fn contact(id: usize) -> RecordRef {
    RecordRef { entity: "Contact".into(), id: i64::try_from(id).expect("a number") }
}

struct Ours {
    room: Arc<Room>,
    crm: Option<Crm>,
    zone: TimeZone,
    salts: Seeded,
    now: Timestamp,
    next: usize,
    runs: Vec<(i64, Case)>,
}

impl Ours {
    fn new(path: &Path, room: &Arc<Room>) -> Self {
        let crm = Crm::open(path, room.program()).expect("a new database");
        let (zone, room) = (room.zone().clone(), Arc::clone(room));
        let now = Timestamp::from_microsecond(NOW).expect("an instant");
        let mut ours = Self { room, crm: Some(crm), zone, salts: Seeded::new(1), now, next: 0, runs: Vec::new() };
        let moves = ["contact.created", "reply.received"];
        for id in 0..CASES {
            let mut means = Means { now: ours.now, zone: &ours.zone, randomness: &mut ours.salts };
            let crm = ours.crm.as_mut().expect("it is there");
            let decide = |event: &str| {
                let done = crm.decide(&contact(id), &mut means, |_, standing, turn| {
                    Ok::<_, LogError>(told(&ours.room, standing, turn, event, turn.first.0))
                });
                done.expect("a start and a move").case.expect("a case").case
            };
            // As long as all that come after it: both stages have been seen.
            let case = moves.map(decide).into_iter().last().expect("there are two");
            ours.runs.push((case.runs[0].id.0, case));
        }
        ours
    }

    fn alone(&mut self) {
        let record = self.turn();
        let mut means = Means { now: self.now, zone: &self.zone, randomness: &mut self.salts };
        let crm = self.crm.as_mut().expect("it is there");
        let room = &self.room;
        crm.decide(&record, &mut means, |_, standing, turn| Ok::<_, LogError>(moved(room, standing, turn)))
            .expect("a move");
    }

    fn group(&mut self, many: usize) {
        let records: Vec<RecordRef> = (0..many).map(|_| self.turn()).collect();
        let mut group = self.crm.as_mut().expect("it is there").group().expect("a group");
        for record in records {
            let mut means = Means { now: self.now, zone: &self.zone, randomness: &mut self.salts };
            let room = &self.room;
            group
                .decide(&record, &mut means, |_, standing, turn| Ok::<_, LogError>(moved(room, standing, turn)))
                .expect("a move");
        }
        group.finish().expect("a flush");
    }

    /// All are asked for at once; the time until the last one is known to be on the disk.
    fn by_thread(&mut self, many: usize) -> f64 {
        let records: Vec<RecordRef> = (0..many).map(|_| self.turn()).collect();
        let writer = LogWriter::start(self.crm.take().expect("it is there"), AT_ONCE);
        let (zone, now) = (self.zone.clone(), self.now);
        let seconds = timed(|| {
            let tickets: Vec<_> = records
                .into_iter()
                .map(|record| {
                    let (zone, room) = (zone.clone(), Arc::clone(&self.room));
                    writer.ask(move |group: &mut Group<'_>| {
                        let mut salts = Seeded::new(1);
                        let mut means = Means { now, zone: &zone, randomness: &mut salts };
                        group.decide(&record, &mut means, |_, standing, turn| {
                            Ok::<_, LogError>(moved(&room, standing, turn))
                        })
                    })
                })
                .collect();
            for ticket in tickets {
                ticket.wait().expect("a move");
            }
        });
        self.crm = writer.stop();
        seconds
    }

    fn turn(&mut self) -> RecordRef {
        self.next += 1;
        self.now += SignedDuration::from_secs(1);
        contact(self.next % CASES)
    }
}

/// The same tables and indexes without a check, a trigger or a reference; the same cells, made beforehand.
struct Raw {
    connection: Connection,
    bodies: Vec<(i64, String)>,
    entry: String,
    next: std::cell::Cell<i64>,
}

impl Raw {
    fn new(path: &Path, bodies: Vec<(i64, String)>) -> Self {
        let connection = Connection::open(path).expect("a new database");
        connection
            .execute_batch(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -98304;
                 CREATE TABLE log (number INTEGER PRIMARY KEY, at INTEGER, clock INTEGER, entity TEXT, record INTEGER, entry TEXT,
                   seal BLOB, previous BLOB, hash BLOB);
                 CREATE INDEX log_case ON log (entity, record) WHERE entity IS NOT NULL;
                 CREATE TABLE log_head (only INTEGER PRIMARY KEY, number INTEGER, at INTEGER, hash BLOB);
                 INSERT INTO log_head VALUES (1, 0, 0, zeroblob(32));
                 CREATE TABLE case_file (entity TEXT, record INTEGER, revision INTEGER, paused INTEGER, wake_at INTEGER, body TEXT,
                   PRIMARY KEY (entity, record));
                 CREATE INDEX case_wake ON case_file (wake_at, entity, record) WHERE wake_at IS NOT NULL;
                 CREATE TABLE run (number INTEGER PRIMARY KEY, workflow TEXT, entity TEXT, record INTEGER, stage TEXT, entered INTEGER);
                 CREATE TABLE metric (number INTEGER PRIMARY KEY, run INTEGER, workflow TEXT, from_stage TEXT, to_stage TEXT,
                   agent TEXT, entered INTEGER, left INTEGER, seconds INTEGER, week TEXT);",
            )
            .expect("tables");
        for (at, (run, body)) in bodies.iter().enumerate() {
            connection
                .execute("INSERT INTO case_file VALUES ('Contact', ?1, 1, 0, NULL, ?2)", params![at as i64, body])
                .expect("a case");
            connection
                .execute(
                    "INSERT INTO run VALUES (?1, 'LeadGeneration', 'Contact', ?2, 'Research', 0)",
                    params![run, at as i64],
                )
                .expect("a run");
        }
        let entry = Entry::Entered {
            run: EntryId(1000),
            from: Some("Research".into()),
            stage: "Draft".into(),
            way: "Draft on reply.received".into(),
            seconds: 500,
            by: "LeadGen".into(),
        };
        let entry = serde_json::to_string(&entry).expect("an entry is JSON");
        Self { connection, bodies, entry, next: std::cell::Cell::new(0) }
    }

    fn group(&self, many: usize) {
        let run = |sql: &str, values: &[&dyn rusqlite::ToSql]| {
            self.connection.prepare_cached(sql).and_then(|mut statement| statement.execute(values)).expect("a write");
        };
        run("BEGIN IMMEDIATE", &[]);
        let hash = [7_u8; 32];
        for _ in 0..many {
            let number = self.next.get() + 1;
            self.next.set(number);
            let record = number % self.bodies.len() as i64;
            let (of, body) = &self.bodies[record as usize];
            let (at, stage) = (NOW + number * 1_000_000, if number % 2 == 0 { "draft" } else { "research" });
            run(
                "INSERT INTO log VALUES (?1, ?2, NULL, 'Contact', ?3, ?4, NULL, ?5, ?6)",
                params![number, at, record, self.entry, hash, hash],
            );
            run("UPDATE run SET stage = ?2, entered = ?3 WHERE number = ?1", params![of, stage, at]);
            run(
                "INSERT INTO metric VALUES (?1, ?2, 'LeadGeneration', 'Research', ?3, 'LeadGen', ?4, ?4, 500, '2026-W48')",
                params![number, of, stage, at],
            );
            run(
                "UPDATE case_file SET revision = revision + 1, paused = 0, wake_at = ?3, body = ?4 WHERE entity = ?1 AND record = ?2",
                params!["Contact", record, at + 86_400_000_000, body],
            );
        }
        run("UPDATE log_head SET number = ?1, at = ?2, hash = ?3", params![self.next.get(), NOW, hash]);
        run("COMMIT", &[]);
    }
}

/// Live cases, each with its own instant: nobody looks at those that are not due.
fn waking(program: &Program) {
    let folder = folder();
    let path = folder.path().join("crm.db");
    let mut crm = Crm::open(&path, program).expect("a new database");
    let mut connection = Connection::open(&path).expect("the database that was just made");
    let transaction = connection.transaction().expect("a transaction");
    for id in 0..LIVE {
        let record = RecordRef { entity: "Contact".into(), id };
        // In no order that the table has.
        let wake = NOW + (id * 7_919 % LIVE) * 1_000_000;
        transaction
            .execute(
                "INSERT INTO case_file (entity, record, revision, paused, wake_at, body) VALUES ('Contact', ?1, 1, 0, ?2, ?3)",
                params![id, wake, json(&Case::new(record))],
            )
            .expect("a case");
    }
    transaction.commit().expect("all cases");
    let instant = |seconds: i64| Timestamp::from_microsecond(NOW + seconds * 1_000_000).expect("an instant");
    let mut one = f64::MAX;
    for turn in 0..1_000 {
        one = one.min(timed(|| assert_eq!(crm.due(instant(turn), 1).expect("the due").len(), 1)));
    }
    let zone = TimeZone::UTC;
    let (mut woken, mut last) = (0, Timestamp::MIN);
    let seconds = timed(|| {
        loop {
            let due = crm.due(instant(LIVE), 1_000).expect("the due");
            if due.is_empty() {
                break;
            }
            let mut group = crm.group().expect("a group");
            for case in due {
                assert!(case.since >= last, "in the order of time");
                last = case.since;
                let mut salts = Seeded::new(1);
                let mut means = Means { now: instant(LIVE), zone: &zone, randomness: &mut salts };
                let later = instant(LIVE * 2);
                let slept = group.decide(&case.record, &mut means, |_, _, _| {
                    Ok::<_, LogError>(Decision { wake: Some(later), ..Decision::default() })
                });
                slept.expect("it sleeps on");
                woken += 1;
            }
            group.finish().expect("a flush");
        }
    });
    assert_eq!(woken, LIVE);
    println!("\n### Waking\n");
    println!("- the next one of {LIVE} live cases is found in {:.1} µs", one * 1e6);
    println!(
        "- {LIVE} live cases woken in the order of time, each written anew, 1000 a flushed transaction: {:.2} s, {:.0} a second",
        seconds,
        LIVE as f64 / seconds
    );
}

/// How much this process grows by waking so many cases among more that sleep on.
fn memory(room: &Room) {
    let Some(_) = resident() else {
        println!("\n### Memory\n\nNot measured: this system has no /proc/self/statm.");
        return;
    };
    println!(
        "\n### Memory, of a process that opens a CRM and wakes what is due\n\n| awake | asleep | KiB more |\n|---|---|---|"
    );
    for (awake, asleep) in [(100, 0), (100, LIVE), (LIVE, 0)] {
        let folder = folder();
        let path = folder.path().join("crm.db");
        drop(Crm::open(&path, room.program()).expect("a new database"));
        fill(&path, room, awake, asleep);
        let before = resident().unwrap_or_default();
        let mut crm = Crm::open(&path, room.program()).expect("the database that was just filled");
        assert_eq!(wake(&mut crm, NOW + 1), awake);
        let after = resident().unwrap_or_default();
        println!("| {awake} | {asleep} | {} |", after.saturating_sub(before) / 1024);
    }
}

/// Cases with a run each: some that are due, and some that are not for long.
fn fill(path: &Path, room: &Room, awake: i64, asleep: i64) {
    let record = |id: i64| RecordRef { entity: "Contact".into(), id };
    let now = Timestamp::from_microsecond(NOW).expect("an instant");
    let mut case = room.happened(&Case::new(record(0)), EntryId(1), now, "contact.created", 0).case;
    let mut connection = Connection::open(path).expect("a database");
    let transaction = connection.transaction().expect("a transaction");
    for id in 0..awake + asleep {
        case.record = record(id);
        let wake = if id < awake { NOW } else { NOW + 86_400_000_000 };
        transaction
            .execute(
                "INSERT INTO case_file (entity, record, revision, paused, wake_at, body) VALUES ('Contact', ?1, 1, 0, ?2, ?3)",
                params![id, wake, json(&case)],
            )
            .expect("a case");
    }
    transaction.commit().expect("all cases");
}

/// Wakes whatever is due, a thousand a transaction; how many were.
fn wake(crm: &mut Crm, now: i64) -> i64 {
    let instant = |micros: i64| Timestamp::from_microsecond(micros).expect("an instant");
    let mut woken = 0;
    loop {
        let due = crm.due(instant(now), 1_000).expect("the due");
        if due.is_empty() {
            return woken;
        }
        let mut group = crm.group().expect("a group");
        for case in due {
            let mut salts = Seeded::new(1);
            let mut means = Means { now: instant(now), zone: &TimeZone::UTC, randomness: &mut salts };
            let later = Some(instant(now + 86_400_000_000));
            let slept = group.decide(&case.record, &mut means, |_, _, _| {
                Ok::<_, LogError>(Decision { wake: later, ..Decision::default() })
            });
            slept.expect("it sleeps on");
            woken += 1;
        }
        group.finish().expect("a flush");
    }
}

/// Bytes of this process that are in memory, where the system says so.
fn resident() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/self/statm").ok()?;
    let pages: u64 = text.split(' ').nth(1)?.parse().ok()?;
    Some(pages * 4096)
}
