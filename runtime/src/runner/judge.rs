//! The engine's questions about facts, answered from the CRM: one snapshot, one instant, each record read once a step.

use std::collections::HashMap;

use compiler::program::{Condition, EntityId, ExperimentId, Fixed, Program, ScoreId, Subject, Term};
use jiff::{SignedDuration, Timestamp};
use smol_str::SmolStr;

use super::book::Book;
use super::error::RunError;
use crate::contact_policy::{self, PolicyVerdict, Recipient, Rule, Sent};
use crate::crm::{ContactId, Crm, RecordId, facts_json};
use crate::engine::{EntryId, Judge, RecordRef, Scored, Sending};
use crate::facts::{EventFact, Facts};
use crate::records;
use crate::score::{Evaluation, Row, Scorer};

/// Answers for one step.
pub(super) struct CrmJudge<'a> {
    pub(super) crm: &'a Crm,
    pub(super) book: &'a Book,
    pub(super) scorer: &'a Scorer,
    pub(super) now: Timestamp,
    /// The case's record.
    pub(super) record: &'a RecordRef,
    known: HashMap<(EntityId, i64), Option<Known>>,
    /// The first thing that went wrong; the step that it fell into is not kept.
    pub(super) failed: Option<RunError>,
}

struct Known {
    row: Row,
    evaluation: Evaluation,
}

impl<'a> CrmJudge<'a> {
    pub(super) fn new(crm: &'a Crm, book: &'a Book, scorer: &'a Scorer, now: Timestamp, record: &'a RecordRef) -> Self {
        Self { crm, book, scorer, now, record, known: HashMap::new(), failed: None }
    }

    fn note<T>(&mut self, result: Result<T, impl Into<RunError>>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                self.failed.get_or_insert(error.into());
                None
            }
        }
    }

    /// Which record a subject is, seen from another one.
    fn subject(&mut self, of: &RecordRef, subject: Subject) -> Option<(EntityId, i64)> {
        let entity = self.book.entity_of(subject)?;
        let own = self.book.program.entity(&of.entity)?;
        if own == entity {
            return Some((entity, of.id));
        }
        let (contact, deal) = (self.book.contact, self.book.deal);
        let found = if Some(entity) == contact && Some(own) == deal {
            let found = self.crm.contact_of(RecordId(of.id)).map(|found| found.map(|contact| contact.0));
            self.note(found)
        } else if Some(entity) == deal && Some(own) == contact {
            let found = self.crm.deal_of(ContactId(of.id)).map(|found| found.map(|deal| deal.0));
            self.note(found)
        } else {
            None
        };
        Some((entity, found.flatten()?))
    }

    fn known(&mut self, entity: EntityId, id: i64) -> Option<&Known> {
        if !self.known.contains_key(&(entity, id)) {
            let facts = records::facts(self.crm, self.scorer, entity, RecordId(id));
            let facts = self.note(facts).flatten();
            let known = facts.and_then(|facts| self.judged(entity, &facts));
            self.known.insert((entity, id), known);
        }
        self.known.get(&(entity, id)).and_then(Option::as_ref)
    }

    fn judged(&self, entity: EntityId, facts: &Facts) -> Option<Known> {
        let row = self.scorer.row(entity, facts)?;
        let evaluation = self.scorer.evaluate(entity, &row)?;
        Some(Known { row, evaluation })
    }

    fn answer(&mut self, of: &RecordRef, subject: Subject, condition: &Condition) -> Option<crate::score::Answer> {
        let place = self.book.condition(condition)?;
        let (entity, id) = self.subject(of, subject)?;
        let scorer = self.scorer;
        let known = self.known(entity, id)?;
        scorer.answer(entity, &known.evaluation, place)
    }

    fn contact(&mut self) -> Option<ContactId> {
        let own = self.record.clone();
        self.subject(&own, Subject::Contact).map(|(_, id)| ContactId(id))
    }
}

