//! Replay: the log folded again from the first entry, beside what the file holds. State is nothing but its fold, so that whatever
//! differs was changed by somebody else. Constant memory: one case at a time, and the rows that follow in a file of their own.

use std::cmp::Ordering;
use std::path::Path;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rusqlite::types::Value;
use rusqlite::{Connection, Row};
use serde::Serialize;

use super::LogError;
use super::append::Place;
use super::case::instant;
use super::statements::Statements;
use crate::crm::{Crm, migrations};
use crate::engine::{Case, Entry, EntryId, RecordRef, apply};

/// More differences are counted, but not described.
const DESCRIBED: usize = 100;

/// What follows from the log, by its key and what is said of it. How an effect fares is the outbox's own matter while it is open.
const TABLES: [(&str, &[&str]); 8] = [
    (
        "run",
        &[
            "number",
            "workflow",
            "entity",
            "record",
            "case_entity",
            "case_record",
            "\"trigger\"",
            "version",
            "stage",
            "entered",
            "paused",
            "ended",
            "outcome",
        ],
    ),
    ("metric", &["number", "run", "workflow", "from_stage", "to_stage", "agent", "entered", "left", "seconds", "week"]),
    (
        "question",
        &[
            "number",
            "run",
            "entity",
            "record",
            "about",
            "whom",
            "options",
            "words",
            "notes",
            "asked",
            "due",
            "remind",
            "reminded",
            "settled",
            "settled_at",
            "how",
            "who",
        ],
    ),
    ("message", &["number", "run", "channel", "template", "hash", "version", "text", "sent"]),
    (
        "outbox",
        &[
            "number",
            "kind",
            "run",
            "entity",
            "record",
            "agent",
            "channel",
            "message",
            "offer",
            "ready IS NULL AS settled",
        ],
    ),
    ("switch", &["what", "entry", "at", "who", "why"]),
    ("spend", &["number", "at", "agent", "action", "amount"]),
    ("trial", &["number", "run", "experiment", "arm", "why", "entity", "record", "began"]),
];

/// What replaying found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Replayed {
    /// How many entries there are.
    pub entries: u64,
    /// How many cases they belong to.
    pub cases: u64,
    /// How much differs.
    pub different: u64,
    /// The first of it.
    pub differences: Vec<Difference>,
}

/// Something that is not what the log says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// `run 17`, `the case of Contact 4`
    pub what: String,
    /// In words.
    pub how: String,
}

impl Replayed {
    fn add(&mut self, what: String, how: impl Into<String>) {
        self.different += 1;
        if self.differences.len() < DESCRIBED {
            self.differences.push(Difference { what, how: how.into() });
        }
    }
}

impl Crm {
    /// Folds the whole log again and compares it with every case and every row that follows from it. The zone is the client's.
    ///
    /// # Errors
    /// Where the database cannot be read, or no file can be made beside it.
    pub fn replay(&self, zone: &TimeZone) -> Result<Replayed, LogError> {
        let sql = |error: rusqlite::Error| self.error(&error);
        // One snapshot for all of it; nothing is written, so it is let go at the end.
        let _snapshot = self.connection.unchecked_transaction().map_err(sql)?;
        let mut replayed = Replayed::default();
        self.replay_cases(&mut replayed)?;
        let scratch = self.scratch()?;
        self.replay_rows(&scratch, zone, &mut replayed)?;
        for (table, columns) in TABLES {
            compare(self, &scratch, table, columns, &mut replayed)?;
        }
        Ok(replayed)
    }

    /// An empty CRM in a file without a name, which the system takes away when it is closed. It has no log of its own.
    fn scratch(&self) -> Result<Self, LogError> {
        let sql = |error: rusqlite::Error| self.error(&error);
        let mut connection = Connection::open("").map_err(sql)?;
        migrations::run(&mut connection, Path::new("replay"))?;
        connection.execute_batch("PRAGMA foreign_keys = OFF; BEGIN").map_err(sql)?;
        Ok(Self::over(connection, Path::new("replay")))
    }

