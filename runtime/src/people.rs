//! How records are called: the names by which people tell them apart, read in one pass.

use std::collections::HashMap;
use std::ops::ControlFlow;

use compiler::program::{EntityId, FieldId, FieldPath, Program, Type};
use serde::Serialize;

use crate::crm::{Cell, Conversation, Crm, CrmError, EventRow, Needs, RecordId, Visitor};
use crate::engine::RecordRef;
use crate::import::visible::line;

/// A record, as people tell one from another.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Person {
    /// Its number in the CRM.
    pub id: i64,
    /// First and last name of a contact, the name of anything else.
    pub name: Option<String>,
    /// A contact's address.
    pub email: Option<String>,
    /// The company's name, or else its domain.
    pub company: Option<String>,
}

impl Person {
    /// What to call it in a list: the name, or else the address, or else the number.
    #[must_use]
    pub fn title(&self) -> String {
        self.name.clone().or_else(|| self.email.clone()).unwrap_or_else(|| format!("#{}", self.id))
    }

    /// It is called by more than its number.
    #[must_use]
    pub const fn is_named(&self) -> bool {
        self.name.is_some() || self.email.is_some()
    }

    /// What stands beside that in a list: the company, or else the address, where the title is not the address already.
    #[must_use]
    pub fn beside(&self) -> &str {
        let address = self.email.as_deref().filter(|_| self.name.is_some());
        self.company.as_deref().or(address).unwrap_or_default()
    }
}

/// All records of an entity by their numbers.
///
/// # Errors
/// Where the CRM cannot be read.
pub fn all(crm: &Crm, program: &Program, entity: EntityId) -> Result<HashMap<RecordId, Person>, CrmError> {
    let mut reader = Reader::new(program, entity);
    crm.visit(program, entity, &reader.needs.clone(), &mut reader)?;
    Ok(reader.people)
}

/// One record; only its number where nothing else is known.
///
/// # Errors
/// Where the CRM cannot be read.
pub fn one(crm: &Crm, program: &Program, entity: EntityId, id: RecordId) -> Result<Person, CrmError> {
    let mut reader = Reader::new(program, entity);
    crm.visit_one(program, entity, &reader.needs.clone(), id, &mut reader)?;
    Ok(reader.people.remove(&id).unwrap_or_else(|| Person { id: id.0, ..Person::default() }))
}

/// What a field says of a record.
#[derive(Clone, Copy)]
enum Part {
    First,
    Last,
    Name,
    Email,
    Company,
    CompanyDomain,
}

/// A record that the log names.
///
/// # Errors
/// Where the CRM cannot be read.
pub fn of(crm: &Crm, program: &Program, record: &RecordRef) -> Result<Person, CrmError> {
    one(crm, program, program.entity(&record.entity).unwrap_or(EntityId(0)), RecordId(record.id))
}

struct Reader {
    needs: Needs,
    parts: Vec<Part>,
    id: RecordId,
    found: [Option<String>; 6],
    people: HashMap<RecordId, Person>,
}

impl Reader {
    fn new(program: &Program, entity: EntityId) -> Self {
        let (mut fields, mut parts) = (Vec::new(), Vec::new());
        let mut want = |relations: &[FieldId], of: EntityId, name: &str, part: Part| {
            if let Some(field) = field(program, of, name) {
                fields.push(FieldPath { entity, relations: relations.to_vec(), field });
                parts.push(part);
            }
        };
        let known = [
            ("first_name", Part::First),
            ("last_name", Part::Last),
            ("title", Part::Name),
            ("subject", Part::Name),
            ("name", Part::Name),
            ("email", Part::Email),
        ];
        for (name, part) in known {
            want(&[], entity, name, part);
        }
        let company = field(program, entity, "company");
        let target =
            company.and_then(|company| match program.entities.get(entity.index())?.fields.get(company.index())?.ty {
                Type::Record(target) => Some((company, target)),
                _ => None,
            });
        if let Some((company, target)) = target {
            want(&[company], target, "name", Part::Company);
            want(&[company], target, "domain", Part::CompanyDomain);
        }
        let needs = Needs { fields, ..Needs::default() };
        Self { needs, parts, id: RecordId(0), found: Default::default(), people: HashMap::new() }
    }

    fn take(&mut self, part: Part) -> Option<String> {
        self.found.get_mut(part as usize).and_then(Option::take).filter(|text| !text.trim().is_empty())
    }
}

impl Visitor for Reader {
    fn record(&mut self, id: RecordId) {
        self.id = id;
    }

    fn field(&mut self, slot: usize, value: Cell<'_>) {
        if let (Some(part), Cell::Text(text)) = (self.parts.get(slot), value)
            && let Some(place) = self.found.get_mut(*part as usize)
        {
            *place = Some(line(text).into_owned());
        }
    }

    fn observed(&mut self, _: usize, _: i64) {}

    fn event(&mut self, _: EventRow<'_>) {}

    fn conversation(&mut self, _: Conversation<'_>) {}

    fn end(&mut self) -> ControlFlow<()> {
        let full = [self.take(Part::First), self.take(Part::Last)].into_iter().flatten().collect::<Vec<_>>().join(" ");
        let name = self.take(Part::Name);
        let person = Person {
            id: self.id.0,
            name: Some(full).filter(|full| !full.is_empty()).or(name),
            email: self.take(Part::Email),
            company: self.take(Part::Company).or(self.take(Part::CompanyDomain)),
        };
        self.found = Default::default();
        self.people.insert(self.id, person);
        ControlFlow::Continue(())
    }
}

fn field(program: &Program, entity: EntityId, name: &str) -> Option<FieldId> {
    let fields = &program.entities.get(entity.index())?.fields;
    let place = fields.iter().position(|field| field.name == name)?;
    u32::try_from(place).ok().map(FieldId)
}
