//! What an agent does by itself, from outside: it asks, the gate answers in the log, and what is allowed is done. There is no other way
//! in: who is not asked here changes nothing.

use compiler::program::{Act, EntityId, FieldPath, Value};
use jiff::Timestamp;
use smol_str::SmolStr;

use super::tell::{Room, Telling};
use super::{RunError, Runner};
use crate::crm::log::Means;
use crate::crm::{ContactId, Noted, RecordId};
use crate::engine::{self, Context, Entry, EntryId, Input, Reach, RecordRef};
use crate::shell::{FactJudge, owner};

/// Something that an agent writes down about a contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentNote<'a> {
    /// For which purpose, where the table narrows it by that.
    pub purpose: Option<&'a str>,
    /// The line above.
    pub subject: Option<&'a str>,
    /// The text. Nothing in it counts as said by the contact.
    pub body: &'a str,
    /// By what it is known again.
    pub key: &'a str,
}

impl Runner {
    /// An agent asks from outside to act on a record; what the gate says is in the log, and in the entries given back.
    ///
    /// # Errors
    /// Where the CRM cannot be read or written.
    pub fn try_act(
        &mut self,
        record: &RecordRef,
        agent: &str,
        act: &Act,
        now: Timestamp,
    ) -> Result<Option<Entry>, RunError> {
        self.try_input(record, Input::Tried { agent: agent.into(), act: act.clone() }, now)
    }

    /// The same of what an agent wants to see or change by itself, all of it or nothing. Whoever is allowed does it.
    ///
    /// # Errors
    /// Where the CRM cannot be read or written.
    pub fn try_reach(
        &mut self,
        record: &RecordRef,
        agent: &str,
        reaches: Vec<Reach>,
        words: &str,
        now: Timestamp,
    ) -> Result<Option<Entry>, RunError> {
        self.try_input(record, Input::Reached { agent: agent.into(), reaches, words: words.into() }, now)
    }

    pub(super) fn try_input(
        &mut self,
        record: &RecordRef,
        input: Input,
        now: Timestamp,
    ) -> Result<Option<Entry>, RunError> {
        let told = self.tell(record, now, Telling::of(input))?;
        for ahead in (0..told.entries).filter_map(|ahead| i64::try_from(ahead).ok()) {
            let entry = self.crm.entry(EntryId(told.turn.first.0 + ahead))?;
            if let Some(entry) = entry.filter(is_answer) {
                return Ok(Some(entry));
            }
        }
        Ok(None)
    }

    /// What [`Runner::try_act`] would say, for who only wants to know: nothing of it is in the log.
    ///
    /// # Errors
    /// Where the CRM cannot be read.
    pub fn would_say(
        &mut self,
        record: &RecordRef,
        agent: &str,
        act: &Act,
        now: Timestamp,
    ) -> Result<Option<Entry>, RunError> {
        let scorer = self.scorer(now)?;
        let case = self.crm.case(record)?.case;
        let mut judge = FactJudge::new(&self.crm, &self.book, &scorer, now, record);
        let context = Context {
            program: &self.book.program,
            version: &self.book.version,
            zone: &self.book.zone,
            gate: &self.book,
            switches: &self.switches,
            channels: &self.channels,
            next: self.crm.next_entry()?,
        };
        let input = Input::Tried { agent: agent.into(), act: act.clone() };
        let step = engine::step(&context, &case, &input, now, &mut judge);
        if let Some(failed) = judge.failed.take() {
            return Err(failed);
        }
        Ok(step?.entries.into_iter().find(is_answer))
    }

    /// An agent changes fields of a record, or of those it belongs to: all of them or none. Gives what the gate says.
    ///
    /// # Errors
    /// Where the CRM cannot be read or written.
    pub fn change(
        &mut self,
        (entity, record): (EntityId, &RecordRef),
        agent: &str,
        changes: &[(FieldPath, Value)],
        now: Timestamp,
    ) -> Result<Option<Entry>, RunError> {
        let program = std::sync::Arc::clone(&self.book.program);
        let reaches = changes.iter().map(|(path, _)| Reach::Write(owner(&program, path).unwrap_or(entity), path.field));
        let names: Vec<String> = changes.iter().map(|(path, _)| program.path_name(path)).collect();
        let words = format!("change {}", names.join(", "));
        let case = self.case_of(record)?;
        let said = self.try_reach(&case, agent, reaches.collect(), &words, now)?;
        if matches!(said, Some(Entry::Allowed { .. })) {
            self.and_look(&case, now, |crm| {
                for (path, value) in changes {
                    crm.observe(&program, RecordId(record.id), path, value, now)?;
                }
                Ok(())
            })?;
        }
        Ok(said)
    }

    /// An agent writes something down about a contact. Gives what the gate says.
    ///
    /// # Errors
    /// Where the CRM cannot be read or written.
    pub fn note_down(
        &mut self,
        contact: ContactId,
        agent: &str,
        note: &AgentNote<'_>,
        now: Timestamp,
    ) -> Result<Option<Entry>, RunError> {
        let case = RecordRef { entity: "Contact".into(), id: contact.0 };
        let Some(activity) = self.book.program.entity("Activity") else { return Ok(None) };
        let reaches = vec![Reach::Create(activity, note.purpose.map(SmolStr::from))];
        let said = self.try_reach(&case, agent, reaches, "write a note", now)?;
        if matches!(said, Some(Entry::Allowed { .. })) {
            // What is outbound is ours: no condition that asks what they said reads it.
            let (kind, outbound) = ("note", true);
            let AgentNote { subject, body, key: external_id, .. } = *note;
            let noted = Noted { contact, kind, outbound, subject, body, external_id, at: now };
            self.and_look(&case, now, |crm| Ok(crm.note(&noted)?))?;
        }
        Ok(said)
    }

    /// Does something and lets the case look around, in one transaction.
    fn and_look(
        &mut self,
        case: &RecordRef,
        now: Timestamp,
        done: impl FnOnce(&crate::crm::Crm) -> Result<(), RunError>,
    ) -> Result<(), RunError> {
        let scorer = self.scorer(now)?;
        let room = Room { book: &self.book, scorer, switches: &self.switches, channels: &self.channels };
        let mut means = Means { now, zone: &self.book.zone, randomness: &mut *self.randomness };
        let mut group = self.crm.group()?;
        done(group.crm())?;
        room.tell(&mut group, case, &mut means, Telling::of(Input::Woke))?;
        group.finish()?;
        Ok(())
    }
}

/// What the gate says to an agent that asks from outside.
const fn is_answer(entry: &Entry) -> bool {
    matches!(entry, Entry::Denied { run: None, .. } | Entry::Allowed { .. })
}
