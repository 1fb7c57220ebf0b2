//! What a world keeps in memory: contacts and their deals, what happened to them, what was sent. It answers the engine's questions as a
//! CRM does.

use std::borrow::Cow;
use std::convert::Infallible;
use std::sync::Arc;

use compiler::program::{AgentId, EntityId, EventId, Experiment, FieldId, FieldPath, Fixed, Program, Type, Value};
use jiff::{SignedDuration, Timestamp};
use runtime::agents::{Direction, EvidenceId, Heard};
use runtime::contact_policy::{Consent, Sent};
use runtime::crm::Reachable;
use runtime::engine::{EntryId, RecordRef};
use runtime::experiments::{self, Trial};
use runtime::facts::{EventFact, Facts, Said};
use runtime::runner::Book;
use runtime::score::{FieldValue, Needs, Row, RowBuilder, Scorer};
use runtime::shell::{Kept, Known, Occasion, hears, readable};
use smol_str::{SmolStr, format_smolstr};

use super::pool::Prototype;
use super::random::{self, About, Lots};

/// Where the records that a world knows have what it has to find again.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    pub(super) contact: Option<EntityId>,
    pub(super) deal: Option<EntityId>,
    contact_needs: Option<Needs>,
    deal_needs: Option<Needs>,
    /// The contact's field that is its company.
    company: Option<FieldId>,
    /// The deal's fields of those kinds.
    deal_contact: Option<FieldId>,
    deal_company: Option<FieldId>,
    deal_name: Option<FieldId>,
    deal_status: Option<FieldId>,
    deal_value: Option<FieldId>,
}

