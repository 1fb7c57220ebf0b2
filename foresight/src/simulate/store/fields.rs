//! Fields of contacts and deals in a world: what they hold, and how they come to hold something else.

use std::sync::Arc;

use compiler::program::{EntityId, FieldPath, Fixed, Value};
use jiff::Timestamp;
use runtime::engine::RecordRef;
use smol_str::{SmolStr, format_smolstr};

use super::{Deal, Store, place};

impl Store<'_> {
    /// The newest open deal of a contact.
    pub(in crate::simulate) fn open_deal_of(&self, contact: i64) -> Option<i64> {
        let lead = self.lead(contact)?;
        lead.deals.iter().rev().copied().find(|deal| self.is_open(*deal))
    }

    fn is_open(&self, deal: i64) -> bool {
        let Some(status) = self.layout.deal_status else { return true };
        let found = self.deal(deal).and_then(|deal| deal.fields.iter().find(|(field, _)| *field == status));
        found.is_none_or(|(_, status)| matches!(status, Value::Text(status) if status == "open"))
    }

    /// Makes a deal for a contact, as the CRM does.
    pub(in crate::simulate) fn make_deal(&mut self, contact: i64, worth: Option<Fixed>) -> i64 {
        self.version += 1;
        let name = self.lead(contact).and_then(|lead| lead.prototype.reachable.name.clone());
        let name = format_smolstr!("Deal with {}", name.unwrap_or_else(|| SmolStr::new_static("a contact")));
        let texts = [(self.layout.deal_name, name), (self.layout.deal_status, SmolStr::new_static("open"))];
        let texts = texts.into_iter().filter_map(|(field, text)| Some((field?, Value::Text(text))));
        let worth = self.layout.deal_value.zip(worth).map(|(field, worth)| (field, Value::Number(worth)));
        let fields = texts.chain(worth).collect();
        self.deals.push(Deal { contact, fields });
        let number = i64::try_from(self.deals.len()).unwrap_or(i64::MAX);
        if let Some(lead) = self.lead_mut(contact) {
            lead.deals.push(number);
        }
        number
    }

    /// Sets a field of a record, or of one that it belongs to; whether there was such a record.
    pub(in crate::simulate) fn observe(
        &mut self,
        of: &RecordRef,
        path: &FieldPath,
        value: &Value,
        now: Timestamp,
    ) -> bool {
        self.version += 1;
        if of.entity == "Deal" && path.relations.is_empty() {
            let Some(deal) = place(of.id).and_then(|place| self.deals.get_mut(place)) else { return false };
            deal.fields.retain(|(field, _)| *field != path.field);
            deal.fields.push((path.field, value.clone()));
            return true;
        }
        let (contact, path) = if of.entity == "Deal" {
            let Some(deal) = self.deal(of.id) else { return false };
            let Some(path) = self.of_contact(path) else { return false };
            (deal.contact, path)
        } else {
            (of.id, path.clone())
        };
        let Some(lead) = self.lead_mut(contact) else { return false };
        if let Some((relation, before)) = path.relations.split_last() {
            let walked = FieldPath { entity: path.entity, relations: before.to_vec(), field: *relation };
            if lead.value(&walked).is_none() {
                return false;
            }
        }
        let changed = Arc::make_mut(&mut lead.changed);
        changed.retain(|(known, _)| *known != path);
        changed.push((path, value.clone()));
        lead.news = lead.news.max(now);
        true
    }

    /// A deal's path beyond itself, from its contact.
    fn of_contact(&self, path: &FieldPath) -> Option<FieldPath> {
        let (first, rest) = path.relations.split_first()?;
        let entity = self.layout.contact?;
        if Some(*first) == self.layout.deal_contact {
            return Some(FieldPath { entity, relations: rest.to_vec(), field: path.field });
        }
        let company = self.layout.company.filter(|_| Some(*first) == self.layout.deal_company)?;
        let relations = [company].into_iter().chain(rest.iter().copied()).collect();
        Some(FieldPath { entity, relations, field: path.field })
    }

    pub(super) fn deal_value(&self, id: i64, path: &FieldPath) -> Option<Value> {
        let deal = self.deal(id)?;
        if path.relations.is_empty() {
            if Some(path.field) == self.layout.deal_contact {
                return Some(Value::Number(Fixed::from_integer(deal.contact)));
            }
            let own = deal.fields.iter().find(|(field, _)| *field == path.field).map(|(_, value)| value.clone());
            let company = self.layout.company.filter(|_| Some(path.field) == self.layout.deal_company);
            return own.or_else(|| {
                let path = FieldPath { entity: self.layout.contact?, relations: Vec::new(), field: company? };
                self.lead(deal.contact)?.value(&path).cloned()
            });
        }
        self.lead(deal.contact)?.value(&self.of_contact(path)?).cloned()
    }

    pub(super) fn value(&self, entity: EntityId, id: i64, path: &FieldPath) -> Option<Value> {
        if Some(entity) == self.layout.deal { self.deal_value(id, path) } else { self.lead(id)?.value(path).cloned() }
    }
}
