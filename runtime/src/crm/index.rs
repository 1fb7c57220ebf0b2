//! Indexes on the fields by which records are known again: unique for a source's key, plain for what is looked up. They are
//! made when a source is first imported, so that a preset that nobody uses forbids nothing.

use compiler::program::{EntityId, FieldId, Program};
use rusqlite::{ErrorCode, OptionalExtension as _};

use super::column::quote;
use super::{CrmError, RecordShape, Writer, system};

impl Writer<'_> {
    /// Makes sure that a key is unique among the records there, and quick to find.
    ///
    /// # Errors
    /// Where records share it.
    pub fn key(&mut self, program: &Program, entity: EntityId, field: FieldId) -> Result<(), CrmError> {
        let shape = RecordShape::new(program, entity, Some(field), &[])?;
        let Some(column) = &shape.key else { return Ok(()) };
        let (table, field) = (quote(&shape.table), quote(&column.name));
        let index = quote(&format!("{}_{}_key", shape.table, column.name));
        let name = columns(&column.name);
        let create = format!("CREATE UNIQUE INDEX IF NOT EXISTS {index} ON {table} ({name}) WHERE {field} IS NOT NULL");
        match self.transaction.execute_batch(&create) {
            Ok(()) => Ok(()),
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {
                let shared = format!(
                    "SELECT count(*), CAST(max(v) AS TEXT) FROM (SELECT {field} AS v FROM {table} \
                     WHERE {field} IS NOT NULL GROUP BY {name} HAVING count(*) > 1)"
                );
                let (count, example) = self
                    .transaction
                    .query_row(&shared, [], |row| Ok((super::imports::count(row, 0)?, row.get(1)?)))
                    .map_err(|error| self.error(&error))?;
                let entity =
                    program.entities.get(entity.index()).map_or_else(Default::default, |entity| entity.name.clone());
                Err(CrmError::SharedKey { entity, field: column.field.as_str().into(), count, example })
            }
            Err(error) => Err(self.error(&error)),
        }
    }

    /// Makes a field quick to find records by.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub fn lookup_index(&mut self, program: &Program, entity: EntityId, field: FieldId) -> Result<(), CrmError> {
        let shape = RecordShape::new(program, entity, Some(field), &[])?;
        let Some(column) = &shape.key else { return Ok(()) };
        let unique = format!("{}_{}_key", shape.table, column.name);
        let there = "SELECT 1 FROM sqlite_schema WHERE type = 'index' AND name = ?1";
        let there = self.transaction.query_row(there, [&unique], |_| Ok(())).optional();
        if there.map_err(|error| self.error(&error))?.is_some() {
            return Ok(());
        }
        let (table, name) = (quote(&shape.table), quote(&column.name));
        let index = quote(&format!("{}_{}_lookup", shape.table, column.name));
        let create = format!("CREATE INDEX IF NOT EXISTS {index} ON {table} ({name}) WHERE {name} IS NOT NULL");
        self.transaction.execute_batch(&create).map_err(|error| self.error(&error))
    }
}

/// What is to be unique: an external id is so within its system.
fn columns(column: &str) -> String {
    let quoted = quote(column);
    if column == system::FIELD { format!("{quoted}, {}", system::COLUMN) } else { quoted }
}
