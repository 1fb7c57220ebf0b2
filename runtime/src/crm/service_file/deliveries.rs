//! Webhooks on their way out: how far each receiver was told of the log, and of each telling when it is due and what came of it. What is
//! told is not kept: it is read off the log when it is sent.

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Row};

use super::{CrmError, ServiceFile};

pub(super) const SCHEMA: &str = "
CREATE TABLE receiver (
  name TEXT PRIMARY KEY,
  told INTEGER NOT NULL,
  failing INTEGER,
  stopped INTEGER,
  why TEXT
) STRICT;
CREATE TABLE delivery (
  number INTEGER PRIMARY KEY,
  receiver TEXT NOT NULL REFERENCES receiver (name),
  entry INTEGER NOT NULL,
  type TEXT NOT NULL,
  queued INTEGER NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0,
  due INTEGER,
  tried INTEGER,
  delivered INTEGER,
  status INTEGER,
  error TEXT,
  UNIQUE (receiver, entry)
) STRICT;
CREATE INDEX delivery_due ON delivery (receiver, due) WHERE due IS NOT NULL;
CREATE INDEX delivery_queued ON delivery (queued);
PRAGMA user_version = 2;
";

/// Whoever is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receiver {
    /// What it is called in the configuration.
    pub name: String,
    /// The last entry of the log that was looked at for it.
    pub told: i64,
    /// Since when nothing gets through; nothing where the last try did.
    pub failing: Option<Timestamp>,
    /// Since when nothing is sent any more.
    pub stopped: Option<Timestamp>,
    /// Why not.
    pub why: Option<String>,
}

/// Something that is told, or was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Its number.
    pub number: i64,
    /// The entry of the log that it tells.
    pub entry: i64,
    /// `log.asked`
    pub kind: String,
    /// Since when it waits, or waited.
    pub queued: Timestamp,
    /// How often it was tried.
    pub tries: u32,
    /// When it is tried next; nothing where it is done or given up.
    pub due: Option<Timestamp>,
    /// When it was tried last.
    pub tried: Option<Timestamp>,
    /// When it was taken.
    pub delivered: Option<Timestamp>,
    /// What the receiver answered last.
    pub status: Option<u16>,
    /// Or why it did not.
    pub error: Option<String>,
}

/// What came of a try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    /// When.
    pub at: Timestamp,
    /// It was taken.
    pub taken: bool,
    /// What was answered.
    pub status: Option<u16>,
    /// Or why nothing was.
    pub error: Option<String>,
    /// When it is tried again; nothing where it is not.
    pub again: Option<Timestamp>,
}

/// Which deliveries are to be made again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// That one.
    One(i64),
    /// All from that entry of the log on.
    Since(i64),
}

impl ServiceFile {
    /// A receiver; one that is new is told what comes after that entry of the log.
    ///
    /// # Errors
    /// Where the file cannot be read or written.
    pub fn receiver(&self, name: &str, from: i64) -> Result<Receiver, CrmError> {
        self.write("INSERT INTO receiver (name, told) VALUES (?1, ?2) ON CONFLICT DO NOTHING", (name, from))?;
        let read = "SELECT name, told, failing, stopped, why FROM receiver WHERE name = ?1";
        self.connection.query_row(read, [name], receiver).map_err(|error| self.error(&error))
    }

