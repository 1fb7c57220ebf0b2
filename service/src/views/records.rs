//! Companies, deals, activities, tasks: records that are no contacts, page by page, with all that is known of each.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use compiler::program::{EntityId, FieldId, FieldPath, Program, Type, Value};
use runtime::crm::{Needs, RecordId};
use runtime::{people, records};
use serde::Serialize;
use utoipa::ToSchema;

use super::value::in_words;
use crate::pool::Reader;
use crate::problem::Problem;

/// A record.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Record {
    /// Its number in the CRM.
    id: i64,
    /// What to call it: its name, or else its number.
    title: String,
    /// What is known, field by field, as people read it.
    fields: BTreeMap<String, String>,
    /// The numbers of the records that it belongs to: `company`, `contact`, `deal`.
    of: BTreeMap<String, i64>,
}

/// A page of records.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Records {
    /// In the order of their numbers.
    records: Vec<Record>,
    /// What to send as `after` for the next page; none on the last one.
    next: Option<i64>,
}

/// Which records.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    /// Only those that belong to these: `company`, and its number.
    pub(crate) of: Vec<(&'static str, i64)>,
    /// Only those with higher numbers.
    pub(crate) after: i64,
    /// So many.
    pub(crate) limit: usize,
}

fn entity(program: &Program, name: &str) -> Result<EntityId, Problem> {
    program.entity(name).ok_or_else(|| Problem::not_found(format!("the playbook has no {}", name.to_lowercase())))
}

/// All fields of an entity.
fn needs(program: &Program, entity: EntityId) -> Needs {
    let declared = program.entities.get(entity.index()).map(|entity| entity.fields.len()).unwrap_or_default();
    let path = |place| FieldPath { entity, relations: Vec::new(), field: FieldId(place) };
    Needs { fields: (0..).map(path).take(declared).collect(), ..Needs::default() }
}

fn record(program: &Program, entity: EntityId, id: RecordId, facts: &runtime::facts::Facts) -> Record {
    let declared = program.entities.get(entity.index()).map(|entity| entity.fields.as_slice()).unwrap_or_default();
    let (mut fields, mut of) = (BTreeMap::new(), BTreeMap::new());
    for (path, value) in &facts.fields {
        let Some(field) = declared.get(path.field.index()) else { continue };
        match (&field.ty, value) {
            (Type::Record(_), Value::Number(number)) => drop(of.insert(field.name.to_string(), number.to_f64() as i64)),
            (ty, value) => drop(fields.insert(field.name.to_string(), in_words(value, Some(ty)))),
        }
    }
    Record { id: id.0, title: String::new(), fields, of }
}

/// A page of an entity's records.
///
/// # Errors
/// Where the CRM cannot be read, or the playbook has no such records.
pub(crate) fn page(reader: &Reader, name: &str, wanted: &Wanted) -> Result<Records, Problem> {
    let (crm, program) = (&reader.crm, &reader.program);
    let entity = entity(program, name)?;
    let (mut found, mut next) = (Vec::new(), None);
    records::each(crm, program, entity, &needs(program, entity), |id, facts| {
        if id.0 <= wanted.after {
            return ControlFlow::Continue(());
        }
        let record = record(program, entity, id, &facts);
        if !wanted.of.iter().all(|(relation, number)| record.of.get(*relation) == Some(number)) {
            return ControlFlow::Continue(());
        }
        if found.len() == wanted.limit {
            next = found.last().map(|last: &Record| last.id);
            return ControlFlow::Break(());
        }
        found.push(record);
        ControlFlow::Continue(())
    })?;
    for record in &mut found {
        record.title = people::one(crm, program, entity, RecordId(record.id))?.title();
    }
    Ok(Records { records: found, next })
}

/// One record.
///
/// # Errors
/// Where there is none of that number.
pub(crate) fn one(reader: &Reader, name: &str, id: i64) -> Result<Record, Problem> {
    let (crm, program) = (&reader.crm, &reader.program);
    let entity = entity(program, name)?;
    let missing = || Problem::not_found(format!("there is no {} {id}", name.to_lowercase()));
    let facts = records::known(crm, program, entity, &needs(program, entity), RecordId(id))?.ok_or_else(missing)?;
    let title = people::one(crm, program, entity, RecordId(id))?.title();
    Ok(Record { title, ..record(program, entity, RecordId(id), &facts) })
}