    fn replay_cases(&self, replayed: &mut Replayed) -> Result<(), LogError> {
        let sql = |error: rusqlite::Error| self.error(&error);
        let all = "SELECT number, at, entity, record, entry FROM log WHERE entity IS NOT NULL ORDER BY entity, record, number";
        let mut statement = self.connection.prepare(all).map_err(sql)?;
        let mut rows = statement.query([]).map_err(sql)?;
        let mut case: Option<Case> = None;
        while let Some(row) = rows.next().map_err(sql)? {
            let logged = Line::of(row).map_err(sql)?;
            let Some(record) = logged.record else { continue };
            if let Some(done) = case.take_if(|case| case.record != record) {
                self.compare_case(&done, replayed)?;
            }
            match logged.entry {
                Ok(entry) => {
                    apply(case.get_or_insert_with(|| Case::new(record)), logged.number, logged.at, &entry);
                }
                Err(error) => replayed.add(format!("entry {}", logged.number), error),
            }
        }
        if let Some(done) = case {
            self.compare_case(&done, replayed)?;
        }
        let stray = "SELECT entity, record FROM case_file AS c WHERE NOT EXISTS \
                     (SELECT 1 FROM log WHERE entity = c.entity AND record = c.record)";
        let mut statement = self.connection.prepare(stray).map_err(sql)?;
        let mut rows = statement.query([]).map_err(sql)?;
        while let Some(row) = rows.next().map_err(sql)? {
            let record =
                RecordRef { entity: row.get::<_, String>(0).map_err(sql)?.into(), id: row.get(1).map_err(sql)? };
            self.compare_case(&Case::new(record), replayed)?;
        }
        Ok(())
    }