    /// A receiver that was told something before.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn known_receiver(&self, name: &str) -> Result<Option<Receiver>, CrmError> {
        let read = "SELECT name, told, failing, stopped, why FROM receiver WHERE name = ?1";
        self.connection.query_row(read, [name], receiver).optional().map_err(|error| self.error(&error))
    }

    /// Entries of the log that a receiver is to be told, each with its type; it was looked up to that entry. Those that are over, and were
    /// queued before an instant, are forgotten.
    ///
    /// # Errors
    /// Where the file cannot be written: then nothing is queued.
    pub fn queue(
        &self,
        name: &str,
        entries: &[(i64, String)],
        told: i64,
        (now, forget): (Timestamp, Timestamp),
    ) -> Result<(), CrmError> {
        let all = || {
            let queueing = self.connection.unchecked_transaction()?;
            for (entry, kind) in entries {
                queueing
                    .prepare_cached(
                        "INSERT INTO delivery (receiver, entry, type, queued, due) VALUES (?1, ?2, ?3, ?4, ?4) ON CONFLICT DO NOTHING",
                    )?
                    .execute((name, entry, kind, now.as_microsecond()))?;
            }
            queueing.execute("UPDATE receiver SET told = max(told, ?2) WHERE name = ?1", (name, told))?;
            queueing.execute("DELETE FROM delivery WHERE queued < ?1 AND due IS NULL", [forget.as_microsecond()])?;
            queueing.commit()
        };
        all().map_err(|error| self.error(&error))
    }

    /// What is due, the longest due first, so many.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn due(&self, name: &str, now: Timestamp, limit: usize) -> Result<Vec<Delivery>, CrmError> {
        let due = format!("{DELIVERY} WHERE receiver = ?1 AND due <= ?2 ORDER BY due, number LIMIT ?3");
        self.deliveries_where(&due, (name, now.as_microsecond(), i64::try_from(limit).unwrap_or(i64::MAX)))
    }

    /// The newest deliveries with numbers below one, so many.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn deliveries(&self, name: &str, before: Option<i64>, limit: usize) -> Result<Vec<Delivery>, CrmError> {
        let newest = format!("{DELIVERY} WHERE receiver = ?1 AND number < ?2 ORDER BY number DESC LIMIT ?3");
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.deliveries_where(&newest, (name, before.unwrap_or(i64::MAX), limit))
    }

    /// How many wait for a receiver.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn waiting(&self, name: &str) -> Result<u64, CrmError> {
        let count = "SELECT count(*) FROM delivery WHERE receiver = ?1 AND due IS NOT NULL";
        let count: Result<i64, _> = self.connection.query_row(count, [name], |row| row.get(0));
        count.map(|count| u64::try_from(count).unwrap_or_default()).map_err(|error| self.error(&error))
    }

    fn deliveries_where(&self, sql: &str, values: impl rusqlite::Params) -> Result<Vec<Delivery>, CrmError> {
        let read = || {
            let mut statement = self.connection.prepare_cached(sql)?;
            statement.query_map(values, delivery)?.collect::<rusqlite::Result<Vec<_>>>()
        };
        read().map_err(|error| self.error(&error))
    }

    /// Keeps what came of a try.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn tried(&self, name: &str, number: i64, tried: &Tried) -> Result<(), CrmError> {
        let Tried { at, taken, status, error, again } = tried;
        let at = at.as_microsecond();
        let update = "UPDATE delivery SET tries = tries + 1, tried = ?2, delivered = ?3, status = ?4, error = ?5, due = ?6 WHERE number = ?1";
        self.write(update, (number, at, taken.then_some(at), status, error, again.map(Timestamp::as_microsecond)))?;
        let failing = if *taken {
            "UPDATE receiver SET failing = NULL WHERE name = ?1 AND ?2 IS NOT NULL"
        } else {
            "UPDATE receiver SET failing = ifnull(failing, ?2) WHERE name = ?1"
        };
        self.write(failing, (name, at)).map(drop)
    }

    /// From now on nothing is sent to a receiver.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn stop_receiver(&self, name: &str, at: Timestamp, why: &str) -> Result<(), CrmError> {
        let update = "UPDATE receiver SET stopped = ?2, why = ?3 WHERE name = ?1 AND stopped IS NULL";
        self.write(update, (name, at.as_microsecond(), why)).map(drop)
    }

    /// It goes on, with all that waits. Whether it had stopped.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn resume_receiver(&self, name: &str) -> Result<bool, CrmError> {
        let update =
            "UPDATE receiver SET stopped = NULL, why = NULL, failing = NULL WHERE name = ?1 AND stopped IS NOT NULL";
        Ok(self.write(update, [name])? > 0)
    }

    /// Makes deliveries again, from the first try on, under the ids that they had. How many.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn deliver_again(&self, name: &str, which: Again, now: Timestamp) -> Result<usize, CrmError> {
        let (condition, number) = match which {
            Again::One(number) => ("number = ?3", number),
            Again::Since(entry) => ("entry >= ?3", entry),
        };
        let update =
            format!("UPDATE delivery SET due = ?2, tries = 0, delivered = NULL WHERE receiver = ?1 AND {condition}");
        self.write(&update, (name, now.as_microsecond(), number))
    }
}

const DELIVERY: &str = "SELECT number, entry, type, queued, tries, due, tried, delivered, status, error FROM delivery";

