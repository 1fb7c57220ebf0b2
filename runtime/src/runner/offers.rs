//! Handoffs: the packet that says what is claimed and on what evidence, and the receiver's answer.

use compiler::program::{AgentId, Brief};
use jiff::Timestamp;
use serde_json::{Value as Json, json};
use smol_str::SmolStr;

use super::known::known;
use super::tell::{self, Room, Telling};
use super::{RunError, Runner, Worked};
use crate::crm::log::Effect;
use crate::crm::{ContactId, Crm, RecordId};
use crate::engine::{Case, Entry, EntryId, Input, RecordRef};
use crate::records;
use crate::shell::{Taking, declared, taking};

impl Room<'_> {
    /// What a handoff tells the receiver: only what it may read, each claim with what it rests on.
    pub(super) fn packet(
        &self,
        crm: &Crm,
        case: &Case,
        run: EntryId,
        handoff: &str,
        now: Timestamp,
    ) -> Result<Option<Json>, RunError> {
        let Some(run) = case.run(run) else { return Ok(None) };
        let Some(handoff) = declared(self.book, run, handoff) else { return Ok(None) };
        let program = &self.book.program;
        let to = program.workflows.get(handoff.to.index());
        let reader = to.and_then(|to| match to.by {
            compiler::program::Actor::Agent(agent) => Some(agent),
            compiler::program::Actor::Human(_) => None,
        });
        let contact = tell::contact(crm, &case.record)?;
        let mut packet = serde_json::Map::new();
        packet.insert("to".into(), json!(to.map(|to| to.name.as_str())));
        packet.insert("expected".into(), json!(to.and_then(|to| to.stages.first()).map(|stage| stage.name.as_str())));
        for brief in &handoff.brief {
            let (name, said) = self.brief(crm, contact, reader, brief, now)?;
            packet.insert(name, said);
        }
        Ok(Some(Json::Object(packet)))
    }

    fn brief(
        &self,
        crm: &Crm,
        contact: Option<ContactId>,
        reader: Option<AgentId>,
        brief: &Brief,
        now: Timestamp,
    ) -> Result<(String, Json), RunError> {
        let program = &self.book.program;
        let (Some(entity), Some(contact)) = (self.book.contact, contact) else {
            return Ok(("nothing".into(), Json::Null));
        };
        Ok(match brief {
            Brief::Record(of) => {
                let table = program.entities.get(of.index()).map(|of| of.table.to_string()).unwrap_or_default();
                let (from, id) = if Some(*of) == self.book.deal {
                    match crm.deal_of(contact)? {
                        Some(deal) => (*of, deal),
                        None => return Ok((table, Json::Null)),
                    }
                } else {
                    (entity, RecordId(contact.0))
                };
                let prefix = format!("{table}.");
                let facts: Vec<Json> = known(crm, self.book, from, id, reader)?
                    .facts
                    .into_iter()
                    .filter(|given| given.path.starts_with(&prefix))
                    .map(|given| json!({ "field": given.path, "value": given.words, "evidence": given.evidence }))
                    .collect();
                (table, Json::Array(facts))
            }
            Brief::Fields(start) => {
                let prefix = format!("contact.{start}");
                let facts: Vec<Json> = known(crm, self.book, entity, RecordId(contact.0), reader)?
                    .facts
                    .into_iter()
                    .filter(|given| given.path.starts_with(&prefix))
                    .map(|given| json!({ "field": given.path, "value": given.words, "evidence": given.evidence }))
                    .collect();
                (start.to_string(), Json::Array(facts))
            }
            Brief::Score(score) => {
                let name = program.scores.get(score.index()).map(|score| score.name.to_string()).unwrap_or_default();
                let may = reader.is_none_or(|agent| self.book.gate.reads_score(agent, *score).is_allowed());
                let said = if may { self.ledger(crm, contact, *score)? } else { Json::Null };
                (name, said)
            }
            Brief::Reasons(most) => ("reasons".into(), self.reasons(crm, contact, reader, *most)?),
            Brief::OpenQuestions => ("open questions".into(), self.open_questions(crm, contact, reader)?),
            Brief::Activities(most) => {
                let activity = program.entity("Activity");
                let may = reader.is_none_or(|agent| {
                    activity.is_some_and(|activity| self.book.gate.reads(agent, activity, None).is_allowed())
                });
                let last = if may { crm.last_activities(contact, now, *most)? } else { Vec::new() };
                let last: Vec<Json> = last
                    .into_iter()
                    .map(|(at, kind, about)| json!({ "at": at, "kind": kind, "about": about }))
                    .collect();
                ("activities".into(), Json::Array(last))
            }
        })
    }

    fn ledger(&self, crm: &Crm, contact: ContactId, score: compiler::program::ScoreId) -> Result<Json, RunError> {
        let Some(entity) = self.book.contact else { return Ok(Json::Null) };
        let Some(facts) = records::facts(crm, &self.scorer, entity, RecordId(contact.0))? else {
            return Ok(Json::Null);
        };
        let Some(row) = self.scorer.row(entity, &facts) else { return Ok(Json::Null) };
        let Some(evaluation) = self.scorer.evaluate(entity, &row) else { return Ok(Json::Null) };
        let labels =
            self.book.program.scores.get(score.index()).map(|score| score.labels.as_slice()).unwrap_or_default();
        let standing = evaluation.score(score);
        let route = evaluation.route(score).and_then(|label| labels.get(label.index()));
        Ok(json!({
            "value": standing.map(|standing| standing.value.to_string()),
            "low": standing.map(|standing| standing.low.to_string()),
            "high": standing.map(|standing| standing.high.to_string()),
            "route": route,
            "certain": evaluation.is_certain(score),
        }))
    }

    /// The rules that gave the most points, whichever way.
    fn reasons(&self, crm: &Crm, contact: ContactId, reader: Option<AgentId>, most: u32) -> Result<Json, RunError> {
        let Some(entity) = self.book.contact else { return Ok(Json::Null) };
        let Some(facts) = records::facts(crm, &self.scorer, entity, RecordId(contact.0))? else {
            return Ok(Json::Null);
        };
        let Some(row) = self.scorer.row(entity, &facts) else { return Ok(Json::Null) };
        let Some(evaluation) = self.scorer.evaluate(entity, &row) else { return Ok(Json::Null) };
        let mut reasons = Vec::new();
        for &score in evaluation.scores() {
            let may = reader.is_none_or(|agent| self.book.gate.reads_score(agent, score).is_allowed());
            let Some(ledger) = self.scorer.ledger(score, &row, &evaluation).filter(|_| may) else { continue };
            for line in ledger.lines() {
                if let crate::score::Line::Rule(rule) = line {
                    let points = rule.points;
                    let id = rule.rule.id.clone();
                    let words = rule.rule.because.clone().unwrap_or_else(|| rule.rule.words.clone());
                    reasons
                        .push((points.0.abs(), json!({ "points": points.to_string(), "because": words, "rule": id })));
                }
            }
        }
        reasons.sort_by_key(|(points, _)| std::cmp::Reverse(*points));
        Ok(Json::Array(reasons.into_iter().take(most as usize).map(|(_, reason)| reason).collect()))
    }

    fn open_questions(&self, crm: &Crm, contact: ContactId, reader: Option<AgentId>) -> Result<Json, RunError> {
        let Some(entity) = self.book.contact else { return Ok(Json::Null) };
        let Some(facts) = records::facts(crm, &self.scorer, entity, RecordId(contact.0))? else {
            return Ok(Json::Null);
        };
        let mut open: Vec<String> = Vec::new();
        for (number, _) in (0..).zip(&self.book.program.scores) {
            let score = compiler::program::ScoreId(number);
            if reader.is_none_or(|agent| self.book.gate.reads_score(agent, score).is_allowed()) {
                for question in self.scorer.questions(score, &facts) {
                    open.push(self.scorer.asked_words(&question.asked));
                }
            }
        }
        open.dedup();
        Ok(json!(open))
    }
}