    fn compare_case(&self, folded: &Case, replayed: &mut Replayed) -> Result<(), LogError> {
        replayed.cases += 1;
        let what = format!("the case of {} {}", folded.record.entity, folded.record.id);
        let kept = match self.case(&folded.record) {
            Ok(standing) => standing.case,
            Err(LogError::Unreadable { detail, .. }) => {
                replayed.add(what, format!("it cannot be read: {detail}"));
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        if kept != *folded {
            let fields = |case: &Case| serde_json::to_value(case).ok().and_then(|json| json.as_object().cloned());
            let (kept, folded) = (fields(&kept).unwrap_or_default(), fields(folded).unwrap_or_default());
            // What is nothing is not written, on neither side.
            let differing = folded.iter().filter(|(name, value)| kept.get(*name) != Some(value));
            let names = differing.chain(kept.iter().filter(|(name, _)| !folded.contains_key(*name)));
            let names: Vec<&str> = names.map(|(name, _)| name.as_str()).collect();
            replayed.add(what, format!("{} differ from what its entries fold to", names.join(", ")));
        }
        Ok(())
    }

    fn replay_rows(&self, scratch: &Self, zone: &TimeZone, replayed: &mut Replayed) -> Result<(), LogError> {
        let sql = |error: rusqlite::Error| self.error(&error);
        let all = "SELECT number, at, entity, record, entry FROM log ORDER BY number";
        let mut statement = self.connection.prepare(all).map_err(sql)?;
        let mut rows = statement.query([]).map_err(sql)?;
        let statements = Statements::new(scratch);
        while let Some(row) = rows.next().map_err(sql)? {
            let Line { number, at, record, entry } = Line::of(row).map_err(sql)?;
            replayed.entries += 1;
            // Said already, where the cases were folded.
            let Ok(entry) = entry else { continue };
            let place = Place { number, at, clock: None, record: record.as_ref() };
            if let Err(error) = super::derive::write(&statements, place, &entry, None, zone) {
                replayed.add(format!("entry {number}"), error.to_string());
            }
        }
        Ok(())
    }
}

/// A row of the log.
struct Line {
    number: EntryId,
    at: Timestamp,
    record: Option<RecordRef>,
    entry: Result<Entry, String>,
}

impl Line {
    fn of(row: &Row<'_>) -> rusqlite::Result<Self> {
        let entity: Option<String> = row.get(2)?;
        let record = entity.zip(row.get(3)?).map(|(entity, id)| RecordRef { entity: entity.into(), id });
        let entry = serde_json::from_slice(row.get_ref(4)?.as_bytes()?).map_err(|error| error.to_string());
        Ok(Self { number: EntryId(row.get(0)?), at: instant(row.get(1)?).unwrap_or_default(), record, entry })
    }
}

/// Walks both tables side by side, in the order of their keys.
fn compare(crm: &Crm, scratch: &Crm, table: &str, columns: &[&str], replayed: &mut Replayed) -> Result<(), LogError> {
    let sql = |error: rusqlite::Error| crm.error(&error);
    let key = columns.first().copied().unwrap_or_default();
    let all = format!("SELECT {} FROM {table} ORDER BY {key}", columns.join(", "));
    let mut kept = crm.connection.prepare(&all).map_err(sql)?;
    let mut wanted = scratch.connection.prepare(&all).map_err(sql)?;
    let (mut kept, mut wanted) = (kept.query([]).map_err(sql)?, wanted.query([]).map_err(sql)?);
    let mut left = cells(kept.next(), columns).map_err(sql)?;
    let mut right = cells(wanted.next(), columns).map_err(sql)?;
    loop {
        let order = match (&left, &right) {
            (None, None) => return Ok(()),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(left), Some(right)) => by_key(left, right),
        };
        match order {
            Ordering::Less => replayed.add(name(table, left.as_deref()), "the log knows nothing of it"),
            Ordering::Greater => replayed.add(name(table, right.as_deref()), "it is missing"),
            Ordering::Equal if left != right => {
                let pairs = columns.iter().zip(left.iter().flatten().zip(right.iter().flatten()));
                let differing = pairs.filter(|(_, (left, right))| left != right);
                let words = differing.map(|(column, (left, right))| {
                    let column = column.rsplit(" AS ").next().unwrap_or_default().trim_matches('"');
                    format!("{column} is {}, and the log says {}", shown(left), shown(right))
                });
                replayed.add(name(table, left.as_deref()), words.collect::<Vec<_>>().join("; "));
            }
            Ordering::Equal => {}
        }
        if order != Ordering::Greater {
            left = cells(kept.next(), columns).map_err(sql)?;
        }
        if order != Ordering::Less {
            right = cells(wanted.next(), columns).map_err(sql)?;
        }
    }
}

fn cells(row: rusqlite::Result<Option<&Row<'_>>>, columns: &[&str]) -> rusqlite::Result<Option<Vec<Value>>> {
    let Some(row) = row? else { return Ok(None) };
    (0..columns.len()).map(|column| row.get(column)).collect::<Result<_, _>>().map(Some)
}

/// Keys are numbers or names.
fn by_key(left: &[Value], right: &[Value]) -> Ordering {
    match (left.first(), right.first()) {
        (Some(Value::Integer(left)), Some(Value::Integer(right))) => left.cmp(right),
        (Some(Value::Text(left)), Some(Value::Text(right))) => left.cmp(right),
        _ => Ordering::Equal,
    }
}

fn name(table: &str, row: Option<&[Value]>) -> String {
    format!("{table} {}", row.and_then(<[Value]>::first).map_or_else(String::new, plain))
}

fn shown(value: &Value) -> String {
    if *value == Value::Null { "nothing".into() } else { format!("`{}`", plain(value)) }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Integer(whole) => whole.to_string(),
        Value::Real(real) => real.to_string(),
        Value::Text(text) => text.clone(),
        Value::Blob(bytes) => format!("{} bytes", bytes.len()),
    }
}
