//! Texts rated outside of any run, by whoever rates in runs: the same port and the same budget. What is found changes no case.

use std::collections::BTreeMap;

use compiler::program::{Fixed, Rubric, RubricText};
use jiff::Timestamp;
use rust_decimal::Decimal;
use smol_str::{SmolStr, format_smolstr};

use super::{RunError, Runner, letters, tell};
use crate::agents::{Assignment, EvidenceId, Given, Named, Outcome, PortError, Task, rubric_lines};
use crate::crm::RecordId;
use crate::crm::log::Sealed;
use crate::engine::{Entry, EntryId, RecordRef, WorkResult};

/// A person asks for it, who may read everything.
const WHO: &str = "human";

/// So many records are looked through at a time.
const BATCH: u32 = 1_000;

/// A text that a rubric reads.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluated {
    /// `message 17`, `contact 4`
    pub name: String,
    /// As it stands now.
    pub text: String,
    /// What is known of whom it is for.
    pub facts: Vec<Given>,
    /// What a person says of this very text, the last time that somebody did.
    pub person: Option<Fixed>,
}

/// A message, as the log has it so far.
struct Message {
    record: RecordRef,
    hash: SmolStr,
}

impl Runner {
    /// The texts of the CRM that a rubric reads: every message that was written, as it stands now, or what was said with each contact. What
    /// was erased is not among them.
    ///
    /// # Errors
    /// Where the CRM cannot be read.
    pub fn texts(&self, rubric: &Rubric) -> Result<Vec<Evaluated>, RunError> {
        match rubric.from {
            RubricText::Message => self.messages(rubric),
            RubricText::Notes(_) => self.notes(rubric),
        }
    }

    fn messages(&self, rubric: &Rubric) -> Result<Vec<Evaluated>, RunError> {
        let mut messages: BTreeMap<EntryId, Message> = BTreeMap::new();
        let mut people: BTreeMap<SmolStr, Fixed> = BTreeMap::new();
        self.crm.entries(None, EntryId(0), |logged| {
            match (logged.entry, logged.record) {
                (Entry::WorkDone { result: WorkResult::Wrote { hash, .. }, .. }, Some(record)) => {
                    messages.insert(logged.number, Message { record, hash });
                }
                (Entry::Rewritten { message, hash, .. }, _) => {
                    if let Some(known) = messages.get_mut(&message) {
                        known.hash = hash;
                    }
                }
                (Entry::Rated { rubric: of, value, message: Some(hash), answer: Some(_), .. }, _)
                    if of == rubric.name =>
                {
                    people.insert(hash, value);
                }
                _ => {}
            }
            std::ops::ControlFlow::Continue(())
        })?;
        let mut texts = Vec::new();
        for (id, message) in messages {
            let Some((subject, body)) = self.crm.message_text(id)?.as_deref().and_then(letters::parts) else {
                continue;
            };
            let facts = match (tell::contact(&self.crm, &message.record)?, self.book.contact) {
                (Some(contact), Some(entity)) => {
                    super::known::known(&self.crm, &self.book, entity, RecordId(contact.0), None)?.facts
                }
                _ => Vec::new(),
            };
            let text = subject.map_or_else(|| body.clone(), |subject| format!("{subject}\n\n{body}"));
            let person = people.get(&message.hash).copied();
            texts.push(Evaluated { name: format!("message {id}"), text, facts, person });
        }
        Ok(texts)
    }

    fn notes(&self, rubric: &Rubric) -> Result<Vec<Evaluated>, RunError> {
        let mut people: BTreeMap<i64, Fixed> = BTreeMap::new();
        let mut rated: Vec<(RecordRef, Fixed)> = Vec::new();
        self.crm.entries(None, EntryId(0), |logged| {
            if let (Entry::Rated { rubric: of, value, message: None, answer: Some(_), .. }, Some(record)) =
                (logged.entry, logged.record)
                && of == rubric.name
            {
                rated.push((record, value));
            }
            std::ops::ControlFlow::Continue(())
        })?;
        for (record, value) in rated {
            if let Some(contact) = tell::contact(&self.crm, &record)? {
                people.insert(contact.0, value);
            }
        }
        let mut texts = Vec::new();
        let Some(entity) = self.book.contact else { return Ok(texts) };
        let mut after = 0;
        loop {
            let contacts = self.crm.records_after(&self.book.program, entity, after, BATCH)?;
            let Some(last) = contacts.last() else { return Ok(texts) };
            after = last.0;
            for contact in &contacts {
                let known = super::known::known(&self.crm, &self.book, entity, *contact, None)?;
                if known.said.is_empty() {
                    continue;
                }
                let said: Vec<&str> = known.said.iter().map(|said| said.text.as_str()).collect();
                let person = people.get(&contact.0).copied();
                let name = format!("contact {}", contact.0);
                texts.push(Evaluated { name, text: said.join("\n\n"), facts: known.facts, person });
            }
        }
    }

    /// Has a text rated by whoever rates. What that cost is in the log, whatever came of it.
    ///
    /// # Errors
    /// Where the CRM cannot be read, or what it cost cannot be written; what goes wrong at the port is inside.
    pub fn rate(
        &mut self,
        rubric: &Rubric,
        text: &str,
        facts: Vec<Given>,
        now: Timestamp,
    ) -> Result<Result<Outcome, PortError>, RunError> {
        self.know_what_was_spent(now)?;
        let named = Named { id: EvidenceId("text".into()), text: text.into() };
        let key = blake3::hash(text.as_bytes()).to_hex();
        let assignment = Assignment {
            work: 0,
            key: format_smolstr!("eval-{}-{key}", rubric.name),
            agent: WHO.into(),
            task: Task::Rate { rubric: rubric.name.clone(), lines: rubric_lines(rubric), text: named },
            facts,
            conversations: Vec::new(),
            now,
        };
        let outcome = self.ask_worker(&assignment);
        let amount = match &outcome {
            Ok(outcome) => outcome.spent,
            Err(error) => error.spent,
        };
        if amount > Decimal::ZERO {
            let (run, work) = (EntryId(0), EntryId(0));
            let entry = Entry::Spent { run, work, agent: WHO.into(), action: assignment.task.verb().into(), amount };
            self.declare(vec![Sealed { entry, body: None }], now)?;
        }
        Ok(outcome)
    }
}
