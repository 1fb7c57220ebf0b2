//! What is new in the CRM becomes inputs: records that were made, events that came in, consents and their end.

use jiff::Timestamp;
use smol_str::SmolStr;

use super::tell::{BATCH, Telling};
use super::{RunError, Runner, Worked};
use crate::crm::log::{Consent, EVERY_CHANNEL, Suppressed};
use crate::crm::{Arrival, ContactId, RecordId, facts_json};
use crate::engine::{Input, RecordRef};
use crate::shell::{Consenting, cause, consenting};

/// The cursor over events.
pub(super) const EVENTS: &str = "event";
/// The cursor over events that speak of consent; it begins with the first one, however old.
const CONSENTS: &str = "consent";

impl Runner {
    /// Brings in what is new.
    pub(super) fn ingest(&mut self, now: Timestamp) -> Result<Worked, RunError> {
        self.ingest_consents(now)?;
        let mut worked = self.ingest_records("Contact", now)?;
        worked.add(self.ingest_records("Deal", now)?);
        worked.add(self.ingest_events(now)?);
        Ok(worked)
    }

    fn ingest_records(&mut self, entity: &str, now: Timestamp) -> Result<Worked, RunError> {
        let Some(id) = self.book.program.entity(entity) else { return Ok(Worked::default()) };
        let event = SmolStr::from(format!("{}.created", entity.to_lowercase()));
        let mut worked = Worked::default();
        loop {
            let after = self.crm.cursor(entity)?;
            let program = std::sync::Arc::clone(&self.book.program);
            let records = self.crm.records_after(&program, id, after, BATCH)?;
            let Some(last) = records.last().copied() else { return Ok(worked) };
            let mut tellings = Vec::with_capacity(records.len());
            for record in records {
                let of = RecordRef { entity: entity.into(), id: record.0 };
                let input = Input::Happened { event: event.clone(), of: of.clone(), row: 0, at: now, cause: None };
                tellings.push((self.case_of(&of)?, Telling::of(input)));
            }
            worked.add(self.tell_all(now, tellings, vec![(entity.into(), last.0)])?);
        }
    }

    fn ingest_events(&mut self, now: Timestamp) -> Result<Worked, RunError> {
        let mut worked = Worked::default();
        loop {
            let arrivals = self.crm.events_after(self.crm.cursor(EVENTS)?, BATCH)?;
            let Some(last) = arrivals.last().map(|arrival| arrival.event) else { return Ok(worked) };
            let tellings = arrivals
                .into_iter()
                .map(|arrival| {
                    let record = RecordRef { entity: "Contact".into(), id: arrival.contact.0 };
                    let cause = cause(arrival.external_id.as_deref());
                    let input = Input::Happened {
                        event: arrival.name,
                        of: record.clone(),
                        row: arrival.event,
                        at: arrival.at,
                        cause,
                    };
                    (record, Telling::of(input))
                })
                .collect();
            // The scorer of this instant was linked before these events: what reads them has to see them.
            worked.add(self.tell_all(now, tellings, vec![(EVENTS.into(), last)])?);
        }
    }

    /// Consents are kept with their proof, and their end is kept for good, whatever the playbook does with the events.
    pub(super) fn ingest_consents(&mut self, now: Timestamp) -> Result<(), RunError> {
        loop {
            let arrivals = self.crm.events_after(self.crm.cursor(CONSENTS)?, BATCH * 10)?;
            let Some(last) = arrivals.last().map(|arrival| arrival.event) else { return Ok(()) };
            for arrival in &arrivals {
                self.note_consent(arrival)?;
            }
            self.tell_all(now, Vec::new(), vec![(CONSENTS.into(), last)])?;
        }
    }

    fn note_consent(&mut self, arrival: &Arrival) -> Result<(), RunError> {
        let contact = arrival.contact;
        match consenting(&arrival.name, |name| self.fact(arrival, name))? {
            Some(Consenting::Given { channel, basis, proof }) => {
                let given = Consent { channel, basis, proof, given: arrival.at, withdrawn: None };
                let is_known = |known: &Consent| known.channel == given.channel && known.given == given.given;
                // The cursor is kept after the ledger: what was written before a crash is there already.
                if !self.crm.consents(contact)?.iter().any(is_known) {
                    self.crm.give_consent(contact, &given)?;
                }
            }
            Some(Consenting::Ended { withdrawn, suppressed, reason }) => {
                if let Some(channel) = withdrawn {
                    self.crm.withdraw_consent(contact, &channel, arrival.at)?;
                }
                let channel = suppressed.as_deref().unwrap_or(EVERY_CHANNEL);
                self.suppress(contact, channel, reason, arrival.at)?;
            }
            None => {}
        }
        Ok(())
    }

    fn suppress(&mut self, contact: ContactId, channel: &str, reason: &str, at: Timestamp) -> Result<(), RunError> {
        let reachable = self.crm.reachable(contact)?;
        let because = Suppressed { reason: reason.to_owned(), at };
        for address in [reachable.email, reachable.phone].into_iter().flatten() {
            self.crm.suppress(&address, channel, &because, &mut *self.randomness)?;
        }
        Ok(())
    }

    /// A text among an event's facts.
    fn fact(&self, arrival: &Arrival, name: &str) -> Result<Option<String>, RunError> {
        let Some((_, Some(json))) = self.crm.event(arrival.event)? else { return Ok(None) };
        let mut found = None;
        facts_json::scan(&json, |known, raw| {
            if known == name
                && let facts_json::Raw::Text(text) = raw
            {
                found = Some(text.into_owned());
            }
        });
        Ok(found)
    }

    /// The case that a record belongs to.
    pub(super) fn case_of(&self, record: &RecordRef) -> Result<RecordRef, RunError> {
        if record.entity == "Deal"
            && let Some(contact) = self.crm.contact_of(RecordId(record.id))?
        {
            return Ok(RecordRef { entity: "Contact".into(), id: contact.0 });
        }
        Ok(record.clone())
    }
}
