//! What a scorer reads, so that nothing else need be loaded.

use compiler::program::{EntityId, EventId, FieldId, FieldPath, Type};
use jiff::Timestamp;
use smol_str::SmolStr;

use super::filter;
use super::plan::Plan;
use super::scorer::Scorer;

/// What a scorer reads of an entity's records, so that nothing else need be loaded.
#[derive(Clone, Debug, PartialEq)]
pub struct Needs {
    /// Fields; a value is given to `RowBuilder::field` by its place here.
    pub fields: Vec<NeededField>,
    /// Relations walked from the record; told to `RowBuilder::related` by the place here.
    pub relations: Vec<Vec<FieldId>>,
    /// Events, in the order of their ids.
    pub events: Vec<NeededEvent>,
    /// What was said is read.
    pub conversations: bool,
}

/// A field that is read.
#[derive(Clone, Debug, PartialEq)]
pub struct NeededField {
    /// Which.
    pub path: FieldPath,
    /// What it holds.
    pub ty: Type,
    /// When it was last observed matters.
    pub observed: bool,
}

/// An event that is read.
#[derive(Clone, Debug, PartialEq)]
pub struct NeededEvent {
    /// Which.
    pub event: EventId,
    /// Older ones need not be read; not included, and none means all.
    pub after: Option<Timestamp>,
    /// Which of its facts are read; none most often.
    pub fields: Vec<SmolStr>,
}

impl Scorer {
    /// What has to be loaded of an entity's records.
    #[must_use]
    pub fn needs(&self, entity: EntityId) -> Needs {
        let Some(linked) = self.linked(entity) else {
            return Needs { fields: Vec::new(), relations: Vec::new(), events: Vec::new(), conversations: false };
        };
        let plan = &linked.plan;
        let fields = plan.fields.iter().zip(0_u32..).map(|(slot, place)| NeededField {
            path: slot.path.clone(),
            ty: slot.ty.clone(),
            observed: plan.freshness.iter().any(|freshness| freshness.field == place),
        });
        let events = (0..).zip(&plan.by_event).filter_map(|(id, queries)| plan.needed_event(EventId(id), queries));
        Needs {
            fields: fields.collect(),
            relations: plan.relations.clone(),
            events: events.collect(),
            conversations: !linked.finder.is_empty(),
        }
    }
}

impl Plan {
    fn needed_event(&self, event: EventId, queries: &[u32]) -> Option<NeededEvent> {
        let answers = self.answered.as_ref().filter(|(answers, _)| *answers == event);
        if queries.is_empty() && answers.is_none() {
            return None;
        }
        let mut fields: Vec<SmolStr> = answers.iter().map(|(_, field)| field.clone()).collect();
        let mut after = if answers.is_some() { i64::MIN } else { i64::MAX };
        for query in queries.iter().filter_map(|&query| self.queries.get(query as usize)) {
            after = after.min(query.after);
            fields.extend(query.calculations.iter().map(|calculation| calculation.field.clone()));
            if let Some(filter) = &query.query.filter {
                filter::facts_of(filter, &mut fields);
            }
        }
        fields.sort_unstable();
        fields.dedup();
        let after = Timestamp::from_microsecond(after).ok().filter(|_| after != i64::MIN);
        Some(NeededEvent { event, after, fields })
    }
}
