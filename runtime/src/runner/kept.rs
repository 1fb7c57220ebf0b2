//! The CRM as what a shell keeps: one snapshot of it answers the engine's questions.

use std::borrow::Cow;

use compiler::program::{AgentId, EntityId, Experiment, Program};
use jiff::Timestamp;
use smol_str::SmolStr;

use super::{Book, RunError};
use crate::contact_policy::{Consent, Sent};
use crate::crm::{ContactId, Crm, Reachable, RecordId, facts_json};
use crate::engine::{EntryId, RecordRef};
use crate::experiments::Trial;
use crate::facts::EventFact;
use crate::records;
use crate::score::{Row, Scorer};
use crate::shell::{Kept, Known, Occasion};

impl Kept for Crm {
    type Failure = RunError;

    fn row(&self, scorer: &Scorer, entity: EntityId, id: i64) -> Result<Option<Row>, RunError> {
        let facts = records::facts(self, scorer, entity, RecordId(id))?;
        Ok(facts.and_then(|facts| scorer.row(entity, &facts)))
    }

    fn occasion(&self, program: &Program, row: i64) -> Result<Option<Occasion>, RunError> {
        let Some((arrival, json)) = self.event(row)? else { return Ok(None) };
        let Some(event) = program.event(&arrival.name) else { return Ok(None) };
        let declared = program.events.get(event.index());
        let fields = json.as_deref().zip(declared).map(|(json, declared)| facts_json::read(declared, json));
        let fields = fields.unwrap_or_default();
        Ok(Some(Occasion { contact: arrival.contact.0, event, at: arrival.at, fields }))
    }

    fn row_with(&self, scorer: &Scorer, contact: EntityId, occasion: Occasion) -> Result<Option<Row>, RunError> {
        let Some(mut facts) = records::facts(self, scorer, contact, RecordId(occasion.contact))? else {
            return Ok(None);
        };
        facts.events = vec![EventFact { event: occasion.event, at: occasion.at, fields: occasion.fields }];
        Ok(scorer.row(contact, &facts))
    }

    fn contact_of(&self, deal: i64) -> Result<Option<i64>, RunError> {
        Ok(self.contact_of(RecordId(deal))?.map(|contact| contact.0))
    }

    fn deal_of(&self, contact: i64) -> Result<Option<i64>, RunError> {
        Ok(self.deal_of(ContactId(contact))?.map(|deal| deal.0))
    }

    fn decisions(&self, score: &str) -> Result<u64, RunError> {
        Ok(self.decisions(score)?)
    }

    fn trials(&self, program: &Program, experiment: &Experiment) -> Result<Vec<Trial>, RunError> {
        Ok(self.trials(program, experiment)?)
    }

    fn has_started(&self, workflow: &str, trigger: &str, record: &RecordRef) -> Result<bool, RunError> {
        Ok(self.has_started(workflow, trigger, record)?)
    }

    fn reachable(&self, contact: i64) -> Result<Cow<'_, Reachable>, RunError> {
        Ok(Cow::Owned(self.reachable(ContactId(contact))?))
    }

    fn consents(&self, contact: i64) -> Result<Cow<'_, [Consent]>, RunError> {
        let consents = self.consents(ContactId(contact))?;
        let consents = consents.into_iter().map(|consent| Consent {
            channel: consent.channel,
            given_at: consent.given,
            proof: consent.proof.map(SmolStr::from),
            withdrawn: consent.withdrawn,
        });
        Ok(Cow::Owned(consents.collect()))
    }

    fn suppressed(&self, _: i64, address: &str, channel: &str) -> Result<Option<SmolStr>, RunError> {
        Ok(self.suppressed(address, channel)?.map(|suppressed| suppressed.reason.into()))
    }

    fn sends(&self, contact: Option<i64>, since: Timestamp, but: Option<EntryId>) -> Result<Cow<'_, [Sent]>, RunError> {
        let sends = self.sent_since(contact.map(ContactId), since, but)?;
        Ok(Cow::Owned(sends.into_iter().map(|(at, channel)| Sent { at, channel }).collect()))
    }

    fn known(&self, book: &Book, entity: EntityId, id: i64, reader: Option<AgentId>) -> Result<Known, RunError> {
        super::known::known(self, book, entity, RecordId(id), reader)
    }

    fn message_text(&self, message: EntryId) -> Result<Option<String>, RunError> {
        Ok(self.message_text(message)?)
    }
}
