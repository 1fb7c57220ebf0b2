//! What a world keeps in memory: contacts and their deals, what happened to them, what was sent. It answers the engine's questions as a
//! CRM does.

mod fields;
mod kept;
mod layout;
mod lead;
mod rows;

use compiler::program::{EventId, FieldId, Value};
use jiff::Timestamp;
use runtime::contact_policy::Sent;
use runtime::engine::EntryId;
use runtime::experiments::Trial;
use runtime::facts::{EventFact, Facts};
use smol_str::SmolStr;

pub(super) use layout::Layout;
pub(super) use lead::{Filling, Lead};

use super::random::Lots;
use lead::later;

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

    /// When an event first happened to a contact from an instant on.
    pub(super) fn first(&self, contact: i64, event: EventId, from: Timestamp) -> Option<Timestamp> {
        let happened = self.lead(contact)?.events.iter().filter_map(|place| self.events.get(*place));
        happened.filter(|happened| happened.event == event && happened.at >= from).map(|happened| happened.at).min()
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

/// Numbers count from 1.
pub(super) fn place(number: i64) -> Option<usize> {
    usize::try_from(number).ok()?.checked_sub(1)
}