impl Layout {
    pub(super) fn new(book: &Book, scorer: &Scorer) -> Self {
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
    pub(super) const fn deal_value(&self) -> Option<FieldId> {
        self.deal_value
    }
}

fn field(program: &Program, of: EntityId, is_it: impl Fn(&str, &Type) -> bool) -> Option<FieldId> {
    let fields = &program.entities.get(of.index())?.fields;
    (0..).zip(fields).find_map(|(number, field)| is_it(&field.name, &field.ty).then_some(FieldId(number)))
}

/// What the scorer takes in of a prototype, by its own places: worked out once.
#[derive(Clone, Debug, Default)]
pub(super) struct Filling {
    fields: Vec<(usize, Value)>,
    observed: Vec<(usize, Timestamp)>,
    relations: Vec<usize>,
    /// Of each conversation, what the contact's and the deal's scores hear in it.
    heard: Vec<[Vec<u32>; 2]>,
}

impl Filling {
    pub(super) fn of(prototype: &Prototype, layout: &Layout, scorer: &Scorer) -> Self {
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
pub(super) struct Lead<'w> {
    /// What it is drawn by, the same in every world of the seed.
    pub(super) key: u64,
    pub(super) prototype: &'w Prototype,
    /// Where the prototype is in its pool: by it what is worked out of it is found again.
    pub(super) place: (u32, u32),
    pub(super) filling: &'w Filling,
    /// How much later its history is here than in the pool.
    pub(super) shift: SignedDuration,
    pub(super) arrived: Timestamp,
    /// Fields that were changed since; whoever remembers them shares them.
    pub(super) changed: Arc<Vec<(FieldPath, Value)>>,
    /// What happened, as places in [`Store::events`].
    pub(super) events: Vec<usize>,
    pub(super) said: Vec<Said>,
    pub(super) consents: Vec<Consent>,
    /// Over which channel it is left alone, all where absent, and why.
    pub(super) suppressed: Vec<(Option<SmolStr>, &'static str)>,
    /// Its deals, by number, oldest first.
    pub(super) deals: Vec<i64>,
    pub(super) sends: Vec<Sent>,
    /// What has ever started: workflow, trigger, record.
    pub(super) started: Vec<(SmolStr, SmolStr, RecordRef)>,
    /// When workflows last ended on it or its deals.
    pub(super) ended: Vec<(SmolStr, RecordRef, Timestamp)>,
    /// When something new was last known of it that no run of ours did.
    pub(super) news: Timestamp,
}

impl<'w> Lead<'w> {
    pub(super) fn new(
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
    pub(super) fn history(&self) -> Vec<EventFact> {
        let shifted = |event: &EventFact| EventFact { at: later(event.at, self.shift), ..event.clone() };
        self.prototype.facts.events.iter().map(shifted).collect()
    }

    fn value(&self, path: &FieldPath) -> Option<&Value> {
        let changed = self.changed.iter().find(|(known, _)| known == path).map(|(_, value)| value);
        changed.or_else(|| self.prototype.facts.fields.get(path))
    }
}

fn later(at: Timestamp, shift: SignedDuration) -> Timestamp {
    at.checked_add(shift).unwrap_or(at)
}

/// A deal of a world.
#[derive(Clone, Debug)]
pub(super) struct Deal {
    /// Whose, by number.
    pub(super) contact: i64,
    /// Its own fields.
    pub(super) fields: Vec<(FieldId, Value)>,
}

/// Something that happened in a world.
#[derive(Clone, Debug)]
pub(super) struct Happened {
    /// To whom, by number.
    pub(super) contact: i64,
    pub(super) event: EventId,
    pub(super) at: Timestamp,
    pub(super) fields: Vec<(SmolStr, Value)>,
    /// The run whose doing it was.
    pub(super) cause: Option<EntryId>,
    /// It was so before the contact came in.
    pub(super) is_history: bool,
}

/// A message on its way out.
#[derive(Clone, Debug)]
pub(super) struct Leaving {
    pub(super) send: EntryId,
    pub(super) contact: i64,
    pub(super) ready: Timestamp,
    pub(super) channel: SmolStr,
}

/// Somebody who got an arm.
#[derive(Clone, Debug)]
pub(super) struct Pull {
    pub(super) experiment: SmolStr,
    pub(super) contact: i64,
    pub(super) run: EntryId,
    pub(super) trial: Trial,
}

/// What a world keeps.
pub(super) struct Store<'w> {
    pub(super) layout: &'w Layout,
    pub(super) lots: Lots,
    /// Grows whenever something is new.
    pub(super) version: u64,
    /// Arms are drawn by the number of the record.
    pub(super) arms_by_record: bool,
    /// By number, from 1.
    pub(super) leads: Vec<Lead<'w>>,
    pub(super) deals: Vec<Deal>,
    pub(super) events: Vec<Happened>,
    pub(super) sent: Vec<Sent>,
    pub(super) leaving: Vec<Leaving>,
    pub(super) pulls: Vec<Pull>,
    /// Runs that are over, while an experiment asks whether a message may still go out.
    pub(super) over: Vec<EntryId>,
    /// Texts of messages, by the entries that wrote them.
    pub(super) texts: Vec<(EntryId, String)>,
    /// How many decisions are known, by score.
    pub(super) decisions: Vec<(SmolStr, u64)>,
}

impl<'w> Store<'w> {
    pub(super) fn new(layout: &'w Layout, lots: Lots) -> Self {
        Self {
            layout,
            lots,
            version: 0,
            arms_by_record: false,
            leads: Vec::new(),
            deals: Vec::new(),
            events: Vec::new(),
            sent: Vec::new(),
            leaving: Vec::new(),
            pulls: Vec::new(),
            over: Vec::new(),
            texts: Vec::new(),
            decisions: Vec::new(),
        }
    }

    pub(super) fn lead(&self, contact: i64) -> Option<&Lead<'w>> {
        self.leads.get(place(contact)?)
    }

    pub(super) fn lead_mut(&mut self, contact: i64) -> Option<&mut Lead<'w>> {
        self.leads.get_mut(place(contact)?)
    }

    pub(super) fn deal(&self, deal: i64) -> Option<&Deal> {
        self.deals.get(place(deal)?)
    }

