//! Whether the log is whole: every hash, every number, every seal, from the first entry to the last, in constant memory.

use rusqlite::OptionalExtension as _;
use serde::Serialize;

use super::LogError;
use super::append::Tail;
use super::chain::{self, BEFORE_ALL, Hash, Link};
use crate::crm::Crm;
use crate::engine::EntryId;

/// A log that is whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// How many entries.
    pub entries: i64,
    /// The last entry's hash, in hexadecimal: whoever keeps it elsewhere knows this log again.
    pub last: String,
    /// How many entries were written while the clock had been set back.
    pub clock_set_back: i64,
    /// How many entries have lost what they said of a person, by erasing.
    pub erased: i64,
}

/// The first thing that is wrong with a log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("the log is broken at entry {number}: {what}")]
pub struct Broken {
    /// At which entry.
    pub number: EntryId,
    /// What is wrong.
    pub what: String,
}

/// What the chain has come to.
struct Walk {
    last: Hash,
    number: i64,
    at: i64,
    clock_set_back: i64,
    erased: i64,
    buffer: Vec<u8>,
}

impl Crm {
    /// Reads the whole log and says whether it is whole.
    ///
    /// # Errors
    /// Where the database cannot be read; what is wrong with the log is no error but the answer.
    pub fn verify(&self) -> Result<Result<Verified, Broken>, LogError> {
        let sql = |error: rusqlite::Error| self.error(&error);
        // One snapshot for all of it; nothing is written, so it is let go at the end.
        let snapshot = self.connection.unchecked_transaction().map_err(sql)?;
        let mut walk = Walk::new();
        if let Some(broken) = walk.entries(self)? {
            return Ok(Err(broken));
        }
        if let Err(broken) = walk.ends_at(&Tail::read(self)?) {
            return Ok(Err(broken));
        }
        // Every seal belongs to an entry that was looked at, so what is left over belongs to none.
        let stray =
            "SELECT number FROM seal WHERE number NOT IN (SELECT number FROM log WHERE seal IS NOT NULL) LIMIT 1";
        let stray: Option<i64> = {
            let mut statement = snapshot.prepare(stray).map_err(sql)?;
            let mut rows = statement.query([]).map_err(sql)?;
            rows.next().map_err(sql)?.map(|row| row.get(0)).transpose().map_err(sql)?
        };
        if let Some(number) = stray {
            let what = "something is sealed for it, and it says that nothing is".to_owned();
            return Ok(Err(Broken { number: EntryId(number), what }));
        }
        Ok(Ok(Verified {
            entries: walk.number,
            last: blake3::Hash::from_bytes(walk.last).to_hex().to_string(),
            clock_set_back: walk.clock_set_back,
            erased: walk.erased,
        }))
    }

    /// Whether the log ends as it should: the last so many entries follow each other, none of them was changed or lost, and the last one
    /// is that which the file says it is. Nothing is said of the entries before them, nor of what was kept from before they were lost.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn verify_last(&self, entries: i64) -> Result<Result<(), Broken>, LogError> {
        let sql = |error: rusqlite::Error| self.error(&error);
        let _snapshot = self.connection.unchecked_transaction().map_err(sql)?;
        let head = Tail::read(self)?;
        let before = (head.number.0 - entries.max(0)).max(0);
        let mut walk = Walk { number: before, ..Walk::new() };
        if before > 0 {
            let first = "SELECT hash FROM log WHERE number = ?1";
            let found: Option<Hash> =
                self.connection.query_row(first, [before], |row| row.get(0)).optional().map_err(sql)?;
            let missing = || Broken { number: EntryId(before), what: "it is missing".to_owned() };
            let Some(last) = found else { return Ok(Err(missing())) };
            walk.last = last;
        }
        if let Some(broken) = walk.entries(self)? {
            return Ok(Err(broken));
        }
        Ok(walk.ends_at(&head))
    }

    /// Whether the person of a case was forgotten after an entry.
    fn was_erased(&self, entity: &str, record: i64, after: i64) -> Result<bool, LogError> {
        let erased =
            "SELECT 1 FROM log WHERE entity = ?1 AND record = ?2 AND number > ?3 AND entry ->> 'kind' = 'erased'";
        self.is_there(erased, (entity, record, after))
    }
}

