//! Sources, resolved: how a file becomes records.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::{EntityId, EventId, FieldId, Origin, Type};

/// How a file becomes records.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Source {
    /// `leads`, `hubspot.contacts`
    pub name: SmolStr,
    /// The files, relative to the playbook that names them; none for a preset.
    pub files: Vec<SmolStr>,
    /// Headers that all have to be there before a preset is chosen by itself.
    pub signature: Vec<SmolStr>,
    /// What it fills.
    pub target: Target,
    /// What it delivers, and since when.
    pub reports: Vec<Report>,
    /// Cells that mean missing, in every column.
    pub missing: Vec<SmolStr>,
    /// `1.234,5`
    pub decimal_comma: bool,
    /// One character; found out from the header line where absent.
    pub separator: Option<char>,
    /// A label of the WHATWG encoding standard; UTF-8, or what a byte order mark says, where absent.
    pub encoding: Option<SmolStr>,
    /// Which column goes where.
    pub mappings: Vec<Mapping>,
    /// Declared by the standard library.
    pub preset: bool,
    /// Where it is declared.
    pub origin: Origin,
}

/// What a source fills.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// Records of an entity.
    Records {
        /// Which.
        entity: EntityId,
        /// The natural key; without one every row is a new record.
        key: Option<FieldId>,
        /// Only records that are already there; a row without one is reported as dangling.
        existing: bool,
    },
    /// Events.
    Events {
        /// Which; none where the field `name` says it, row by row.
        event: Option<EventId>,
        /// Rows are known again by `external_id`; otherwise by all they say.
        keyed: bool,
    },
}

/// Which events a source delivers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Which; none is `conversation`.
    pub event: Option<EventId>,
    /// From this day on, in the client's zone.
    pub since: jiff::civil::Date,
    /// Up to and with this day.
    pub until: Option<jiff::civil::Date>,
}

/// Which column goes where, and how.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mapping {
    /// Where it goes.
    pub target: MappingTarget,
    /// The headers; the first one that the file has. A file with none of them is refused, unless the field may be missing
    /// and the source is a preset.
    pub columns: Vec<SmolStr>,
    /// What the cell has to become.
    pub ty: Type,
    /// A cell may be missing.
    pub optional: bool,
    /// What happens to the cell on the way.
    pub conversion: Conversion,
    /// The field as written, for messages.
    pub words: SmolStr,
    /// Where it stands.
    pub origin: Origin,
}

/// Where a column goes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MappingTarget {
    /// A field of the record.
    Field(FieldId),
    /// A relation, by the other record's natural key.
    Relation {
        /// The relation's field.
        field: FieldId,
        /// The other entity.
        entity: EntityId,
        /// Its field that the cell holds.
        by: FieldId,
        /// Where there is none, make one.
        create: bool,
    },
    /// A field of the record that a [`MappingTarget::Relation`] of this source found or made.
    RelationField {
        /// The relation's field.
        relation: FieldId,
        /// The other record's field.
        field: FieldId,
    },
    /// Which event it is.
    EventName,
    /// Whose event it is: the contact by a natural key.
    EventContact {
        /// The contact's field that the cell holds.
        by: FieldId,
        /// Where there is none, make one.
        create: bool,
    },
    /// When it happened.
    EventAt,
    /// By what it is known again.
    EventExternalId,
    /// A fact of the event.
    EventField(SmolStr),
}

/// What happens to a cell on the way.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Conversion {
    /// Several values in one cell.
    pub split_by: Option<SmolStr>,
    /// What certain cells mean; compared to the letter after trimming.
    pub means: Vec<(SmolStr, Meaning)>,
    /// What a cell means that is not among a `one of`'s words; otherwise the row is rejected.
    pub others: Option<Meaning>,
    /// Seconds that one unit has, for durations given as numbers.
    pub unit_seconds: Option<u32>,
    /// A strftime pattern; ISO 8601 where absent.
    pub pattern: Option<SmolStr>,
}

/// What a cell means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Meaning {
    /// Nothing is known.
    Missing,
    /// A list with nothing in it: somebody looked, and there is none.
    Empty,
    /// This word or text; `yes` and `no` for yes/no; an event's name.
    Value(SmolStr),
}