    /// Something happens; gives its row.
    pub(super) fn happens(&mut self, happened: Happened) -> i64 {
        self.version += 1;
        let place = self.events.len();
        let (contact, at, is_news) = (happened.contact, happened.at, happened.cause.is_none());
        self.events.push(happened);
        if let Some(lead) = self.lead_mut(contact) {
            lead.events.push(place);
            if is_news {
                lead.news = lead.news.max(at);
            }
        }
        i64::try_from(place).unwrap_or(i64::MAX).saturating_add(1)
    }

    pub(super) fn event(&self, row: i64) -> Option<&Happened> {
        self.events.get(place(row)?)
    }

    /// The newest open deal of a contact.
    pub(super) fn open_deal_of(&self, contact: i64) -> Option<i64> {
        let lead = self.lead(contact)?;
        lead.deals.iter().rev().copied().find(|deal| self.is_open(*deal))
    }

    fn is_open(&self, deal: i64) -> bool {
        let Some(status) = self.layout.deal_status else { return true };
        let found = self.deal(deal).and_then(|deal| deal.fields.iter().find(|(field, _)| *field == status));
        found.is_none_or(|(_, status)| matches!(status, Value::Text(status) if status == "open"))
    }

    /// Makes a deal for a contact, as the CRM does.
    pub(super) fn make_deal(&mut self, contact: i64, worth: Option<Fixed>) -> i64 {
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
    pub(super) fn observe(&mut self, of: &RecordRef, path: &FieldPath, value: &Value, now: Timestamp) -> bool {
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

    fn deal_value(&self, id: i64, path: &FieldPath) -> Option<Value> {
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

    fn fill_contact(&self, lead: &Lead<'_>, builder: &mut RowBuilder<'_>, events: bool) {
        for (place, value) in &lead.filling.fields {
            builder.field(*place, FieldValue::from(value));
        }
        for &(place, at) in &lead.filling.observed {
            builder.observed(place, later(at, lead.shift));
        }
        for &place in &lead.filling.relations {
            builder.related(place);
        }
        if !lead.changed.is_empty()
            && let Some(needs) = &self.layout.contact_needs
        {
            for (path, value) in lead.changed.iter() {
                if let Some(place) = needs.fields.iter().position(|needed| needed.path == *path) {
                    builder.field(place, FieldValue::from(value));
                }
            }
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

    fn fill_deal(&self, id: i64, builder: &mut RowBuilder<'_>) {
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

    fn value(&self, entity: EntityId, id: i64, path: &FieldPath) -> Option<Value> {
        if Some(entity) == self.layout.deal { self.deal_value(id, path) } else { self.lead(id)?.value(path).cloned() }
    }

    /// A message of that channel or template went out to a contact: what was tried with it begins.
    pub(super) fn begins(&mut self, contact: i64, about: [&str; 2], at: Timestamp) {
        for pull in &mut self.pulls {
            if pull.contact == contact && pull.trial.began.is_none() && about.contains(&pull.trial.arm.as_str()) {
                pull.trial.began = Some(at);
            }
        }
    }

    pub(super) fn text(&self, message: EntryId) -> Option<&String> {
        self.texts.iter().rev().find(|(known, _)| *known == message).map(|(_, text)| text)
    }
}

/// Numbers count from 1.
pub(super) fn place(number: i64) -> Option<usize> {
    usize::try_from(number).ok()?.checked_sub(1)
}

impl Kept for Store<'_> {
    type Failure = Infallible;

    fn row(&self, scorer: &Scorer, entity: EntityId, id: i64) -> Result<Option<Row>, Infallible> {
        let Some(mut builder) = scorer.builder(entity, false) else { return Ok(None) };
        if Some(entity) == self.layout.contact {
            let Some(lead) = self.lead(id) else { return Ok(None) };
            self.fill_contact(lead, &mut builder, true);
        } else if Some(entity) == self.layout.deal && self.deal(id).is_some() {
            self.fill_deal(id, &mut builder);
        } else {
            return Ok(None);
        }
        Ok(Some(builder.into_row()))
    }

    fn occasion(&self, _: &Program, row: i64) -> Result<Option<Occasion>, Infallible> {
        let occasion = |event: &Happened| Occasion {
            contact: event.contact,
            event: event.event,
            at: event.at,
            fields: event.fields.clone(),
        };
        Ok(self.event(row).map(occasion))
    }

    fn row_with(&self, scorer: &Scorer, contact: EntityId, occasion: Occasion) -> Result<Option<Row>, Infallible> {
        let (Some(mut builder), Some(lead)) = (scorer.builder(contact, false), self.lead(occasion.contact)) else {
            return Ok(None);
        };
        self.fill_contact(lead, &mut builder, false);
        builder.event(occasion.event, occasion.at.as_microsecond(), &occasion.fields);
        Ok(Some(builder.into_row()))
    }

    fn contact_of(&self, deal: i64) -> Result<Option<i64>, Infallible> {
        Ok(self.deal(deal).map(|deal| deal.contact))
    }

    fn deal_of(&self, contact: i64) -> Result<Option<i64>, Infallible> {
        let newest = || self.lead(contact).and_then(|lead| lead.deals.last().copied());
        Ok(self.open_deal_of(contact).or_else(newest))
    }

    fn decisions(&self, score: &str) -> Result<u64, Infallible> {
        Ok(self.decisions.iter().find(|(name, _)| name == score).map_or(0, |(_, decisions)| *decisions))
    }

    fn has_started(&self, workflow: &str, trigger: &str, record: &RecordRef) -> Result<bool, Infallible> {
        let contact =
            if record.entity == "Deal" { self.deal(record.id).map(|deal| deal.contact) } else { Some(record.id) };
        let is_it =
            |(known, by, of): &(SmolStr, SmolStr, RecordRef)| known == workflow && by == trigger && of == record;
        Ok(contact.and_then(|contact| self.lead(contact)).is_some_and(|lead| lead.started.iter().any(is_it)))
    }

    fn reachable(&self, contact: i64) -> Result<Cow<'_, Reachable>, Infallible> {
        let known = self.lead(contact).map(|lead| Cow::Borrowed(&lead.prototype.reachable));
        Ok(known.unwrap_or_default())
    }

    fn consents(&self, contact: i64) -> Result<Cow<'_, [Consent]>, Infallible> {
        Ok(Cow::Borrowed(self.lead(contact).map(|lead| lead.consents.as_slice()).unwrap_or_default()))
    }

    fn suppressed(&self, contact: i64, _: &str, channel: &str) -> Result<Option<SmolStr>, Infallible> {
        let over = |(known, _): &&(Option<SmolStr>, &str)| known.as_deref().is_none_or(|known| known == channel);
        let found = self.lead(contact).and_then(|lead| lead.suppressed.iter().find(over));
        Ok(found.map(|(_, reason)| SmolStr::new_static(reason)))
    }

    fn sends(
        &self,
        contact: Option<i64>,
        since: Timestamp,
        but: Option<EntryId>,
    ) -> Result<Cow<'_, [Sent]>, Infallible> {
        let sent = match contact {
            Some(contact) => self.lead(contact).map(|lead| lead.sends.as_slice()).unwrap_or_default(),
            None => self.sent.as_slice(),
        };
        let first = sent.partition_point(|sent| sent.at < since);
        let sent = sent.get(first..).unwrap_or_default();
        let counts = |leaving: &&Leaving| Some(leaving.send) != but && contact.is_none_or(|of| leaving.contact == of);
        let mut leaving = self.leaving.iter().filter(counts).peekable();
        if leaving.peek().is_none() {
            return Ok(Cow::Borrowed(sent));
        }
        let queued = leaving.map(|leaving| Sent { at: leaving.ready, channel: leaving.channel.clone() });
        Ok(Cow::Owned(sent.iter().cloned().chain(queued).collect()))
    }

    fn known(&self, book: &Book, entity: EntityId, id: i64, reader: Option<AgentId>) -> Result<Known, Infallible> {
        let mut known = Known::of(book, readable(book, entity, reader), |_, path| self.value(entity, id, path));
        let contact = if Some(entity) == self.layout.deal { self.deal(id).map(|deal| deal.contact) } else { Some(id) };
        if hears(book, reader)
            && let Some(lead) = contact.and_then(|contact| self.lead(contact))
        {
            known.said = (1..).zip(&lead.said).map(|(number, said)| heard(number, said)).collect();
        }
        Ok(known)
    }

    fn message_text(&self, message: EntryId) -> Result<Option<String>, Infallible> {
        Ok(self.text(message).cloned())
    }

    fn trials(&self, _: &Program, experiment: &Experiment) -> Result<Vec<Trial>, Infallible> {
        let of = self.pulls.iter().filter(|pull| pull.experiment == experiment.name);
        let counts = |pull: &&Pull| pull.trial.began.is_some() || !self.over.contains(&pull.run);
        let told = |pull: &Pull| {
            let succeeded = pull.trial.began.and_then(|began| self.first(pull.contact, experiment.success, began));
            Trial { succeeded, ..pull.trial.clone() }
        };
        Ok(of.filter(counts).map(told).collect())
    }

    fn lot(&self, experiment: &Experiment, record: &RecordRef) -> u64 {
        if self.arms_by_record {
            return experiments::seed(experiment, record);
        }
        let whose = self.lead(record.id).map_or(0, |lead| lead.key);
        self.lots.bits(whose, About::Arm, random::name(&[&experiment.name]), 0)
    }
}

impl<'w> Store<'w> {
    /// The same, for a scorer that takes records in by other places.
    pub(super) fn under<'t>(self, layout: &'t Layout, fillings: &'t [Vec<Filling>]) -> Store<'t>
    where
        'w: 't,
    {
        let moved = |lead: Lead<'w>| {
            let found = fillings.get(lead.place.0 as usize).and_then(|of| of.get(lead.place.1 as usize));
            let filling: &'t Filling = found.unwrap_or(lead.filling);
            Lead { filling, ..lead }
        };
        let leads: Vec<Lead<'t>> = self.leads.into_iter().map(moved).collect();
        Store {
            layout,
            lots: self.lots,
            version: self.version + 1,
            arms_by_record: self.arms_by_record,
            leads,
            deals: self.deals,
            events: self.events,
            sent: self.sent,
            leaving: self.leaving,
            pulls: self.pulls,
            over: self.over,
            texts: self.texts,
            decisions: self.decisions,
        }
    }

    /// All that is known of a contact, whenever it came to be.
    pub(super) fn facts(&self, contact: i64) -> Option<Facts> {
        let lead = self.lead(contact)?;
        let mut facts = Facts { fields: lead.prototype.facts.fields.clone(), ..Facts::default() };
        facts.fields.extend(lead.changed.iter().cloned());
        let observed = lead.prototype.facts.observed.iter();
        facts.observed.extend(observed.map(|(path, at)| (path.clone(), later(*at, lead.shift))));
        let happened = lead.events.iter().filter_map(|place| self.events.get(*place));
        let event = |event: &Happened| EventFact { event: event.event, at: event.at, fields: event.fields.clone() };
        facts.events = happened.map(event).collect();
        facts.conversations.clone_from(&lead.said);
        Some(facts)
    }
}

impl Store<'_> {
    /// When an event first happened to a contact from an instant on.
    pub(super) fn first(&self, contact: i64, event: EventId, from: Timestamp) -> Option<Timestamp> {
        let happened = self.lead(contact)?.events.iter().filter_map(|place| self.events.get(*place));
        happened.filter(|happened| happened.event == event && happened.at >= from).map(|happened| happened.at).min()
    }
}

fn heard(number: usize, said: &Said) -> Heard {
    Heard {
        id: EvidenceId(format_smolstr!("said:{number}")),
        at: said.at,
        direction: Direction::Inbound,
        subject: None,
        text: said.text.clone(),
    }
}
