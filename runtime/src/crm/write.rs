//! Writing records in one transaction: created where they are new, changed where a cell says something else, left alone
//! where it says the same. What is dropped before it is finished has never been.

use compiler::program::Value;
use rusqlite::types::Value as Sql;
use rusqlite::{CachedStatement, ErrorCode, OptionalExtension as _, ToSql, Transaction};

use super::column::encode;
use super::image::{Place, image};
use super::log::Forgotten;
use super::names::{Called, clearly_differ};
use super::shape::RecordShape;
use super::{CrmError, ImportId, Merged, RecordId};

/// An import being written. One transaction: [`Writer::finish`] keeps it, dropping it does not.
pub struct Writer<'c> {
    pub(super) transaction: Transaction<'c>,
    pub(super) path: std::path::PathBuf,
    pub(super) import: ImportId,
    /// Whose external ids it reads; empty for the client's own.
    pub(super) system: String,
    /// Microseconds.
    pub(super) now: i64,
    pub(super) next_event: i64,
    /// The number of each event of the Program, once it was needed.
    pub(super) kinds: Vec<Option<i64>>,
    /// What was written last was made by this very import.
    pub(super) ours: bool,
    pub(super) merged: Merged,
    /// What is finished is gone with the CRM.
    pub(super) rehearsal: bool,
    /// Whom nobody may bring back.
    pub(super) forgotten: Forgotten,
}

/// What became of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Written {
    /// A new record.
    Created(RecordId),
    /// A record that says something else now.
    Changed(RecordId),
    /// A record that said so already.
    Same(RecordId),
    /// No such record, and none was to be made.
    Absent,
    /// The CRM's rules do not allow it.
    Refused(Refused),
}

/// Why the CRM does not take a row, in a user's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused(pub String);

/// How many records have a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Match {
    /// This one.
    One(RecordId),
    /// None.
    None,
    /// Several: which one is meant nobody knows.
    Several,
}

/// A record to be written.
#[derive(Clone, Copy, Debug)]
pub struct RecordWrite<'a> {
    /// Its key, where the shape has one and the row gives it.
    pub key: Option<&'a Value>,
    /// One for each field of the shape; none where nothing is known, which erases nothing.
    pub values: &'a [Option<Value>],
    /// Whether it may be made where it is not there.
    pub create: bool,
}