impl Walk {
    const fn new() -> Self {
        Self { last: BEFORE_ALL, number: 0, at: i64::MIN, clock_set_back: 0, erased: 0, buffer: Vec::new() }
    }

    /// Whether it has come to what the file says is the last entry.
    fn ends_at(&self, head: &Tail) -> Result<(), Broken> {
        if head.number.0 == self.number && head.hash == self.last {
            return Ok(());
        }
        let what = format!("the log should end with entry {} and ends with {}", head.number, self.number);
        Err(Broken { number: EntryId(self.number.max(head.number.0)), what })
    }

    /// All entries from where it stands.
    fn entries(&mut self, crm: &Crm) -> Result<Option<Broken>, LogError> {
        let sql = |error: rusqlite::Error| crm.error(&error);
        let all = "SELECT l.number, l.at, l.clock, l.entity, l.record, l.entry, l.seal, l.previous, l.hash, s.salt, s.body \
                   FROM log AS l LEFT JOIN seal AS s ON s.number = l.number \
                   WHERE l.number > ?1 ORDER BY l.number";
        let mut statement = crm.connection.prepare(all).map_err(sql)?;
        // From the first one on, whatever number somebody gave to what stands before it.
        let after = if self.number == 0 { i64::MIN } else { self.number };
        let mut rows = statement.query([after]).map_err(sql)?;
        while let Some(row) = rows.next().map_err(sql)? {
            let number: i64 = row.get(0).map_err(sql)?;
            let broken = |what: &str| Ok(Some(Broken { number: EntryId(number), what: what.to_owned() }));
            if number != self.number + 1 {
                let number = EntryId(self.number + 1);
                return Ok(Some(Broken { number, what: "it is missing".to_owned() }));
            }
            // Cells of another type than the schema's are as wrong as any other change.
            let Ok(read) = Read::of(row) else { return broken("its cells are of a wrong kind") };
            if read.previous != self.last {
                return broken("it does not follow the entry before it");
            }
            let case = read.entity.zip(read.record);
            let link = Link {
                previous: &read.previous,
                number,
                at: read.at,
                clock: read.clock,
                case,
                entry: read.entry,
                seal: read.seal.as_ref(),
            };
            if link.hash(&mut self.buffer) != read.hash {
                return broken("it was changed");
            }
            if read.at < self.at {
                return broken("it is older than the entry before it");
            }
            match (read.seal, read.sealed) {
                (Some(seal), Some((salt, body))) if chain::seal(&salt, body) != seal => {
                    return broken("what is sealed for it was changed");
                }
                (Some(_), None) => {
                    let erased = match case {
                        Some((entity, record)) => crm.was_erased(entity, record, number)?,
                        None => false,
                    };
                    if !erased {
                        return broken("what was sealed for it is missing, and the person was not erased");
                    }
                    self.erased += 1;
                }
                _ => {}
            }
            self.clock_set_back += i64::from(read.clock.is_some());
            (self.number, self.at, self.last) = (number, read.at, read.hash);
        }
        Ok(None)
    }
}

/// A row of the log.
struct Read<'a> {
    at: i64,
    clock: Option<i64>,
    entity: Option<&'a str>,
    record: Option<i64>,
    entry: &'a [u8],
    seal: Option<Hash>,
    previous: Hash,
    hash: Hash,
    sealed: Option<(Hash, &'a str)>,
}

impl<'a> Read<'a> {
    fn of(row: &'a rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        let salt: Option<Hash> = row.get(9)?;
        let body = row.get_ref(10)?.as_str_or_null()?;
        Ok(Self {
            at: row.get(1)?,
            clock: row.get(2)?,
            entity: row.get_ref(3)?.as_str_or_null()?,
            record: row.get(4)?,
            entry: row.get_ref(5)?.as_bytes()?,
            seal: row.get(6)?,
            previous: row.get(7)?,
            hash: row.get(8)?,
            sealed: salt.zip(body),
        })
    }
}
