//! A world answers the engine's questions as a CRM does.

use std::borrow::Cow;
use std::convert::Infallible;

use compiler::program::{AgentId, EntityId, Experiment, Program};
use jiff::Timestamp;
use runtime::agents::{Direction, EvidenceId, Heard};
use runtime::contact_policy::{Consent, Sent};
use runtime::crm::Reachable;
use runtime::engine::{EntryId, RecordRef};
use runtime::experiments::{self, Trial};
use runtime::facts::Said;
use runtime::runner::Book;
use runtime::score::{Row, Scorer};
use runtime::shell::{Kept, Known, Occasion, hears, readable};
use smol_str::{SmolStr, format_smolstr};

use super::super::random::{self, About};
use super::{Happened, Leaving, Pull, Store};

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

fn heard(number: usize, said: &Said) -> Heard {
    Heard {
        id: EvidenceId(format_smolstr!("said:{number}")),
        at: said.at,
        direction: Direction::Inbound,
        subject: None,
        text: said.text.clone(),
    }
}
