//! The SELECT that reads fields of a record and of the records it belongs to.

use std::fmt::Write as _;

use compiler::program::{EntityId, FieldId, FieldPath, Program, Type};

use super::CrmError;
use super::column::quote;

/// A SELECT whose first column is the record's id and whose others are the fields asked for, in their order.
pub(super) struct Select {
    /// Up to and with the joins; the record's own table is called `r0`.
    pub(super) sql: String,
    /// What the columns behind the id hold.
    pub(super) types: Vec<Type>,
    /// Their names, for messages.
    pub(super) names: Vec<String>,
    /// Behind the fields: when these of them were last observed.
    pub(super) observed: Vec<usize>,
}

impl Select {
    /// The SELECT for these fields of that entity, and the times at which some of them were observed.
    pub(super) fn new(
        program: &Program,
        entity: EntityId,
        fields: &[FieldPath],
        fresh: &[FieldPath],
    ) -> Result<Self, CrmError> {
        let table = table(program, entity)?;
        let mut joins: Vec<(&[FieldId], EntityId)> = Vec::new();
        let (mut columns, mut types, mut names) = (String::new(), Vec::new(), Vec::new());
        let (mut observed, mut times) = (Vec::new(), String::new());
        let mut from = format!(" FROM {} AS r0", quote(table));
        for (slot, path) in fields.iter().enumerate() {
            let no_place = || CrmError::NoPlace { name: program.path_name(path) };
            let (mut alias, mut at) = (0, entity);
            for (depth, relation) in path.relations.iter().enumerate() {
                let walked = path.relations.get(..=depth).unwrap_or_default();
                let field = field(program, at, *relation).ok_or_else(no_place)?;
                let Type::Record(target) = field.ty else { return Err(no_place()) };
                if let Some(known) = joins.iter().position(|(path, _)| *path == walked) {
                    alias = known + 1;
                } else {
                    joins.push((walked, target));
                    let next = joins.len();
                    // Writing to a String does not fail.
                    let _ = write!(
                        from,
                        " LEFT JOIN {} AS r{next} ON r{next}.id = r{alias}.{}",
                        quote(self::table(program, target)?),
                        quote(&field.column)
                    );
                    alias = next;
                }
                at = target;
            }
            let field = field(program, at, path.field).ok_or_else(no_place)?;
            let _ = write!(columns, ", r{alias}.{}", quote(&field.column));
            types.push(field.ty.clone());
            names.push(program.path_name(path));
            if fresh.contains(path) {
                observed.push(slot);
                let _ = write!(
                    times,
                    ", (SELECT max(at) FROM field_observation WHERE entity = '{}' AND column_name = '{}' AND record = r{alias}.id)",
                    self::table(program, at)?.replace('\'', "''"),
                    field.column.replace('\'', "''"),
                );
            }
        }
        Ok(Self { sql: format!("SELECT r0.id{columns}{times}{from}"), types, names, observed })
    }
}

pub(super) fn table(program: &Program, entity: EntityId) -> Result<&str, CrmError> {
    let entity = program.entities.get(entity.index());
    entity.map(|entity| entity.table.as_str()).ok_or_else(|| CrmError::NoPlace { name: "an entity".into() })
}

fn field(program: &Program, entity: EntityId, field: FieldId) -> Option<&compiler::program::Field> {
    program.entities.get(entity.index())?.fields.get(field.index())
}