impl Runner {
    /// The built-in receiver: takes whatever it may read, makes the deal that its workflow runs for, and says why where it cannot.
    /// A refusal is its agent's own.
    pub(super) fn answer_offer(
        &mut self,
        effect: &Effect,
        refusal: Option<String>,
        now: Timestamp,
    ) -> Result<Worked, RunError> {
        let Entry::WorkAsked { agent, object, .. } = &effect.entry else { return Ok(Worked::default()) };
        let agent = agent.clone();
        let offer = EntryId(object.parse().unwrap_or_default());
        let case = self.crm.case(&effect.record)?.case;
        let contact = tell::contact(&self.crm, &case.record)?;
        let deal = match contact {
            Some(contact) => self.crm.open_deal_of(contact)?,
            None => None,
        };
        let taking = taking(&self.book, &case, offer, contact.is_some(), deal.is_some());
        let refusal = match taking {
            Taking::Taken | Taking::WithOpenDeal | Taking::WithNewDeal if refusal.is_some() => refusal,
            Taking::Gone => {
                self.crm.settle(effect.number, &self.holder)?;
                return Ok(Worked::default());
            }
            Taking::Refused(why) => Some(why.to_owned()),
            Taking::Taken | Taking::WithOpenDeal | Taking::WithNewDeal => None,
        };
        let deal = deal.filter(|_| taking == Taking::WithOpenDeal);
        let accepted = refusal.is_none();
        let input = Input::OfferAnswered {
            offer,
            accepted,
            by: agent.clone(),
            why: refusal.clone(),
            record: deal.map(|deal| RecordRef { entity: "Deal".into(), id: deal.0 }),
        };
        let mut telling = Telling { body: refusal, ..Telling::of(input) };
        if let (Taking::WithNewDeal, true, Some(contact)) = (taking, accepted, contact) {
            telling.before = Some(Box::new(move |crm, _, at| {
                let made = deal_for(crm, contact, at)?;
                let record = Some(RecordRef { entity: "Deal".into(), id: made.0 });
                Ok(Some(Input::OfferAnswered { offer, accepted: true, by: agent, why: None, record }))
            }));
        }
        let told = self.tell(&effect.record, now, telling)?;
        Ok(Worked { entries: told.entries, work: 1, ..Worked::default() })
    }
}

/// The deal that a contact goes on with: the open one, or a new one.
pub(super) fn deal_for(crm: &Crm, contact: ContactId, at: Timestamp) -> Result<RecordId, RunError> {
    if let Some(deal) = crm.open_deal_of(contact)? {
        return Ok(deal);
    }
    let name = crm.reachable(contact)?.name.unwrap_or_else(|| SmolStr::from("a contact"));
    Ok(crm.make_deal(contact, &format!("Deal with {name}"), at)?)
}