impl Writer<'_> {
    /// Which import this is.
    #[must_use]
    pub fn import(&self) -> ImportId {
        self.import
    }

    /// Whether this is [`Crm::rehearse`](super::Crm::rehearse)'s: what is finished stays only as long as the CRM is open.
    #[must_use]
    pub fn is_rehearsal(&self) -> bool {
        self.rehearsal
    }

    /// Whether what was found last was made by an earlier row of this import.
    #[must_use]
    pub fn last_was_made_here(&self) -> bool {
        self.ours
    }

    /// The rows so far that gave a contact of this import the name of somebody else.
    #[must_use]
    pub fn merged(&self) -> &Merged {
        &self.merged
    }

    /// Which record has that key. An external id is one of the source's system; a source of the client's own means whichever
    /// record has it, its own first.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn find(&mut self, shape: &RecordShape, key: &Value) -> Result<Match, CrmError> {
        let found = self.find_row(shape, key, true)?;
        Ok(match found {
            Present::One(row) => Match::One(RecordId(row.id)),
            Present::None => Match::None,
            Present::Several => Match::Several,
        })
    }

    /// Writes a record by its key; without one it is a new record. Only where none is to be made may an external id be that of
    /// another system, as for [`Writer::find`].
    ///
    /// # Errors
    /// Where the database cannot be written. What its rules forbid is [`Written::Refused`].
    pub fn put(&mut self, shape: &RecordShape, record: RecordWrite<'_>) -> Result<Written, CrmError> {
        let found = match record.key {
            Some(key) => self.find_row(shape, key, !record.create)?,
            None => Present::None,
        };
        match found {
            Present::One(row) => self.change(shape, row, record.values),
            Present::None if record.create => self.create(shape, record.values),
            Present::None => Ok(Written::Absent),
            Present::Several => {
                let field = shape.key.as_ref().map_or("", |key| key.field.as_str());
                Ok(Written::Refused(Refused(format!("several of the CRM's records share this `{field}`"))))
            }
        }
    }

    /// Fills a record that is there.
    ///
    /// # Errors
    /// As [`Writer::put`].
    pub fn fill(&mut self, shape: &RecordShape, id: RecordId, values: &[Option<Value>]) -> Result<Written, CrmError> {
        let mut statement = cached(&self.transaction, &shape.get).map_err(|error| self.error(&error))?;
        let row = statement.query_row([id.0], |row| Present::row(row, shape)).optional();
        drop(statement);
        match row.map_err(|error| self.error(&error))? {
            Some(row) => self.change(shape, row, values),
            None => Ok(Written::Absent),
        }
    }

    /// Runs something that is kept as a whole or not at all: where it answers no, it has never been.
    ///
    /// # Errors
    /// Its own, and where the database cannot be written.
    pub fn all_or_nothing<T, E: From<CrmError>>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, E>,
        keep: impl FnOnce(&T) -> bool,
    ) -> Result<T, E> {
        self.step("SAVEPOINT row")?;
        let merged = (self.merged.rows, self.merged.examples.len());
        let done = work(self)?;
        if !keep(&done) {
            self.step("ROLLBACK TO row")?;
            self.merged.rows = merged.0;
            self.merged.examples.truncate(merged.1);
        }
        self.step("RELEASE row")?;
        Ok(done)
    }

    fn step(&self, sql: &str) -> Result<(), CrmError> {
        let done = cached(&self.transaction, sql).and_then(|mut statement| statement.execute([]));
        done.map(drop).map_err(|error| self.error(&error))
    }

    /// Notes that a field was observed now.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn observe(&mut self, table: &str, column: &str, record: RecordId) -> Result<(), CrmError> {
        let insert = "INSERT OR REPLACE INTO field_observation (entity, column_name, record, import_id, at) \
                      VALUES (?1, ?2, ?3, ?4, ?5)";
        let mut statement = cached(&self.transaction, insert).map_err(|error| self.error(&error))?;
        statement
            .execute((table, column, record.0, self.import.0, self.now))
            .map(drop)
            .map_err(|error| CrmError::from_sqlite(&self.path, &error))
    }

    fn create(&mut self, shape: &RecordShape, values: &[Option<Value>]) -> Result<Written, CrmError> {
        let mut statement = cached(&self.transaction, &shape.insert).map_err(|error| self.error(&error))?;
        let given = shape.columns.iter().zip(values).map(|(column, value)| sql(&column.ty, value.as_ref()));
        let named = shape.external_id.map(|place| match values.get(place) {
            Some(Some(_)) => Sql::Text(self.system.clone()),
            _ => Sql::Null,
        });
        let all = [Sql::Integer(self.import.0), Sql::Integer(self.now)].into_iter().chain(given).chain(named);
        match statement.insert(rusqlite::params_from_iter(all)) {
            Ok(id) => Ok(Written::Created(RecordId(id))),
            Err(error) => {
                refused(shape, &error).map_or_else(|| Err(self.error(&error)), |refused| Ok(Written::Refused(refused)))
            }
        }
    }

    fn change(&mut self, shape: &RecordShape, row: PresentRow, values: &[Option<Value>]) -> Result<Written, CrmError> {
        let id = RecordId(row.id);
        self.ours = row.import == Some(self.import.0);
        let before = shape.called(&row.values);
        let mut merged = row.values;
        let named =
            shape.external_id.map(|place| self.renumbered(&row.system, merged.get(place), shape, place, values));
        let (mut changes, mut status) = (named.as_ref().is_some_and(|named| *named != Sql::Null), None);
        for ((column, old), value) in shape.columns.iter().zip(&mut merged).zip(values) {
            let new = sql(&column.ty, value.as_ref());
            if new != Sql::Null && new != *old {
                if shape.table == "deal" && column.name == "status" {
                    status = Some(new.clone());
                }
                (*old, changes) = (new, true);
            }
        }
        if !changes {
            return Ok(Written::Same(id));
        }
        let again = self.ours || self.keep_image(&shape.table, id, Place::Record(&shape.table, id))?;
        let after = shape.called(&merged);
        if let Some(status) = status {
            self.take_back_outcome(shape, id, &status, values, &mut merged)?;
        }
        let mut statement = cached(&self.transaction, &shape.update).map_err(|error| self.error(&error))?;
        let all = [Sql::Integer(id.0), Sql::Integer(self.now)].into_iter().chain(merged).chain(named);
        let done = statement.execute(rusqlite::params_from_iter(all));
        drop(statement);
        match done {
            Ok(_) => {
                if again && clearly_differ(&before, &after) {
                    self.note_merged(id, &before, &after)?;
                }
                Ok(Written::Changed(id))
            }
            Err(error) => {
                refused(shape, &error).map_or_else(|| Err(self.error(&error)), |refused| Ok(Written::Refused(refused)))
            }
        }
    }

    fn note_merged(&mut self, id: RecordId, before: &Called, after: &Called) -> Result<(), CrmError> {
        let mut statement = cached(&self.transaction, "SELECT email FROM contact WHERE id = ?1")
            .map_err(|error| CrmError::from_sqlite(&self.path, &error))?;
        let address: Option<String> =
            statement.query_row([id.0], |row| row.get(0)).map_err(|error| CrmError::from_sqlite(&self.path, &error))?;
        self.merged.add(address.as_deref(), before, after);
        Ok(())
    }

    /// The system that a record's external id is of from now on; NULL where it stays whose it was.
    fn renumbered(
        &self,
        of: &str,
        old: Option<&Sql>,
        shape: &RecordShape,
        place: usize,
        values: &[Option<Value>],
    ) -> Sql {
        let (Some(column), Some(Some(value))) = (shape.columns.get(place), values.get(place)) else { return Sql::Null };
        // The client's own file that names a system's number takes it for that number.
        let stays = old == Some(&encode(&column.ty, value)) && self.system.is_empty();
        if stays || of == self.system { Sql::Null } else { Sql::Text(self.system.clone()) }
    }

    /// A deal that was lost and is won now has no day on which it was lost, and the other way round.
    fn take_back_outcome(
        &self,
        shape: &RecordShape,
        id: RecordId,
        status: &Sql,
        values: &[Option<Value>],
        merged: &mut [Sql],
    ) -> Result<(), CrmError> {
        let over = |name: &str| {
            (name == "won_date" && *status != Sql::Text("won".into()))
                || (name == "lost_date" && *status != Sql::Text("lost".into()))
        };
        for ((column, value), kept) in shape.columns.iter().zip(values).zip(merged) {
            if over(&column.name) && value.is_none() {
                *kept = Sql::Null;
            }
        }
        let take = "UPDATE deal SET won_date = iif(?1 = 'won', won_date, NULL), lost_date = iif(?1 = 'lost', lost_date, NULL) \
                    WHERE id = ?2";
        let mut statement = cached(&self.transaction, take).map_err(|error| self.error(&error))?;
        statement.execute((status, id.0)).map(drop).map_err(|error| self.error(&error))
    }

    /// Keeps the row as it is now, once for each import; whether this import kept it before.
    pub(super) fn keep_image(&self, table: &str, id: RecordId, place: Place<'_>) -> Result<bool, CrmError> {
        let there = "SELECT 1 FROM import_change WHERE import_id = ?1 AND entity = ?2 AND record = ?3";
        let mut statement = cached(&self.transaction, there).map_err(|error| self.error(&error))?;
        let kept = statement.exists((self.import.0, table, id.0)).map_err(|error| self.error(&error))?;
        drop(statement);
        if kept {
            return Ok(true);
        }
        let Some(before) = image(&self.transaction, place).map_err(|error| self.error(&error))? else {
            return Ok(false);
        };
        let keep = "INSERT INTO import_change (import_id, entity, record, before) VALUES (?1, ?2, ?3, ?4)";
        let mut statement = cached(&self.transaction, keep).map_err(|error| self.error(&error))?;
        let before = serde_json::Value::Object(before).to_string();
        statement.execute((self.import.0, table, id.0, before)).map(|_| false).map_err(|error| self.error(&error))
    }

    fn find_row(&self, shape: &RecordShape, key: &Value, anywhere: bool) -> Result<Present, CrmError> {
        let Some(column) = &shape.key else { return Ok(Present::None) };
        let key = encode(&column.ty, key);
        let found = self.find_by(shape, &shape.find, &[&key, &self.system])?;
        match &shape.find_anywhere {
            Some(find) if anywhere && self.system.is_empty() && matches!(found, Present::None) => {
                self.find_by(shape, find, &[&key])
            }
            _ => Ok(found),
        }
    }

    fn find_by(&self, shape: &RecordShape, find: &str, values: &[&dyn ToSql]) -> Result<Present, CrmError> {
        let sql = |error: rusqlite::Error| self.error(&error);
        let mut statement = cached(&self.transaction, find).map_err(sql)?;
        let mut rows = statement.query(values).map_err(sql)?;
        let Some(row) = rows.next().map_err(sql)? else { return Ok(Present::None) };
        let first = Present::row(row, shape).map_err(sql)?;
        Ok(if rows.next().map_err(sql)?.is_some() { Present::Several } else { Present::One(first) })
    }

    pub(super) fn error(&self, error: &rusqlite::Error) -> CrmError {
        CrmError::from_sqlite(&self.path, error)
    }
}

