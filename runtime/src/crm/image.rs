//! A row as it stands, kept as JSON so that it can be put back: whole numbers and decimals stay what they are.

use std::path::Path;

use rusqlite::types::{Value as Sql, ValueRef};
use rusqlite::{Connection, OptionalExtension as _};
use serde_json::{Map, Value as Json};

use super::column::quote;
use super::{CrmError, ImportId, KindId, RecordId, system};

/// A row's columns, by name.
pub(super) type Image = Map<String, Json>;

/// Where a row is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place<'a> {
    /// In an entity's table, by its id.
    Record(&'a str, RecordId),
    /// Among the events, which are stored by contact and time: by what it is known again, and in which system.
    Event(KindId, &'a str, &'a str),
}

impl Place<'_> {
    fn table(&self) -> String {
        match self {
            Self::Record(table, _) => quote(table),
            Self::Event(..) => "event".into(),
        }
    }

    fn condition(&self) -> (&'static str, [Sql; 3]) {
        match self {
            Self::Record(_, id) => {
                ("id = ?1 AND ?2 IS NULL AND ?3 IS NULL", [Sql::Integer(id.0), Sql::Null, Sql::Null])
            }
            Self::Event(kind, external, system) => (
                "kind = ?1 AND external_id = ?2 AND external_system = ?3",
                [Sql::Integer(kind.0), Sql::Text((*external).into()), Sql::Text((*system).into())],
            ),
        }
    }
}

/// Where the row of an image is.
pub(super) fn place<'a>(table: &'a str, id: RecordId, image: &'a Image) -> Place<'a> {
    let text = |name: &str| image.get(name).and_then(Json::as_str);
    match (image.get("kind").and_then(Json::as_i64), text(system::FIELD)) {
        (Some(kind), Some(external)) if table == "event" => {
            Place::Event(KindId(kind), external, text(system::COLUMN).unwrap_or_default())
        }
        _ => Place::Record(table, id),
    }
}

/// Reads an image that was kept as it was written.
///
/// # Errors
/// Where it is damaged: nothing may be put back from a part of a row.
pub(super) fn read(path: &Path, import: ImportId, text: &str) -> Result<Image, CrmError> {
    let damaged = |detail: String| CrmError::DamagedImage { path: path.to_path_buf(), import: import.0, detail };
    let image: Image = serde_json::from_str(text).map_err(|error| damaged(error.to_string()))?;
    if image.is_empty() { Err(damaged("no column is left".into())) } else { Ok(image) }
}

/// All columns of a row; none where there is no such row.
pub(super) fn image(connection: &Connection, place: Place<'_>) -> rusqlite::Result<Option<Image>> {
    let (condition, values) = place.condition();
    let mut statement = connection.prepare_cached(&format!("SELECT * FROM {} WHERE {condition}", place.table()))?;
    let names: Vec<String> = statement.column_names().into_iter().map(str::to_owned).collect();
    let row = statement.query_row(values, |row| {
        let mut image = Map::new();
        for (index, name) in names.iter().enumerate() {
            image.insert(name.clone(), json(row.get_ref(index)?));
        }
        Ok(image)
    });
    row.optional()
}

/// Puts a row back as it was; what the image does not know is left alone.
pub(super) fn put_back(connection: &Connection, place: Place<'_>, image: &Image) -> rusqlite::Result<()> {
    let columns: Vec<(&String, &Json)> = image.iter().filter(|(name, _)| *name != "id").collect();
    let sets: Vec<String> =
        columns.iter().enumerate().map(|(at, (name, _))| format!("{} = ?{}", quote(name), at + 4)).collect();
    let (condition, found) = place.condition();
    let update = format!("UPDATE {} SET {} WHERE {condition}", place.table(), sets.join(", "));
    let all = found.into_iter().chain(columns.iter().map(|(_, value)| sql(value)));
    connection.prepare_cached(&update)?.execute(rusqlite::params_from_iter(all)).map(drop)
}

/// Whether two images say the same, the time of the last change apart.
pub(super) fn same(one: &Image, other: &Image) -> bool {
    let but_clock = |image: &Image| image.iter().filter(|(name, _)| *name != "updated").count();
    but_clock(one) == but_clock(other)
        && one.iter().filter(|(name, _)| *name != "updated").all(|(name, value)| other.get(name) == Some(value))
}

fn json(value: ValueRef<'_>) -> Json {
    match value {
        ValueRef::Integer(whole) => Json::from(whole),
        ValueRef::Real(real) => Json::from(real),
        ValueRef::Text(bytes) => Json::from(String::from_utf8_lossy(bytes)),
        // No column of the CRM holds bytes.
        ValueRef::Null | ValueRef::Blob(_) => Json::Null,
    }
}

fn sql(json: &Json) -> Sql {
    match json {
        Json::Number(number) => {
            number.as_i64().map_or_else(|| number.as_f64().map_or(Sql::Null, Sql::Real), Sql::Integer)
        }
        Json::String(text) => Sql::Text(text.clone()),
        _ => Sql::Null,
    }
}
