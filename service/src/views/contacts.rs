//! Contacts as people tell them apart: page by page, and by a part of a name, an address or a company.

use std::ops::ControlFlow;

use compiler::program::EntityId;
use runtime::crm::{Cell, Conversation, EventRow, Needs, RecordId, Visitor};
use runtime::people::{self, Person};
use serde::Serialize;
use utoipa::ToSchema;

use crate::pool::Reader;
use crate::problem::Problem;

/// A contact in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Contact {
    /// Its number in the CRM.
    pub(crate) id: i64,
    /// First and last name.
    pub(crate) name: Option<String>,
    /// Its address.
    pub(crate) email: Option<String>,
    /// The company's name, or else its domain.
    pub(crate) company: Option<String>,
    /// What to call it: the name, or else the address, or else the number.
    pub(crate) title: String,
}

/// A page of contacts.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Contacts {
    /// How many there are in all of those that are asked for.
    total: usize,
    /// In the order of their numbers.
    contacts: Vec<Contact>,
    /// What to send as `after` for the next page; none on the last one.
    next: Option<i64>,
}

impl From<Person> for Contact {
    fn from(person: Person) -> Self {
        let title = person.title();
        let Person { id, name, email, company } = person;
        Self { id, name, email, company, title }
    }
}

/// The entity of contacts.
///
/// # Errors
/// Where the playbook has none.
pub(crate) fn entity(reader: &Reader) -> Result<EntityId, Problem> {
    reader.program.entity("Contact").ok_or_else(|| Problem::not_found("the playbook has no contacts"))
}

/// A page of them.
///
/// # Errors
/// Where the CRM cannot be read.
pub(crate) fn page(reader: &Reader, search: Option<&str>, after: i64, limit: usize) -> Result<Contacts, Problem> {
    let entity = entity(reader)?;
    let wanted = search.map(str::to_lowercase).filter(|wanted| !wanted.trim().is_empty());
    let holds =
        |text: &Option<String>, wanted: &str| text.as_ref().is_some_and(|text| text.to_lowercase().contains(wanted));
    let is_wanted = |person: &Person| {
        wanted.as_deref().map(str::trim).is_none_or(|wanted| {
            [&person.name, &person.email, &person.company].into_iter().any(|text| holds(text, wanted))
        })
    };
    let mut all: Vec<Person> =
        people::all(&reader.crm, &reader.program, entity)?.into_values().filter(is_wanted).collect();
    all.sort_by_key(|person| person.id);
    let total = all.len();
    let mut rest = all.into_iter().filter(|person| person.id > after);
    let contacts: Vec<Contact> = rest.by_ref().take(limit).map(Contact::from).collect();
    let next = rest.next().and_then(|_| contacts.last().map(|last| last.id));
    Ok(Contacts { total, contacts, next })
}

/// Whether there is none at all.
///
/// # Errors
/// Where the CRM cannot be read.
pub(crate) fn is_empty(reader: &Reader) -> Result<bool, Problem> {
    let mut seen = Seen(false);
    reader.crm.visit(&reader.program, entity(reader)?, &Needs::default(), &mut seen)?;
    Ok(!seen.0)
}

/// Whether a record was met: the first one is enough.
struct Seen(bool);

impl Visitor for Seen {
    fn record(&mut self, _: RecordId) {
        self.0 = true;
    }

    fn field(&mut self, _: usize, _: Cell<'_>) {}

    fn observed(&mut self, _: usize, _: i64) {}

    fn event(&mut self, _: EventRow<'_>) {}

    fn conversation(&mut self, _: Conversation<'_>) {}

    fn end(&mut self) -> ControlFlow<()> {
        ControlFlow::Break(())
    }
}

/// One of them.
///
/// # Errors
/// Where there is none of that number.
pub(crate) fn one(reader: &Reader, id: i64) -> Result<Contact, Problem> {
    let entity = entity(reader)?;
    let found = reader.crm.contact_named(runtime::crm::ContactId(id))?;
    if found.is_none() {
        return Err(Problem::not_found(format!("there is no contact {id}")));
    }
    Ok(people::one(&reader.crm, &reader.program, entity, RecordId(id))?.into())
}
