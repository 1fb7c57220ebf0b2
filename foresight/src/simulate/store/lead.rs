//! A contact of a world, and what the scorer takes in of the record that it was drawn from.

use std::sync::Arc;

use compiler::program::{EntityId, FieldPath, Value};
use jiff::{SignedDuration, Timestamp};
use runtime::contact_policy::{Consent, Sent};
use runtime::engine::RecordRef;
use runtime::facts::{EventFact, Said};
use runtime::score::Scorer;
use smol_str::SmolStr;

use super::super::pool::Prototype;
use super::Layout;

/// What the scorer takes in of a prototype, by its own places: worked out once.
#[derive(Clone, Debug, Default)]
pub(in crate::simulate) struct Filling {
    pub(super) fields: Vec<(usize, Value)>,
    pub(super) observed: Vec<(usize, Timestamp)>,
    pub(super) relations: Vec<usize>,
    /// Of each conversation, what the contact's and the deal's scores hear in it.
    pub(super) heard: Vec<[Vec<u32>; 2]>,
}

impl Filling {
    pub(in crate::simulate) fn of(prototype: &Prototype, layout: &Layout, scorer: &Scorer) -> Self {
        let Some(needs) = &layout.contact_needs else { return Self::default() };
        let facts = &prototype.facts;
        let hears = |text: &str, entity: Option<EntityId>| {
            entity.map(|entity| scorer.phrases_in(entity, text)).unwrap_or_default()
        };
        let of_both = |said: &Said| [hears(&said.text, layout.contact), hears(&said.text, layout.deal)];
        let mut filling = Self { heard: facts.conversations.iter().map(of_both).collect(), ..Self::default() };
        for (place, needed) in needs.fields.iter().enumerate() {
            if let Some(value) = facts.fields.get(&needed.path) {
                filling.fields.push((place, value.clone()));
            }
            if let Some(at) = facts.observed.get(&needed.path) {
                filling.observed.push((place, *at));
            }
        }
        for (place, relation) in needs.relations.iter().enumerate() {
            let leads = |path: &FieldPath| path.relations.iter().chain([&path.field]).take(relation.len()).eq(relation);
            if facts.fields.keys().any(leads) {
                filling.relations.push(place);
            }
        }
        filling
    }
}

/// A contact of a world.
#[derive(Clone, Debug)]
pub(in crate::simulate) struct Lead<'w> {
    /// What it is drawn by, the same in every world of the seed.
    pub(in crate::simulate) key: u64,
    pub(in crate::simulate) prototype: &'w Prototype,
    /// Where the prototype is in its pool: by it what is worked out of it is found again.
    pub(in crate::simulate) place: (u32, u32),
    pub(in crate::simulate) filling: &'w Filling,
    /// How much later its history is here than in the pool.
    pub(in crate::simulate) shift: SignedDuration,
    pub(in crate::simulate) arrived: Timestamp,
    /// Fields that were changed since; whoever remembers them shares them.
    pub(in crate::simulate) changed: Arc<Vec<(FieldPath, Value)>>,
    /// What happened, as places in [`Store::events`].
    pub(in crate::simulate) events: Vec<usize>,
    pub(in crate::simulate) said: Vec<Said>,
    pub(in crate::simulate) consents: Vec<Consent>,
    /// Over which channel it is left alone, all where absent, and why.
    pub(in crate::simulate) suppressed: Vec<(Option<SmolStr>, &'static str)>,
    /// Its deals, by number, oldest first.
    pub(in crate::simulate) deals: Vec<i64>,
    pub(in crate::simulate) sends: Vec<Sent>,
    /// What has ever started: workflow, trigger, record.
    pub(in crate::simulate) started: Vec<(SmolStr, SmolStr, RecordRef)>,
    /// When workflows last ended on it or its deals.
    pub(in crate::simulate) ended: Vec<(SmolStr, RecordRef, Timestamp)>,
    /// When something new was last known of it that no run of ours did.
    pub(in crate::simulate) news: Timestamp,
}

impl<'w> Lead<'w> {
    pub(in crate::simulate) fn new(
        key: u64,
        prototype: &'w Prototype,
        place: (u32, u32),
        filling: &'w Filling,
        as_of: Timestamp,
        arrived: Timestamp,
    ) -> Self {
        let shift = arrived.duration_since(as_of);
        let said = prototype
            .facts
            .conversations
            .iter()
            .map(|said| Said { at: later(said.at, shift), text: said.text.clone() });
        Self {
            key,
            prototype,
            place,
            filling,
            shift,
            arrived,
            changed: Arc::default(),
            events: Vec::new(),
            said: said.collect(),
            consents: Vec::new(),
            suppressed: Vec::new(),
            deals: Vec::new(),
            sends: Vec::new(),
            started: Vec::new(),
            ended: Vec::new(),
            news: arrived,
        }
    }

    /// What it brings along: events of before it came in, the oldest first.
    pub(in crate::simulate) fn history(&self) -> Vec<EventFact> {
        let shifted = |event: &EventFact| EventFact { at: later(event.at, self.shift), ..event.clone() };
        self.prototype.facts.events.iter().map(shifted).collect()
    }

    pub(super) fn value(&self, path: &FieldPath) -> Option<&Value> {
        let changed = self.changed.iter().find(|(known, _)| known == path).map(|(_, value)| value);
        changed.or_else(|| self.prototype.facts.fields.get(path))
    }
}

pub(super) fn later(at: Timestamp, shift: SignedDuration) -> Timestamp {
    at.checked_add(shift).unwrap_or(at)
}
