//! Gathering what a playbook publishes from the log and the events: a receipt for each run that ended, or each time that something happened.

use std::collections::{BTreeMap, HashMap};
use std::ops::ControlFlow;
use std::sync::Arc;

use compiler::program::{FieldPath, Program, Publication, Published, PublishedOn, ScoreId, Settlement, Value};
use jiff::Timestamp;
use runtime::crm::log::Logged;
use runtime::crm::{ContactId, Crm, CrmError, Needs, RecordId, facts_json};
use runtime::engine::{Entry, EntryId, RecordRef};
use runtime::facts::Coverage;
use runtime::records;
use runtime::score::{Line, LinkError, Scorer};
use serde_json::{Map, Value as Json, json};
use smol_str::SmolStr;
use thiserror::Error;

use super::content::{fact, folded, score, score_name};
use super::receipt::{Issuer, Receipt, Standing};
use super::{SigningKey, VERSION};

/// How many events are read at once.
const AT_ONCE: u32 = 10_000;

/// Why nothing can be published.
#[derive(Debug, Error)]
pub enum ReceiptError {
    /// The CRM cannot be read.
    #[error(transparent)]
    Crm(#[from] CrmError),
    /// The log cannot be read.
    #[error(transparent)]
    Log(#[from] runtime::crm::log::LogError),
    /// The Program is damaged.
    #[error(transparent)]
    Link(#[from] LinkError),
}

/// Everything that a playbook publishes of what has happened by an instant, in the order of the playbook and of time. The same records
/// give the same receipts.
///
/// # Errors
/// Where the records cannot be read.
pub fn collect(
    crm: &Crm,
    program: &Arc<Program>,
    key: &SigningKey,
    now: Timestamp,
) -> Result<Vec<Receipt>, ReceiptError> {
    let history = History::read(crm, now)?;
    let collector = Collector { crm, program, key, coverage: crm.coverage(program)?, history };
    let mut receipts = Vec::new();
    for publication in &program.publications {
        match publication.on {
            PublishedOn::EndOf(workflow) => {
                let name = program.workflows.get(workflow.index()).map(|workflow| workflow.name.clone());
                receipts.extend(collector.of_ends(publication, &name.unwrap_or_default())?);
            }
            PublishedOn::Event(event) => {
                if let Some(event) = program.events.get(event.index()) {
                    receipts.extend(collector.of_events(publication, event, now)?);
                }
            }
        }
    }
    Ok(receipts)
}

/// What the log says, as far as receipts need it.
#[derive(Default)]
struct History {
    runs: HashMap<EntryId, Begun>,
    ends: Vec<End>,
    /// By case and score, oldest first.
    scored: HashMap<(RecordRef, SmolStr), Vec<(Timestamp, Entry)>>,
}

struct Begun {
    workflow: SmolStr,
    record: RecordRef,
    version: SmolStr,
    approvals: Vec<Json>,
}

struct End {
    number: EntryId,
    at: Timestamp,
    case: RecordRef,
    run: EntryId,
    outcome: SmolStr,
    because: Option<SmolStr>,
}

impl History {
    fn read(crm: &Crm, now: Timestamp) -> Result<Self, ReceiptError> {
        let mut history = Self::default();
        let mut questions: HashMap<EntryId, EntryId> = HashMap::new();
        crm.entries(None, EntryId(0), |logged| {
            if logged.at <= now {
                history.add(logged, &mut questions);
            }
            ControlFlow::Continue(())
        })?;
        Ok(history)
    }

    fn add(&mut self, logged: Logged, questions: &mut HashMap<EntryId, EntryId>) {
        let Logged { number, at, record, entry, .. } = logged;
        match entry {
            Entry::Started { workflow, record, version, .. } => {
                self.runs.insert(number, Begun { workflow, record, version, approvals: Vec::new() });
            }
            Entry::Moved { run, workflow, version, .. } => {
                if let Some(begun) = self.runs.get_mut(&run) {
                    (begun.workflow, begun.version) = (workflow, version);
                }
            }
            Entry::Asked { run: Some(run), .. } => {
                questions.insert(number, run);
            }
            Entry::Settled { question, how: Some(how), by: Some(by), hash, .. } => {
                let run = questions.get(&question).and_then(|run| self.runs.get_mut(run));
                let said = match how {
                    Settlement::Approved => "approved",
                    Settlement::Changed => "approved as changed",
                    Settlement::Rejected => "rejected",
                    Settlement::Expired => return,
                };
                if let Some(run) = run {
                    // The text itself is not published: who has it can tell that it is the one that was approved.
                    run.approvals.push(json!({ "at": at.to_string(), "by": by, "said": said, "of": hash }));
                }
            }
            Entry::Scored { ref score, .. } => {
                if let Some(case) = record {
                    self.scored.entry((case, score.clone())).or_default().push((at, entry));
                }
            }
            Entry::Ended { run, outcome, because } => {
                if let Some(case) = record {
                    self.ends.push(End { number, at, case, run, outcome, because });
                }
            }
            _ => {}
        }
    }

    /// A score as it was asked for last, by an instant.
    fn score_at(&self, case: &RecordRef, score: &SmolStr, at: Timestamp) -> Option<&Entry> {
        let known = self.scored.get(&(case.clone(), score.clone()))?;
        known.iter().rev().find(|(asked, _)| *asked <= at).map(|(_, entry)| entry)
    }
}

/// What nobody knows is not said: a receipt vouches for what it has, and `null` would read like a value.
fn say(content: &mut Map<String, Json>, name: String, said: Json) {
    if !said.is_null() {
        content.insert(name, said);
    }
}

struct Collector<'a> {
    crm: &'a Crm,
    program: &'a Arc<Program>,
    key: &'a SigningKey,
    coverage: Coverage,
    history: History,
}

impl Collector<'_> {
    fn of_ends(&self, publication: &Publication, workflow: &SmolStr) -> Result<Vec<Receipt>, ReceiptError> {
        let mut receipts = Vec::new();
        for end in &self.history.ends {
            let Some(run) = self.history.runs.get(&end.run).filter(|run| run.workflow == *workflow) else { continue };
            let mut content = Map::new();
            for item in &publication.items {
                let (name, said) = match item {
                    Published::Outcome => {
                        let mut said = Map::from_iter([("is".to_owned(), json!(end.outcome))]);
                        said.extend(end.because.as_ref().map(|because| ("because".to_owned(), json!(because))));
                        ("outcome".to_owned(), Json::Object(said))
                    }
                    Published::Approvals => ("approvals".to_owned(), Json::Array(run.approvals.clone())),
                    item => self.said(item, &end.case, &run.record, end.at)?,
                };
                say(&mut content, name, said);
            }
            let standing =
                Standing { number: end.number.0, of: "entry".to_owned(), playbook: Some(run.version.to_string()) };
            receipts.push(self.receipt(publication, &end.case, end.at, standing, content)?);
        }
        Ok(receipts)
    }

    fn of_events(
        &self,
        publication: &Publication,
        event: &compiler::program::Event,
        now: Timestamp,
    ) -> Result<Vec<Receipt>, ReceiptError> {
        let mut receipts = Vec::new();
        let mut after = 0;
        loop {
            let arrivals = self.crm.events_after(after, AT_ONCE)?;
            let Some(last) = arrivals.last() else { return Ok(receipts) };
            after = last.event;
            for arrival in arrivals.into_iter().filter(|arrival| arrival.name == event.name && arrival.at <= now) {
                let facts = self.crm.event(arrival.event)?.and_then(|(_, json)| json);
                let facts = facts.map(|json| facts_json::read(event, &json)).unwrap_or_default();
                let case = RecordRef { entity: "Contact".into(), id: arrival.contact.0 };
                let mut content = Map::new();
                for item in &publication.items {
                    let (name, said) = match item {
                        Published::EventFact(place) => {
                            let Some(field) = event.fields.get(*place as usize) else { continue };
                            let known = facts.iter().find(|(name, _)| *name == field.name);
                            let said = known.map_or(Json::Null, |(_, value)| fact(self.key, &field.ty, value));
                            (field.name.to_string(), said)
                        }
                        item => self.said(item, &case, &case, arrival.at)?,
                    };
                    say(&mut content, name, said);
                }
                let standing = Standing { number: arrival.event, of: "event".to_owned(), playbook: None };
                receipts.push(self.receipt(publication, &case, arrival.at, standing, content)?);
            }
        }
    }

    fn receipt(
        &self,
        publication: &Publication,
        case: &RecordRef,
        at: Timestamp,
        standing: Standing,
        content: Map<String, Json>,
    ) -> Result<Receipt, ReceiptError> {
        let subject = self.key.pseudonym("record", &format!("{}/{}", case.entity, case.id));
        let named = if case.entity == "Contact" { self.crm.contact_named(ContactId(case.id))? } else { None };
        let name = named.map(|named| folded(&named.name)).filter(|name| !name.is_empty());
        Ok(Receipt {
            version: VERSION,
            kind: publication.name.to_string(),
            issuer: Issuer { client: self.program.client.name.to_string(), key: self.key.public() },
            subject,
            name: name.map(|name| self.key.pseudonym("text", &name)),
            at: at.to_string(),
            standing,
            content,
        })
    }

    /// What may be said of a run and of an event alike.
    fn said(
        &self,
        item: &Published,
        case: &RecordRef,
        record: &RecordRef,
        at: Timestamp,
    ) -> Result<(String, Json), ReceiptError> {
        Ok(match item {
            Published::Score { score: id, by_layer } => {
                let name = score_name(self.program, *id);
                let entry = self.history.score_at(case, &name, at);
                (name.to_string(), entry.and_then(|entry| score(entry, *by_layer)).unwrap_or(Json::Null))
            }
            Published::Reasons => ("reasons".to_owned(), self.reasons(case, at)?),
            Published::Field(path) => {
                let name = self.program.path_name(path);
                let ty = self.program.field(path).map(|field| field.ty.clone());
                let value = self.field(path, record, case)?;
                let said = ty.zip(value).map_or(Json::Null, |(ty, value)| fact(self.key, &ty, &value));
                (name, said)
            }
            // The compiler lets them stand only where there is a run, or an event.
            Published::Outcome => ("outcome".to_owned(), Json::Null),
            Published::Approvals => ("approvals".to_owned(), Json::Array(Vec::new())),
            Published::EventFact(_) => ("fact".to_owned(), Json::Null),
        })
    }

    /// The rules that gave points to each score that was asked for, as of the instant at which it was asked for last. Where the facts as they
    /// are kept today give another value, that is said: somebody has changed them since.
    fn reasons(&self, case: &RecordRef, at: Timestamp) -> Result<Json, ReceiptError> {
        let mut scores: BTreeMap<String, Json> = BTreeMap::new();
        for (place, card) in (0..).zip(&self.program.scores) {
            let known = self.history.scored.get(&(case.clone(), card.name.clone()));
            let last = known.and_then(|known| known.iter().rev().find(|(asked, _)| *asked <= at));
            let Some((asked, Entry::Scored { value, .. })) = last else { continue };
            let Some(entity) = self.program.entity(&case.entity).filter(|entity| *entity == card.entity) else {
                continue;
            };
            let scorer = Scorer::link_shared(Arc::clone(self.program), *asked, &self.coverage)?;
            let Some(facts) = records::facts(self.crm, &scorer, entity, RecordId(case.id))? else { continue };
            let Some(row) = scorer.row(entity, &facts) else { continue };
            let Some(evaluation) = scorer.evaluate(entity, &row) else { continue };
            let Some(ledger) = scorer.ledger(ScoreId(place), &row, &evaluation) else { continue };
            let lines = ledger.lines();
            let rules = lines.iter().filter_map(|line| match line {
                Line::Rule(line) => Some(json!({
                    "rule": line.rule.id,
                    "points": line.points.to_string(),
                    "when": line.rule.words,
                    "because": line.rule.because,
                })),
                _ => None,
            });
            let mut said = Map::from_iter([("rules".to_owned(), Json::Array(rules.collect()))]);
            let today = ledger.standing().value;
            if today != *value {
                said.insert("facts_changed_since".to_owned(), json!({ "value": today.to_string() }));
            }
            scores.insert(card.name.to_string(), Json::Object(said));
        }
        Ok(Json::Object(scores.into_iter().collect()))
    }

    /// A field as it is known today: fields have no history.
    fn field(&self, path: &FieldPath, record: &RecordRef, case: &RecordRef) -> Result<Option<Value>, ReceiptError> {
        let of = [record, case].into_iter().find(|of| self.program.entity(&of.entity) == Some(path.entity));
        let Some(of) = of else { return Ok(None) };
        let needs = Needs { fields: vec![path.clone()], ..Needs::default() };
        let known = records::known(self.crm, self.program, path.entity, &needs, RecordId(of.id))?;
        Ok(known.and_then(|facts| facts.fields.get(path).cloned()))
    }
}
