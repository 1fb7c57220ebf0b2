//! The client's own fields as real columns, made when a Program is opened against the CRM. Nothing is ever dropped.

use std::collections::BTreeMap;

use compiler::program::{Entity, Program};
use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::column::{declaration, quote, type_words};
use super::{Crm, CrmError};

/// What the CRM records about one client's column.
struct Known {
    field: String,
    ty: String,
}

impl Crm {
    /// Adds the columns that the Program's entities need and that are not there yet.
    pub(super) fn extend(&self, program: &Program) -> Result<(), CrmError> {
        if self.additions(program)?.is_empty() {
            return Ok(());
        }
        let sql = |error: rusqlite::Error| self.error(&error);
        let transaction = Transaction::new_unchecked(&self.connection, TransactionBehavior::Immediate).map_err(sql)?;
        // Another process may have been quicker.
        for (statement, record) in self.additions(program)? {
            transaction.execute_batch(&statement).map_err(sql)?;
            let insert = "INSERT INTO extension (entity, column_name, field, type) VALUES (?1, ?2, ?3, ?4)";
            transaction.execute(insert, rusqlite::params_from_iter(record)).map_err(sql)?;
        }
        transaction.commit().map_err(sql)
    }

    /// For this connection alone, has the columns that are not there yet stand in for what nobody knows.
    pub(super) fn stand_in(&self, program: &Program) -> Result<(), CrmError> {
        let mut unknown: BTreeMap<String, String> = BTreeMap::new();
        for (_, [table, column, ..]) in self.additions(program)? {
            unknown.entry(table).or_default().push_str(&format!(", NULL AS {}", quote(&column)));
        }
        for (table, columns) in unknown {
            // A temporary view is found before a table of the same name.
            let view = format!("CREATE TEMP VIEW {0} AS SELECT *{columns} FROM main.{0}", quote(&table));
            self.connection.execute_batch(&view).map_err(|error| self.error(&error))?;
        }
        Ok(())
    }

    fn additions(&self, program: &Program) -> Result<Vec<Addition>, CrmError> {
        let mut additions = Vec::new();
        for entity in &program.entities {
            let columns = columns(&self.connection, &entity.table).map_err(|error| self.error(&error))?;
            if columns.is_empty() {
                return Err(CrmError::NoPlace { name: entity.name.to_string() });
            }
            let known = known(&self.connection, &entity.table).map_err(|error| self.error(&error))?;
            missing(program, entity, &columns, &known, &mut additions)?;
        }
        Ok(additions)
    }
}

/// A statement that adds a column, and the row that records it.
type Addition = (String, [String; 4]);

fn missing(
    program: &Program,
    entity: &Entity,
    columns: &[String],
    known: &BTreeMap<String, Known>,
    additions: &mut Vec<Addition>,
) -> Result<(), CrmError> {
    let mut ours: BTreeMap<String, &str> = BTreeMap::new();
    for field in &entity.fields {
        // SQLite's columns do not know upper from lower case.
        let column = field.column.to_lowercase();
        let taken = |other: String| CrmError::TakenColumn {
            entity: entity.name.clone(),
            field: field.name.clone(),
            column: field.column.clone(),
            other,
        };
        if let Some(other) = ours.insert(column.clone(), &field.name) {
            return Err(taken(format!("`{other}`")));
        }
        let there = columns.iter().any(|there| there.to_lowercase() == column);
        if field.standard {
            if !there {
                return Err(CrmError::NoPlace { name: format!("{}.{}", entity.name, field.name) });
            }
            continue;
        }
        let ty = type_words(&field.ty, program);
        match known.get(&column) {
            Some(known) if known.ty != ty => {
                return Err(CrmError::ChangedType {
                    entity: entity.name.clone(),
                    field: field.name.clone(),
                    found: known.ty.clone(),
                    wanted: ty,
                });
            }
            Some(known) if known.field != field.name => return Err(taken(format!("`{}`", known.field))),
            Some(_) => {}
            None if there => return Err(taken("itself".into())),
            None => {
                let add = format!(
                    "ALTER TABLE {} ADD COLUMN {} {}",
                    quote(&entity.table),
                    quote(&field.column),
                    declaration(&field.name, &field.column, &field.ty, program)
                );
                additions.push((add, [entity.table.to_string(), column, field.name.to_string(), ty]));
            }
        }
    }
    Ok(())
}

/// The columns of a table; none where there is no such table.
pub(super) fn columns(connection: &Connection, table: &str) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare_cached("SELECT name FROM pragma_table_info(?1)")?;
    statement.query_map([table], |row| row.get(0))?.collect()
}

fn known(connection: &Connection, table: &str) -> rusqlite::Result<BTreeMap<String, Known>> {
    let mut statement = connection.prepare("SELECT column_name, field, type FROM extension WHERE entity = ?1")?;
    let rows = statement.query_map([table], |row| Ok((row.get(0)?, Known { field: row.get(1)?, ty: row.get(2)? })))?;
    rows.collect()
}