impl Judge for CrmJudge<'_> {
    fn holds(&mut self, of: &RecordRef, subject: Subject, condition: &Condition) -> Option<bool> {
        self.answer(of, subject, condition)?.possible
    }

    fn holds_for_now(&mut self, of: &RecordRef, subject: Subject, condition: &Condition) -> bool {
        self.answer(of, subject, condition).and_then(|answer| answer.current) == Some(true)
    }

    fn value(&mut self, of: &RecordRef, subject: Subject, term: &Term) -> Option<Fixed> {
        let place = self.book.term(term)?;
        let (entity, id) = self.subject(of, subject)?;
        let scorer = self.scorer;
        let known = self.known(entity, id)?;
        // What is counted where not all is reported is a lower bound: it can show that a threshold is passed upwards.
        let (low, _) = scorer.range(entity, &known.row, &known.evaluation, place)?;
        Some(low)
    }

    fn fits(&mut self, row: i64, filter: &Condition) -> bool {
        let Some(place) = self.book.condition(filter) else { return false };
        let found = self.crm.event(row);
        let Some((arrival, json)) = self.note(found).flatten() else { return false };
        let program = &self.book.program;
        let Some((id, event, entity)) = event_of(program, &arrival.name, self.book.contact) else { return false };
        let facts = records::facts(self.crm, self.scorer, entity, RecordId(arrival.contact.0));
        let Some(mut facts) = self.note(facts).flatten() else { return false };
        let fields = json.as_deref().map(|json| facts_json::read(event, json)).unwrap_or_default();
        facts.events = vec![EventFact { event: id, at: arrival.at.min(self.now), fields }];
        let Some(known) = self.judged(entity, &facts) else { return false };
        self.scorer.answer(entity, &known.evaluation, place).and_then(|answer| answer.current) == Some(true)
    }

    fn score(&mut self, of: &RecordRef, score: ScoreId) -> Option<Scored> {
        let card = self.book.program.scores.get(score.index())?;
        let (entity, id) = self.subject(of, Subject::Own(card.entity))?;
        let (book, scorer) = (self.book, self.scorer);
        let card = book.program.scores.get(score.index())?;
        let known = self.known(entity, id)?;
        let standing = known.evaluation.score(score)?;
        let label = known.evaluation.route(score).and_then(|label| card.labels.get(label.index())).cloned();
        let layers = (0..).zip(&card.layers).filter_map(|(place, layer)| {
            let of = compiler::program::ScoreRef { score, layer: Some(place) };
            Some((layer.name.clone()?, scorer.standing(&known.evaluation, of)?.value))
        });
        Some(Scored {
            value: standing.value,
            low: standing.low,
            high: standing.high,
            route: label,
            certain: known.evaluation.is_certain(score),
            layers: layers.collect(),
        })
    }

    fn is_trusted(&mut self, score: ScoreId) -> bool {
        let Some(card) = self.book.program.scores.get(score.index()) else { return false };
        if card.trust_after.is_none() {
            return true;
        }
        let decisions = self.crm.decisions(&card.name);
        let decisions = self.note(decisions).unwrap_or(0);
        self.scorer.trusted(score, decisions)
    }

    fn may_send(&mut self, channel: &str) -> Sending {
        let Some(contact) = self.contact() else {
            return Sending::Never(vec!["there is no contact to write to".into()]);
        };
        match may_send(self.crm, self.book, contact, channel, self.now, None) {
            Ok(verdict) => verdict,
            Err(error) => {
                self.failed.get_or_insert(error);
                Sending::Never(Vec::new())
            }
        }
    }

    fn left_alone(&mut self, channel: &str) -> Option<SmolStr> {
        let contact = self.contact()?;
        let found = left_alone(self.crm, self.book, contact, channel, self.now);
        found.unwrap_or_else(|error| {
            self.failed.get_or_insert(error);
            None
        })
    }

    fn has_started(&mut self, workflow: &str, trigger: &str, record: &RecordRef) -> bool {
        let found = self.crm.has_started(workflow, trigger, record);
        // Where that cannot be read, nothing starts and the step is not kept.
        self.note(found).unwrap_or(true)
    }

    fn arm(&mut self, experiment: ExperimentId) -> SmolStr {
        let Some(experiment) = self.book.program.experiments.get(experiment.index()) else { return SmolStr::default() };
        let mut hasher = blake3::Hasher::new();
        for part in [experiment.name.as_str(), "/", &self.record.entity, "/", &self.record.id.to_string()] {
            hasher.update(part.as_bytes());
        }
        let [first, second, third, fourth, ..] = *hasher.finalize().as_bytes();
        let drawn = u32::from_le_bytes([first, second, third, fourth]) as usize;
        // Every arm gets its share, whoever comes.
        experiment.arms.get(drawn % experiment.arms.len().max(1)).cloned().unwrap_or_default()
    }
}

