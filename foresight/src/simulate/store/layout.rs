//! Where the records that a world knows have what it has to find again.

use compiler::program::{EntityId, FieldId, Program, Type};
use runtime::runner::Book;
use runtime::score::{Needs, Scorer};

/// Where the records that a world knows have what it has to find again.
#[derive(Clone, Debug)]
pub(in crate::simulate) struct Layout {
    pub(in crate::simulate) contact: Option<EntityId>,
    pub(in crate::simulate) deal: Option<EntityId>,
    pub(super) contact_needs: Option<Needs>,
    pub(super) deal_needs: Option<Needs>,
    /// The contact's field that is its company.
    pub(super) company: Option<FieldId>,
    /// The deal's fields of those kinds.
    pub(super) deal_contact: Option<FieldId>,
    pub(super) deal_company: Option<FieldId>,
    pub(super) deal_name: Option<FieldId>,
    pub(super) deal_status: Option<FieldId>,
    pub(super) deal_value: Option<FieldId>,
}

impl Layout {
    pub(in crate::simulate) fn new(book: &Book, scorer: &Scorer) -> Self {
        let program = &book.program;
        let relation = |of: Option<EntityId>, to: &str| {
            let to = program.entity(to)?;
            field(program, of?, |_, ty| *ty == Type::Record(to))
        };
        let named = |of: Option<EntityId>, wanted: &str| field(program, of?, |name, _| name == wanted);
        Self {
            contact: book.contact,
            deal: book.deal,
            contact_needs: book.contact.map(|contact| scorer.needs(contact)),
            deal_needs: book.deal.map(|deal| scorer.needs(deal)),
            company: relation(book.contact, "Company"),
            deal_contact: relation(book.deal, "Contact"),
            deal_company: relation(book.deal, "Company"),
            deal_name: named(book.deal, "name"),
            deal_status: named(book.deal, "status"),
            deal_value: named(book.deal, "value"),
        }
    }

    /// The deal's field that says what it is worth.
    pub(in crate::simulate) const fn deal_value(&self) -> Option<FieldId> {
        self.deal_value
    }
}

fn field(program: &Program, of: EntityId, is_it: impl Fn(&str, &Type) -> bool) -> Option<FieldId> {
    let fields = &program.entities.get(of.index())?.fields;
    (0..).zip(fields).find_map(|(number, field)| is_it(&field.name, &field.ty).then_some(FieldId(number)))
}
