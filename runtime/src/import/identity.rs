//! Which cells say who a person is: by them somebody who asked to be forgotten is known again, and left out.
//!
//! An e-mail address and another system's number are one person's. A telephone may be a whole office's: it decides only where a row has
//! no e-mail address.

use compiler::program::{EntityId, Field, FieldId, Program, Value};

use super::relation::text;
use crate::crm::Writer;

/// What a field says of who somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Identity {
    /// An e-mail address.
    Address,
    /// A telephone's number.
    Telephone,
    /// What another system calls them.
    Number,
    /// Nothing.
    Nothing,
}

impl Identity {
    pub(super) fn of(program: &Program, entity: EntityId, field: &Field) -> Self {
        if program.entity("Contact") != Some(entity) || !field.standard {
            return Self::Nothing;
        }
        match field.name.as_str() {
            "email" => Self::Address,
            "phone" | "mobile" => Self::Telephone,
            "external_id" => Self::Number,
            _ => Self::Nothing,
        }
    }

    /// Whether a cell of that field is of somebody who asked to be forgotten.
    pub(super) fn is_forgotten(self, writer: &Writer<'_>, value: &Value) -> bool {
        match self {
            Self::Address | Self::Telephone => writer.is_forgotten(&text(value)),
            Self::Number => writer.is_forgotten_number(&text(value)),
            Self::Nothing => false,
        }
    }
}

/// The fields of a record by which somebody is known.
#[derive(Debug, Default)]
pub(super) struct Identities {
    /// Their places among the values.
    places: Vec<(usize, Identity)>,
}

impl Identities {
    pub(super) fn new(program: &Program, entity: EntityId, fields: &[FieldId]) -> Self {
        let of = |id: &FieldId| program.entities.get(entity.index())?.fields.get(id.index());
        let identity = |id: &FieldId| of(id).map_or(Identity::Nothing, |field| Identity::of(program, entity, field));
        let places = fields.iter().map(identity).enumerate().filter(|(_, identity)| *identity != Identity::Nothing);
        Self { places: places.collect() }
    }

    /// Whether the record is of somebody who asked to be forgotten.
    pub(super) fn are_forgotten(&self, writer: &Writer<'_>, values: &[Option<Value>]) -> bool {
        let known =
            || self.places.iter().filter_map(|(place, identity)| Some((*identity, values.get(*place)?.as_ref()?)));
        let has_address = known().any(|(identity, _)| identity == Identity::Address);
        let counts = |identity: Identity| identity != Identity::Telephone || !has_address;
        known().any(|(identity, value)| counts(identity) && identity.is_forgotten(writer, value))
    }
}