/// A statement made once for each text of it.
pub(super) fn cached<'a>(transaction: &'a Transaction<'_>, sql: &str) -> rusqlite::Result<CachedStatement<'a>> {
    transaction.prepare_cached(sql)
}

enum Present {
    One(PresentRow),
    None,
    Several,
}

struct PresentRow {
    id: i64,
    import: Option<i64>,
    values: Vec<Sql>,
    /// Whose its external id is, where the shape has one.
    system: String,
}

impl Present {
    fn row(row: &rusqlite::Row<'_>, shape: &RecordShape) -> rusqlite::Result<PresentRow> {
        let values = (0..shape.columns.len()).map(|index| row.get(index + 2)).collect::<Result<_, _>>()?;
        let system = shape.external_id.map(|_| row.get(shape.columns.len() + 2)).transpose()?.unwrap_or_default();
        Ok(PresentRow { id: row.get(0)?, import: row.get(1)?, values, system })
    }
}

fn sql(ty: &compiler::program::Type, value: Option<&Value>) -> Sql {
    value.map_or(Sql::Null, |value| encode(ty, value))
}

/// A broken constraint in a user's words; none for any other error.
fn refused(shape: &RecordShape, error: &rusqlite::Error) -> Option<Refused> {
    let rusqlite::Error::SqliteFailure(code, Some(words)) = error else { return None };
    if code.code != ErrorCode::ConstraintViolation {
        return None;
    }
    let field = |name: &str| {
        let column = shape.columns.iter().find(|column| column.name == name);
        column.map_or_else(|| name.to_owned(), |column| column.field.clone())
    };
    let said = if let Some(rule) = words.strip_prefix("CHECK constraint failed: ") {
        format!("the CRM's rule is: {rule}")
    } else if let Some(column) = words.strip_prefix("UNIQUE constraint failed: ") {
        let first = column.split(',').next().unwrap_or(column);
        let name = first.rsplit('.').next().unwrap_or(first);
        format!("another {} has this `{}`, by which they are told apart", shape.called, field(name))
    } else if let Some(column) = words.strip_prefix("NOT NULL constraint failed: ") {
        format!(
            "`{}` is missing, and no {} is without it",
            field(column.rsplit('.').next().unwrap_or(column)),
            shape.called
        )
    } else {
        words.clone()
    };
    Some(Refused(said))
}
