//! Records of which only what is given is known: for tests of a playbook, which have no import.

use compiler::program::{EntityId, FieldPath, Program, Value};

use super::column::{encode, quote};
use super::select::table;
use super::{Crm, CrmError, RecordId};

impl Crm {
    /// Makes a record of which nothing is known.
    ///
    /// # Errors
    /// Where the entity has no table, or needs more to be one.
    pub fn make(&self, program: &Program, entity: EntityId) -> Result<RecordId, CrmError> {
        let insert = format!("INSERT INTO {} DEFAULT VALUES", quote(table(program, entity)?));
        let made = self.connection.prepare_cached(&insert).and_then(|mut statement| statement.insert([]));
        Ok(RecordId(made.map_err(|error| self.error(&error))?))
    }

    /// Gives a record a field of its own: the path's last step is that field, of the record itself.
    ///
    /// # Errors
    /// Where the field has no place, or its value breaks a rule of the CRM.
    pub fn give(
        &self,
        program: &Program,
        record: RecordId,
        (entity, field): (EntityId, compiler::program::FieldId),
        value: &Value,
    ) -> Result<(), CrmError> {
        let path = FieldPath { entity, relations: Vec::new(), field };
        let known = program.field(&path).ok_or_else(|| CrmError::NoPlace { name: program.path_name(&path) })?;
        self.put(program, record, entity, &known.column, &encode(&known.ty, value))
    }

    /// Makes a record belong to another one.
    ///
    /// # Errors
    /// As [`Crm::give`].
    pub fn relate(
        &self,
        program: &Program,
        record: RecordId,
        (entity, field): (EntityId, compiler::program::FieldId),
        to: RecordId,
    ) -> Result<(), CrmError> {
        let path = FieldPath { entity, relations: Vec::new(), field };
        let known = program.field(&path).ok_or_else(|| CrmError::NoPlace { name: program.path_name(&path) })?;
        self.put(program, record, entity, &known.column, &to.0)
    }

    fn put(
        &self,
        program: &Program,
        record: RecordId,
        entity: EntityId,
        column: &str,
        value: &dyn rusqlite::ToSql,
    ) -> Result<(), CrmError> {
        let set = format!("UPDATE {} SET {} = ?2 WHERE id = ?1", quote(table(program, entity)?), quote(column));
        let done = self.connection.prepare_cached(&set).and_then(|mut statement| statement.execute((record.0, value)));
        done.map(drop).map_err(|error| self.error(&error))
    }
}
