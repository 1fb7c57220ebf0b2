//! What agents and people change one by one: a field, an activity, a deal. No import has a part in it; the log says who did it and
//! why. Called within a decision's own transaction.

use compiler::program::{FieldPath, Program, Type, Value};
use jiff::Timestamp;
use smol_str::SmolStr;

use super::column::{encode, quote};
use super::select::table;
use super::{ContactId, Crm, CrmError, RecordId};

/// Something written or said, to be kept as an activity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noted<'a> {
    /// With whom.
    pub contact: ContactId,
    /// `email`, `message`, `note`, …
    pub kind: &'a str,
    /// By us; otherwise nobody's.
    pub outbound: bool,
    /// The line above.
    pub subject: Option<&'a str>,
    /// The text.
    pub body: &'a str,
    /// By what it is known again.
    pub external_id: &'a str,
    /// When.
    pub at: Timestamp,
}

impl Crm {
    /// Sets a field of a record, or of one it belongs to. Whether there was such a record.
    ///
    /// # Errors
    /// Where the field has no place in the CRM, its value breaks a rule of it, or the database cannot be written.
    pub fn observe(
        &self,
        program: &Program,
        record: RecordId,
        path: &FieldPath,
        value: &Value,
        at: Timestamp,
    ) -> Result<bool, CrmError> {
        let no_place = || CrmError::NoPlace { name: program.path_name(path) };
        let (mut entity, mut id) = (path.entity, record.0);
        for relation in &path.relations {
            let field = program.entities.get(entity.index()).and_then(|of| of.fields.get(relation.index()));
            let field = field.ok_or_else(no_place)?;
            let Type::Record(next) = field.ty else { return Err(no_place()) };
            let walk = format!("SELECT {} FROM {} WHERE id = ?1", quote(&field.column), quote(table(program, entity)?));
            match self.value(&walk, id)? {
                Some(found) => (entity, id) = (next, found),
                None => return Ok(false),
            }
        }
        let field = program.entities.get(entity.index()).and_then(|of| of.fields.get(path.field.index()));
        let field = field.ok_or_else(no_place)?;
        let set = format!(
            "UPDATE {} SET {} = ?2, updated = ?3 WHERE id = ?1",
            quote(table(program, entity)?),
            quote(&field.column)
        );
        let values = (id, encode(&field.ty, value), at.as_microsecond());
        let done = self.connection.prepare_cached(&set).and_then(|mut statement| statement.execute(values));
        Ok(done.map_err(|error| self.error(&error))? == 1)
    }

    fn value(&self, sql: &str, id: i64) -> Result<Option<i64>, CrmError> {
        use rusqlite::OptionalExtension as _;
        let found = self.connection.prepare_cached(sql);
        let found = found.and_then(|mut statement| statement.query_row([id], |row| row.get(0)).optional());
        Ok(found.map_err(|error| self.error(&error))?.flatten())
    }

    /// Keeps an activity, once.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn note(&self, noted: &Noted<'_>) -> Result<(), CrmError> {
        let insert = "INSERT INTO activity (external_id, kind, direction, subject, body, at, contact_id, created, updated) \
                      SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?6, ?6 \
                      WHERE NOT EXISTS (SELECT 1 FROM activity WHERE contact_id = ?7 AND external_id = ?1)";
        let values = (
            noted.external_id,
            noted.kind,
            noted.outbound.then_some("outbound"),
            noted.subject,
            noted.body,
            noted.at.as_microsecond(),
            noted.contact.0,
        );
        let done = self.connection.prepare_cached(insert).and_then(|mut statement| statement.execute(values));
        done.map(drop).map_err(|error| self.error(&error))
    }

    /// Makes a deal for a contact; gives its row.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn make_deal(&self, contact: ContactId, name: &str, at: Timestamp) -> Result<RecordId, CrmError> {
        let insert = "INSERT INTO deal (name, status, contact_id, company_id, created, updated) \
                      SELECT ?1, 'open', id, company_id, ?3, ?3 FROM contact WHERE id = ?2";
        let values = (name, contact.0, at.as_microsecond());
        let made = self.connection.prepare_cached(insert).and_then(|mut statement| statement.insert(values));
        Ok(RecordId(made.map_err(|error| self.error(&error))?))
    }

    /// The last activities with a contact, newest first: when, of what kind, and what it was about.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn last_activities(
        &self,
        contact: ContactId,
        until: Timestamp,
        limit: u32,
    ) -> Result<Vec<(Timestamp, SmolStr, String)>, CrmError> {
        let sql = |error: rusqlite::Error| self.error(&error);
        let all = "SELECT at, kind, ifnull(subject, substr(ifnull(body, ''), 1, 80)) FROM activity \
                   WHERE contact_id = ?1 AND at <= ?2 ORDER BY at DESC, id DESC LIMIT ?3";
        let mut statement = self.connection.prepare_cached(all).map_err(sql)?;
        let rows = statement.query_map((contact.0, until.as_microsecond(), limit), |row| {
            let at = Timestamp::from_microsecond(row.get(0)?).unwrap_or_default();
            Ok((at, SmolStr::new(row.get_ref(1)?.as_str()?), row.get(2)?))
        });
        rows.map_err(sql)?.collect::<Result<_, _>>().map_err(sql)
    }
}