fn at(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Timestamp>> {
    let at: Option<i64> = row.get(column)?;
    Ok(at.and_then(|at| Timestamp::from_microsecond(at).ok()))
}

fn receiver(row: &Row<'_>) -> rusqlite::Result<Receiver> {
    Ok(Receiver { name: row.get(0)?, told: row.get(1)?, failing: at(row, 2)?, stopped: at(row, 3)?, why: row.get(4)? })
}

fn delivery(row: &Row<'_>) -> rusqlite::Result<Delivery> {
    Ok(Delivery {
        number: row.get(0)?,
        entry: row.get(1)?,
        kind: row.get(2)?,
        queued: at(row, 3)?.unwrap_or_default(),
        tries: row.get(4)?,
        due: at(row, 5)?,
        tried: at(row, 6)?,
        delivered: at(row, 7)?,
        status: row.get(8)?,
        error: row.get(9)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn file() -> (tempfile::TempDir, ServiceFile) {
        let folder = tempfile::tempdir().unwrap();
        let file = ServiceFile::open(&folder.path().join("service.db")).unwrap();
        (folder, file)
    }

    fn queue(file: &ServiceFile, entries: &[i64], now: i64) {
        let entries: Vec<(i64, String)> = entries.iter().map(|entry| (*entry, "log.asked".to_owned())).collect();
        let told = entries.last().map_or(0, |(entry, _)| *entry);
        file.queue("crm", &entries, told, (second(now), second(now - 100))).unwrap();
    }

    fn failed(now: i64, again: Option<i64>) -> Tried {
        Tried { at: second(now), taken: false, status: Some(500), error: None, again: again.map(second) }
    }

    #[test]
    fn each_entry_is_told_once_and_again_until_it_is_taken() {
        let (_folder, file) = file();
        assert_eq!(file.receiver("crm", 7).unwrap().told, 7);
        assert_eq!(file.receiver("crm", 9).unwrap().told, 7, "it begins once");
        queue(&file, &[8, 9], 10);
        queue(&file, &[8, 9], 11);
        let due = |now| file.due("crm", second(now), 10).unwrap().iter().map(|due| due.entry).collect::<Vec<_>>();
        assert_eq!((due(9), due(10)), (vec![], vec![8, 9]));
        let number = file.due("crm", second(10), 10).unwrap()[0].number;
        file.tried("crm", number, &failed(10, Some(15))).unwrap();
        assert_eq!((due(14), due(15)), (vec![9], vec![9, 8]));
        assert_eq!(file.receiver("crm", 0).unwrap().failing, Some(second(10)));
        file.tried("crm", number, &failed(15, None)).unwrap();
        assert_eq!(file.receiver("crm", 0).unwrap().failing, Some(second(10)), "since the first time");
        assert_eq!((due(1000), file.waiting("crm").unwrap()), (vec![9], 1), "it is given up");
        let taken = Tried { taken: true, status: Some(204), ..failed(16, None) };
        file.tried("crm", number + 1, &taken).unwrap();
        assert_eq!(file.receiver("crm", 0).unwrap().failing, None);
        let log = file.deliveries("crm", None, 10).unwrap();
        assert_eq!(
            log.iter().map(|one| (one.entry, one.tries, one.delivered.is_some())).collect::<Vec<_>>(),
            [(9, 1, true), (8, 2, false)]
        );
        assert_eq!(file.deliver_again("crm", Again::Since(8), second(20)).unwrap(), 2);
        assert_eq!(due(20), [8, 9]);
        queue(&file, &[10], 200);
        assert_eq!(file.deliveries("crm", None, 10).unwrap().len(), 3, "what still waits is never forgotten");
    }

    #[test]
    fn whoever_is_stopped_goes_on_where_somebody_says_so() {
        let (_folder, file) = file();
        file.receiver("crm", 0).unwrap();
        file.stop_receiver("crm", second(5), "it is gone").unwrap();
        file.stop_receiver("crm", second(6), "something else").unwrap();
        let stopped = file.receiver("crm", 0).unwrap();
        assert_eq!((stopped.stopped, stopped.why.as_deref()), (Some(second(5)), Some("it is gone")));
        assert!(file.resume_receiver("crm").unwrap() && !file.resume_receiver("crm").unwrap());
        assert_eq!(file.known_receiver("crm").unwrap().unwrap().stopped, None);
        assert_eq!(file.known_receiver("other").unwrap(), None);
    }
}
