//! The statements that write the records of one source: made once, run for every row.

use std::fmt::Write as _;

use compiler::program::{EntityId, FieldId, Program, Type};
use rusqlite::types::Value as Sql;

use super::CrmError;
use super::column::quote;
use super::names::Called;
use super::select::table;
use super::system;

/// Which fields of which entity are written, and by which of them a record is known again.
#[derive(Clone, Debug)]
pub struct RecordShape {
    /// The entity's name as a reader knows it, in lower case: `contact`.
    pub(super) called: String,
    pub(super) table: String,
    /// The natural key.
    pub(super) key: Option<Column>,
    /// The fields written, in the order of the values given.
    pub(super) columns: Vec<Column>,
    /// `id, import_id, columns… WHERE key = ?1`; where the key is an external id, only of the system `?2`.
    pub(super) find: String,
    /// The same among all systems; none where the key is no external id.
    pub(super) find_anywhere: Option<String>,
    /// The same by id.
    pub(super) get: String,
    /// `?1` the import, `?2` now, then the columns, then the system where there is an external id among them.
    pub(super) insert: String,
    /// `?1` the record, `?2` now, then the same.
    pub(super) update: String,
    /// The place of the external id among the columns; what is selected ends with its system then.
    pub(super) external_id: Option<usize>,
    /// The places of a contact's first and last name among the columns.
    names: [Option<usize>; 2],
}

/// A field with its column.
#[derive(Clone, Debug)]
pub(super) struct Column {
    pub(super) field: String,
    pub(super) name: String,
    pub(super) ty: Type,
}

impl RecordShape {
    /// The shape for these fields of that entity.
    ///
    /// # Errors
    /// Where the Program has no such entity or field.
    pub fn new(
        program: &Program,
        entity: EntityId,
        key: Option<FieldId>,
        fields: &[FieldId],
    ) -> Result<Self, CrmError> {
        let table = table(program, entity)?;
        let called = program.entities.get(entity.index()).map_or("", |entity| entity.name.as_str()).to_lowercase();
        let column = |field: FieldId| column(program, entity, field);
        let key = key.map(column).transpose()?;
        let columns = fields.iter().map(|field| column(*field)).collect::<Result<Vec<_>, _>>()?;
        let quoted: Vec<String> = columns.iter().map(|column| quote(&column.name)).collect();
        let (mut insert, mut values, mut sets, mut list) = (String::new(), String::new(), String::new(), String::new());
        // Writing to a String does not fail.
        for (index, name) in quoted.iter().enumerate() {
            let _ = write!(list, ", {name}");
            let _ = write!(insert, ", {name}");
            let place = index + 3;
            let kept = if is_clock(name) { format!("coalesce(?{place}, ?2)") } else { format!("?{place}") };
            let _ = write!(values, ", {kept}");
            let _ = write!(sets, "{name} = ?{place}, ");
        }
        for name in ["created", "updated"] {
            if !columns.iter().any(|column| column.name == name) {
                let _ = write!(insert, ", {name}");
                values.push_str(", ?2");
            }
        }
        let external_id = columns.iter().position(|column| column.name == system::FIELD);
        if external_id.is_some() {
            let place = columns.len() + 3;
            let _ = write!(list, ", {}", system::COLUMN);
            let _ = write!(insert, ", {}", system::COLUMN);
            let _ = write!(values, ", ifnull(?{place}, '')");
            let _ = write!(sets, "{0} = ifnull(?{place}, {0}), ", system::COLUMN);
        }
        let of = quote(table);
        let by = key.as_ref().map_or_else(|| "NULL".into(), |key| quote(&key.name));
        // A source that maps `updated` has the say over it.
        let updated = if columns.iter().any(|column| column.name == "updated") { "" } else { "updated = ?2, " };
        let by_number = key.as_ref().is_some_and(|key| key.name == system::FIELD);
        let ours = if by_number { format!("{} = ?2", system::COLUMN) } else { "?2 IS ?2".into() };
        let find = format!("SELECT id, import_id{list} FROM {of} WHERE {by} = ?1");
        Ok(Self {
            find_anywhere: by_number.then(|| format!("{find} LIMIT 2")),
            find: format!("{find} AND {ours} LIMIT 2"),
            external_id,
            names: ["first_name", "last_name"].map(|name| {
                let is_name = |column: &Column| table == "contact" && column.name == name;
                columns.iter().position(is_name)
            }),
            get: format!("SELECT id, import_id{list} FROM {of} WHERE id = ?1"),
            insert: format!("INSERT INTO {of} (import_id{insert}) VALUES (?1{values})"),
            update: format!("UPDATE {of} SET {updated}{sets}import_id = import_id WHERE id = ?1 AND ?2 IS ?2"),
            called,
            table: table.to_owned(),
            key,
            columns,
        })
    }
}

impl RecordShape {
    /// The columns written, in order.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| column.name.as_str())
    }

    /// What a contact is called by values of these columns; nothing for other records.
    pub(super) fn called(&self, values: &[Sql]) -> Called {
        self.names.map(|place| match place.and_then(|place| values.get(place)) {
            Some(Sql::Text(name)) => Some(name.clone()),
            _ => None,
        })
    }
}

fn is_clock(quoted: &str) -> bool {
    quoted == "\"created\"" || quoted == "\"updated\""
}

fn column(program: &Program, entity: EntityId, field: FieldId) -> Result<Column, CrmError> {
    let of = program.entities.get(entity.index());
    let found = of.and_then(|of| of.fields.get(field.index()));
    let found = found.ok_or_else(|| CrmError::NoPlace { name: "a field".into() })?;
    Ok(Column { field: found.name.to_string(), name: found.column.to_string(), ty: found.ty.clone() })
}
