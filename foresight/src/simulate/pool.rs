//! Who may come in: the records that a scenario draws its leads from, with all that is known of each.

use std::collections::BTreeMap;

use compiler::program::{EntityId, EventId, FieldId, FieldPath, Program, Type};
use jiff::Timestamp;
use runtime::crm::{ContactId, Crm, CrmError, Needs, Reachable, RecordId};
use runtime::facts::Facts;
use runtime::records;
use smol_str::SmolStr;

/// The records of one lead stream.
#[derive(Clone, Debug, Default)]
pub struct Pool {
    /// The file that they come from, as the scenario names it.
    pub from: SmolStr,
    /// Them.
    pub records: Vec<Prototype>,
    /// The instant that what is known of them is as of: their history is as long ago when they come in as it was then.
    pub as_of: Timestamp,
}

/// A record as it comes in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Prototype {
    /// How they are reached.
    pub reachable: Reachable,
    /// All that is known of the contact, with what happened and what was said.
    pub facts: Facts,
}

impl Pool {
    /// Reads contacts of a CRM, in the order given.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn read(
        crm: &Crm,
        program: &Program,
        from: SmolStr,
        contacts: &[RecordId],
        as_of: Timestamp,
    ) -> Result<Self, CrmError> {
        let Some(contact) = program.entity("Contact") else { return Ok(Self { from, as_of, ..Self::default() }) };
        let needs = everything(program, contact);
        let mut prototypes = Vec::with_capacity(contacts.len());
        for id in contacts {
            if let Some(facts) = records::known(crm, program, contact, &needs, *id)? {
                prototypes.push(Prototype { reachable: crm.reachable(ContactId(id.0))?, facts });
            }
        }
        Ok(Self { from, records: prototypes, as_of })
    }

    /// The newest instant at which something happened to one of them, or was said.
    #[must_use]
    pub fn newest(&self) -> Option<Timestamp> {
        let of = |record: &Prototype| {
            let happened = record.facts.events.iter().map(|event| event.at);
            happened.chain(record.facts.conversations.iter().map(|said| said.at)).max()
        };
        self.records.iter().filter_map(of).max()
    }
}

/// All fields of a record and of those it belongs to, one step away, all that happened and all that was said.
fn everything(program: &Program, entity: EntityId) -> Needs {
    let fields = |of: EntityId| program.entities.get(of.index()).map(|of| of.fields.as_slice()).unwrap_or_default();
    let mut paths = Vec::new();
    for (number, field) in (0..).zip(fields(entity)) {
        let own = FieldId(number);
        paths.push(FieldPath { entity, relations: Vec::new(), field: own });
        if let Type::Record(next) = field.ty {
            let beyond = (0..).zip(fields(next)).filter(|(_, field)| !matches!(field.ty, Type::Record(_)));
            paths.extend(beyond.map(|(number, _)| FieldPath { entity, relations: vec![own], field: FieldId(number) }));
        }
    }
    Needs {
        fresh: paths.iter().filter(|path| is_dated(program, path)).cloned().collect(),
        fields: paths,
        events: (0..).zip(&program.events).map(|(number, _)| EventId(number)).collect(),
        after: BTreeMap::new(),
        conversations: true,
    }
}

/// Whether some score asks how fresh a field is.
fn is_dated(program: &Program, path: &FieldPath) -> bool {
    Needs::of(program, path.entity).fresh.contains(path)
}
