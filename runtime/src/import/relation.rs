//! Records that a row belongs to, found by their natural key, and made where the source says so.

use std::collections::HashMap;

use compiler::program::{EntityId, Field, FieldId, Program, Value};
use smol_str::SmolStr;

use super::convert::is_address;
use super::identity::Identity;
use crate::crm::{CrmError, Match, RecordId, RecordShape, RecordWrite, Refused, Writer, Written};

/// So many keys are remembered at once; the rest is asked of the CRM again. About 15 MiB at most.
const REMEMBERED: usize = 100_000;

/// What a row belongs to.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Resolved {
    /// This record.
    Known(RecordId),
    /// None yet: one with that key is to be made.
    ToMake(Value),
    /// None has any of the keys.
    Dangling,
    /// Several have it.
    Ambiguous,
    /// The cell is missing.
    Nothing,
}

/// A relation of a source.
pub(super) struct Relation {
    pub(super) by: String,
    create: bool,
    /// What it is found by is an e-mail address: what is none makes no record.
    by_address: bool,
    /// How far its key says who somebody is.
    person: Identity,
    find: RecordShape,
    /// The key first, then the fields that are filled.
    make: RecordShape,
    fill: RecordShape,
    known: HashMap<SmolStr, RecordId>,
    pub(super) created: u64,
}

impl Relation {
    /// Of an entity, by a field, filling these others.
    pub(super) fn new(
        program: &Program,
        writer: &mut Writer<'_>,
        entity: EntityId,
        by: (FieldId, &Field),
        create: bool,
        filled: &[FieldId],
    ) -> Result<Self, CrmError> {
        writer.lookup_index(program, entity, by.0)?;
        let made: Vec<FieldId> = std::iter::once(by.0).chain(filled.iter().copied()).collect();
        Ok(Self {
            by: by.1.name.to_string(),
            create,
            by_address: by.1.standard && by.1.name == "email",
            person: Identity::of(program, entity, by.1),
            find: RecordShape::new(program, entity, Some(by.0), &[])?,
            make: RecordShape::new(program, entity, None, &made)?,
            fill: RecordShape::new(program, entity, None, filled)?,
            known: HashMap::new(),
            created: 0,
        })
    }

    /// The first of the keys that a record has.
    pub(super) fn resolve(&mut self, writer: &mut Writer<'_>, keys: &[Value]) -> Result<Resolved, CrmError> {
        let mut several = false;
        for key in keys {
            if let Some(id) = self.known.get(&text(key)) {
                return Ok(Resolved::Known(*id));
            }
            match writer.find(&self.find, key)? {
                Match::One(id) => {
                    self.remember(key, id);
                    return Ok(Resolved::Known(id));
                }
                Match::Several => several = true,
                Match::None => {}
            }
        }
        if keys.is_empty() {
            return Ok(Resolved::Nothing);
        }
        let fit = keys.iter().find(|key| !self.by_address || is_address(&text(key)));
        Ok(match fit {
            _ if several => Resolved::Ambiguous,
            Some(fit) if self.create => Resolved::ToMake(fit.clone()),
            _ => Resolved::Dangling,
        })
    }

    /// Whether one of the keys is the address of somebody who asked to be forgotten, or their number elsewhere.
    pub(super) fn is_forgotten(&mut self, writer: &mut Writer<'_>, keys: &[Value]) -> Result<bool, CrmError> {
        let is_theirs = keys.iter().any(|key| self.person.is_forgotten(writer, key));
        // A telephone may be somebody else's too, who is there.
        Ok(is_theirs
            && (self.person != Identity::Telephone || !matches!(self.resolve(writer, keys)?, Resolved::Known(_))))
    }

    /// Makes the record with its key and the fields given.
    pub(super) fn make(
        &self,
        writer: &mut Writer<'_>,
        key: Value,
        filled: &[Option<Value>],
    ) -> Result<Result<RecordId, Refused>, CrmError> {
        let values: Vec<Option<Value>> = std::iter::once(Some(key)).chain(filled.iter().cloned()).collect();
        match writer.put(&self.make, RecordWrite { key: None, values: &values, create: true })? {
            Written::Created(id) | Written::Changed(id) | Written::Same(id) => Ok(Ok(id)),
            Written::Refused(refused) => Ok(Err(refused)),
            Written::Absent => Ok(Err(Refused("it could not be made".into()))),
        }
    }

    /// Fills fields of a record that is there.
    pub(super) fn fill(
        &self,
        writer: &mut Writer<'_>,
        id: RecordId,
        values: &[Option<Value>],
    ) -> Result<Result<(), Refused>, CrmError> {
        match writer.fill(&self.fill, id, values)? {
            Written::Refused(refused) => Ok(Err(refused)),
            _ => Ok(Ok(())),
        }
    }

    /// Keeps in mind what was made, once it is certain to stay.
    pub(super) fn made(&mut self, key: &Value, id: RecordId) {
        self.created += 1;
        self.remember(key, id);
    }

    fn remember(&mut self, key: &Value, id: RecordId) {
        if self.known.len() >= REMEMBERED {
            self.known.clear();
        }
        self.known.insert(text(key), id);
    }
}

/// A key as messages and the memory hold it.
pub(super) fn text(key: &Value) -> SmolStr {
    match key {
        Value::Text(text) => text.clone(),
        Value::Number(number) => number.to_string().into(),
        Value::YesNo(yes) => if *yes { "yes" } else { "no" }.into(),
        Value::List(items) => items.join(";").into(),
    }
}
