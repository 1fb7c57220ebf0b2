//! Telling a case something: read, decided and kept in one transaction, so that nobody comes between.

use std::sync::Arc;

use compiler::program::Value;
use jiff::Timestamp;
use serde_json::json;
use smol_str::SmolStr;

use super::{Book, RunError, Runner, Worked};
use crate::crm::log::{Committed, Decision, Group, Means, Raised, Sealed, Standing, Turn};
use crate::crm::{ContactId, Crm, Noted, RecordId};
use crate::engine::{self, Context, Entry, EntryId, Input, RecordRef, Refusal};
use crate::score::Scorer;
use crate::shell::{FactJudge, raised_by_delivery};

/// An input with what belongs to it.
pub(super) struct Telling<'t> {
    /// What the case is told.
    pub(super) input: Input,
    /// What a person wrote or an agent found: kept under the entry that this chooses.
    pub(super) body: Option<String>,
    /// Done within the same transaction, before the case is told.
    pub(super) before: Option<Before<'t>>,
    /// Cursors that have come so far.
    pub(super) seen: Vec<(SmolStr, i64)>,
}

/// Something written with a decision; it may put another input in place of the one given.
pub(super) type Before<'t> = Box<dyn FnOnce(&Crm, &Standing, Timestamp) -> Result<Option<Input>, RunError> + 't>;

impl Telling<'_> {
    pub(super) fn of(input: Input) -> Self {
        Self { input, body: None, before: None, seen: Vec::new() }
    }
}

/// What every decision of one instant shares.
pub(super) struct Room<'r> {
    pub(super) book: &'r Book,
    pub(super) scorer: Arc<Scorer>,
    pub(super) switches: &'r std::collections::BTreeSet<SmolStr>,
    pub(super) channels: &'r [SmolStr],
}

impl Room<'_> {
    /// Tells a case something within a group.
    pub(super) fn tell(
        &self,
        group: &mut Group<'_>,
        record: &RecordRef,
        means: &mut Means<'_>,
        telling: Telling<'_>,
    ) -> Result<Committed, RunError> {
        group.decide(record, means, |crm, standing, turn| self.decide(crm, standing, turn, telling))
    }

    pub(super) fn decide(
        &self,
        crm: &Crm,
        standing: &Standing,
        turn: Turn,
        telling: Telling<'_>,
    ) -> Result<Decision, RunError> {
        let Telling { input, body, before, seen } = telling;
        let instead = match before {
            Some(before) => before(crm, standing, turn.now)?,
            None => None,
        };
        let input = instead.unwrap_or(input);
        let record = standing.case.record.clone();
        let mut judge = FactJudge::new(crm, self.book, &self.scorer, turn.now, &record);
        let context = Context {
            program: &self.book.program,
            version: &self.book.version,
            zone: &self.book.zone,
            gate: self.book,
            switches: self.switches,
            channels: self.channels,
            next: turn.first,
        };
        let step = engine::step(&context, &standing.case, &input, turn.now, &mut judge);
        if let Some(failed) = judge.failed.take() {
            return Err(failed);
        }
        let step = step?;
        let mut body = body;
        let mut entries = Vec::with_capacity(step.entries.len());
        let mut raised = Vec::new();
        // A message that a person carried is queued and delivered in the same step.
        let mut sends = [standing.case.sends.as_slice(), &standing.case.doubtful].concat();
        for (place, entry) in (0..).zip(step.entries) {
            let id = EntryId(turn.first.0 + place);
            if let Entry::Queued { run, message, hash, channel, .. } = &entry {
                let (run, message, hash, channel) = (*run, *message, hash.clone(), channel.clone());
                sends.push(engine::Send { id, run, message, hash, channel });
            }
            raised.extend(self.raises(crm, &record, &sends, id, &entry, turn.now)?);
            let body = match &entry {
                Entry::WorkDone { .. } | Entry::Rewritten { .. } => body.take(),
                Entry::Settled { how: Some(_), by: Some(_), .. } | Entry::Overridden { .. } => body.take(),
                Entry::OfferAnswered { .. } => body.take(),
                Entry::Offered { run, handoff, .. } => {
                    self.packet(crm, &step.case, *run, handoff, turn.now)?.map(|packet| packet.to_string())
                }
                _ => None,
            };
            entries.push(Sealed { entry, body });
        }
        Ok(Decision { entries, folded: Some(step.case), wake: step.wake, raised, seen })
    }

    /// What an entry means for the CRM: events that scores and triggers see, and activities that people see.
    fn raises(
        &self,
        crm: &Crm,
        record: &RecordRef,
        sends: &[engine::Send],
        id: EntryId,
        entry: &Entry,
        at: Timestamp,
    ) -> Result<Vec<Raised>, RunError> {
        let Entry::Delivered { send } = entry else { return Ok(Vec::new()) };
        let Some(contact) = contact(crm, record)? else { return Ok(Vec::new()) };
        let Some(queued) = sends.iter().find(|queued| queued.id == *send) else { return Ok(Vec::new()) };
        let (run, channel) = (queued.run, &queued.channel);
        if let Some(text) = crm.message_text(queued.message)?
            && let Some((subject, body)) = super::letters::parts(&text)
        {
            let kind = if *channel == "email" { "email" } else { "message" };
            let known = format!("entry:{id}");
            crm.note(&Noted {
                contact,
                kind,
                outbound: true,
                subject: subject.as_deref(),
                body: &body,
                external_id: &known,
                at,
            })?;
        }
        let raised = |(event, facts): (&str, Vec<(SmolStr, Value)>)| Raised {
            contact: RecordId(contact.0),
            event: event.into(),
            at,
            facts: (!facts.is_empty()).then(|| texts(&facts).to_string()),
            external_id: Some(format!("run:{run}:{id}:{event}")),
        };
        let template = crm.message_template(queued.message)?;
        Ok(raised_by_delivery(channel, template.as_deref()).into_iter().map(raised).collect())
    }
}