fn event_of<'p>(
    program: &'p Program,
    name: &str,
    contact: Option<EntityId>,
) -> Option<(compiler::program::EventId, &'p compiler::program::Event, EntityId)> {
    let id = program.event(name)?;
    Some((id, program.events.get(id.index())?, contact?))
}

/// What the contact policy says to a message to a contact, now. Everything else that is queued counts as sent.
pub(super) fn may_send(
    crm: &Crm,
    book: &Book,
    contact: ContactId,
    channel: &str,
    now: Timestamp,
    but: Option<EntryId>,
) -> Result<Sending, RunError> {
    let words = |reasons: Vec<contact_policy::Reason>| -> Vec<SmolStr> {
        reasons.into_iter().map(|reason| SmolStr::from(reason.words)).collect()
    };
    Ok(match policy(crm, book, contact, channel, now, but)? {
        None => Sending::Never(vec!["the contact has no e-mail address".into()]),
        Some(PolicyVerdict::Now) => Sending::Now,
        Some(PolicyVerdict::Later { at, reasons }) => Sending::Later(at, words(reasons).join("; ").into()),
        Some(PolicyVerdict::Never { reasons }) => Sending::Never(words(reasons)),
    })
}

/// Why a contact must not be written to any more: their address is on the suppression list, or they took their consent back.
fn left_alone(
    crm: &Crm,
    book: &Book,
    contact: ContactId,
    channel: &str,
    now: Timestamp,
) -> Result<Option<SmolStr>, RunError> {
    let Some(PolicyVerdict::Never { reasons }) = policy(crm, book, contact, channel, now, None)? else {
        return Ok(None);
    };
    let is_withdrawn = crm
        .consents(contact)?
        .iter()
        .any(|consent| consent.channel == channel && consent.withdrawn.is_some_and(|withdrawn| withdrawn <= now));
    let for_good = |reason: &contact_policy::Reason| match reason.rule {
        Rule::Suppression => true,
        Rule::Consent => is_withdrawn,
        Rule::Policy | Rule::Unsubscribe | Rule::Quiet | Rule::Cap => false,
    };
    Ok(reasons.into_iter().find(for_good).map(|reason| reason.words.into()))
}

/// The same with the rules that say so; nothing where there is no address to write to.
pub(super) fn policy(
    crm: &Crm,
    book: &Book,
    contact: ContactId,
    channel: &str,
    now: Timestamp,
    but: Option<EntryId>,
) -> Result<Option<PolicyVerdict>, RunError> {
    let reachable = crm.reachable(contact)?;
    let address = if channel == "email" { &reachable.email } else { &reachable.phone };
    if channel == "email" && address.is_none() {
        return Ok(None);
    }
    let consents = crm.consents(contact)?;
    let consents: Vec<contact_policy::Consent> = consents
        .into_iter()
        .map(|consent| contact_policy::Consent {
            channel: consent.channel,
            given_at: consent.given,
            proof: consent.proof.map(SmolStr::from),
            withdrawn: consent.withdrawn,
        })
        .collect();
    let suppressed = match address {
        Some(address) => crm.suppressed(address, channel)?,
        None => None,
    };
    let since = now.checked_sub(LONGEST_CAP).unwrap_or(Timestamp::MIN);
    let everybody = crm.sent_since(None, since, but)?;
    let own = crm.sent_since(Some(contact), since, but)?;
    let sent = |sends: Vec<(Timestamp, SmolStr)>| -> Vec<Sent> {
        sends.into_iter().map(|(at, channel)| Sent { at, channel }).collect()
    };
    let (everybody, own) = (sent(everybody), sent(own));
    let recipient = Recipient {
        channel,
        timezone: reachable.timezone.as_deref(),
        consents: &consents,
        suppressed: suppressed.as_ref().map(|suppressed| suppressed.reason.as_str()),
        sends: &own,
    };
    let (program, zone) = (&book.program, &book.zone);
    // Every letter carries its unsubscribe header; what people send by hand says so in its own words.
    let verdict =
        contact_policy::check(program.policy.as_ref(), &program.client, zone, now, &recipient, &everybody, true);
    Ok(Some(verdict))
}

/// No cap reaches further back.
const LONGEST_CAP: SignedDuration = SignedDuration::from_hours(24 * 400);
