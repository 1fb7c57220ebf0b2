//! Records of a world as the scorer takes them in, by its own places.

use compiler::program::FieldPath;
use runtime::score::{FieldValue, RowBuilder};

use super::lead::later;
use super::{Lead, Store};

impl Store<'_> {
    pub(super) fn fill_contact(&self, lead: &Lead<'_>, builder: &mut RowBuilder<'_>, events: bool) {
        let needs = self.layout.contact_needs.as_ref().filter(|_| !lead.changed.is_empty());
        let changed: Vec<_> = needs.map_or_else(Vec::new, |needs| {
            let place = |path: &FieldPath| needs.fields.iter().position(|needed| needed.path == *path);
            lead.changed.iter().filter_map(|(path, value)| Some((place(path)?, value))).collect()
        });
        // A list takes in what it is given: a changed one is not to have what was there before.
        for (place, value) in lead.filling.fields.iter().filter(|(place, _)| changed.iter().all(|(at, _)| at != place))
        {
            builder.field(*place, FieldValue::from(value));
        }
        for &(place, at) in &lead.filling.observed {
            builder.observed(place, later(at, lead.shift));
        }
        for &place in &lead.filling.relations {
            builder.related(place);
        }
        for (place, value) in changed {
            builder.field(place, FieldValue::from(value));
        }
        self.fill_history(lead, builder, events, 0);
    }

    fn fill_history(&self, lead: &Lead<'_>, builder: &mut RowBuilder<'_>, events: bool, whose: usize) {
        for event in lead.events.iter().filter(|_| events).filter_map(|place| self.events.get(*place)) {
            builder.event(event.event, event.at.as_microsecond(), &event.fields);
        }
        for (said, heard) in lead.said.iter().zip(&lead.filling.heard) {
            builder.heard(said.at.as_microsecond(), heard.get(whose).map(Vec::as_slice).unwrap_or_default());
        }
    }

    pub(super) fn fill_deal(&self, id: i64, builder: &mut RowBuilder<'_>) {
        let (Some(needs), Some(deal)) = (&self.layout.deal_needs, self.deal(id)) else { return };
        for (place, needed) in needs.fields.iter().enumerate() {
            if let Some(value) = self.deal_value(id, &needed.path) {
                builder.field(place, FieldValue::from(&value));
            }
        }
        let entity = self.layout.deal.unwrap_or_default();
        for (place, relation) in needs.relations.iter().enumerate() {
            let Some((field, relations)) = relation.split_last() else { continue };
            let path = FieldPath { entity, relations: relations.to_vec(), field: *field };
            if self.deal_value(id, &path).is_some() {
                builder.related(place);
            }
        }
        if let Some(lead) = self.lead(deal.contact) {
            self.fill_history(lead, builder, true, 1);
        }
    }
}