/// Texts by their names.
fn texts(facts: &[(SmolStr, Value)]) -> serde_json::Value {
    let texts = facts.iter().filter_map(|(name, value)| match value {
        Value::Text(text) => Some((name.to_string(), json!(text))),
        _ => None,
    });
    serde_json::Value::Object(texts.collect())
}

/// The contact that a case is about; none for a company's, or a deal's that nobody has.
pub(super) fn contact(crm: &Crm, record: &RecordRef) -> Result<Option<ContactId>, RunError> {
    match record.entity.as_str() {
        "Contact" => Ok(Some(ContactId(record.id))),
        "Deal" => Ok(crm.contact_of(RecordId(record.id))?),
        _ => Ok(None),
    }
}

impl Runner {
    /// Tells one case one thing, in a transaction of its own.
    pub(super) fn tell(
        &mut self,
        record: &RecordRef,
        now: Timestamp,
        telling: Telling<'_>,
    ) -> Result<Committed, RunError> {
        let scorer = self.scorer(now)?;
        let room = Room { book: &self.book, scorer, switches: &self.switches, channels: &self.channels };
        let mut means = Means { now, zone: &self.book.zone, randomness: &mut *self.randomness };
        self.crm.decide(record, &mut means, |crm, standing, turn| room.decide(crm, standing, turn, telling))
    }

    /// Tells many cases something, all in one transaction. What does not fit a case as it stands is left out.
    pub(super) fn tell_all(
        &mut self,
        now: Timestamp,
        tellings: Vec<(RecordRef, Telling<'_>)>,
        seen: Vec<(SmolStr, i64)>,
    ) -> Result<Worked, RunError> {
        let scorer = self.scorer(now)?;
        let room = Room { book: &self.book, scorer, switches: &self.switches, channels: &self.channels };
        let mut means = Means { now, zone: &self.book.zone, randomness: &mut *self.randomness };
        let mut worked = Worked::default();
        let mut group = self.crm.group()?;
        for (record, telling) in tellings {
            match room.tell(&mut group, &record, &mut means, telling) {
                Ok(committed) => worked.entries += committed.entries,
                Err(RunError::Refused(Refusal::Erased | Refusal::NotUnderWay(_))) => {}
                Err(error) => return Err(error),
            }
        }
        if !seen.is_empty() {
            group.declare(&Decision { seen, ..Decision::default() }, &mut means)?;
        }
        group.finish()?;
        Ok(worked)
    }

    /// Wakes what is due.
    pub(super) fn wake(&mut self, now: Timestamp) -> Result<Worked, RunError> {
        let mut worked = Worked::default();
        loop {
            let due = self.crm.due(now, BATCH)?;
            if due.is_empty() {
                return Ok(worked);
            }
            let tellings = due.into_iter().map(|due| (due.record, Telling::of(Input::Woke))).collect();
            worked.add(self.tell_all(now, tellings, Vec::new())?);
        }
    }
}

/// So many decisions share a transaction.
pub(super) const BATCH: u32 = 100;
