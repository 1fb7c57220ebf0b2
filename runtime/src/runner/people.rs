//! What people say: answers, changes, pauses, cancellations, and to be forgotten.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use compiler::program::{Fixed, Settlement};
use jiff::Timestamp;
use smol_str::SmolStr;

use super::letters::Text;
use super::tell::{BATCH, Room, Telling};
use super::{RunError, Runner, Settled};
use crate::crm::log::{Asked, Committed, Decision, Erased, Inquiry, Means, Sealed};
use crate::engine::{Answer, Entry, EntryId, Input, Override, Pause, QuestionKind, RecordRef, Refusal, Standstill};

/// What a person answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// Yes; to the message with this hash, where they saw one.
    Approve(Option<SmolStr>),
    /// No.
    Reject,
    /// Yes, in their own words.
    Change(Text),
    /// It is done.
    Done,
    /// So much, by the rubric that was asked about.
    Rate(Fixed),
}

/// An answer, until it is known with which record it goes on.
#[derive(Clone)]
struct Answered {
    question: EntryId,
    answer: Answer,
    by: SmolStr,
    why: Option<String>,
}

impl Answered {
    fn with(self, record: Option<RecordRef>) -> Input {
        let Self { question, answer, by, why } = self;
        Input::Answered { question, answer, by, why, record }
    }
}

/// What is stepped in on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A run, a piece of work or a send, by its number.
    Number(EntryId),
    /// All of a record.
    Record(RecordRef),
    /// `agent LeadGen`, `workflow LeadGeneration`, `everything`.
    Switch(SmolStr),
}

impl Runner {
    /// Whether there is something to resume. What is not under way at all is for the engine to refuse.
    ///
    /// # Errors
    /// Where the CRM cannot be read.
    pub fn is_paused(&self, target: &Target) -> Result<bool, RunError> {
        let crm = &self.crm;
        Ok(match target {
            Target::Switch(what) => crm.paused()?.iter().any(|switch| *what == switch.what.as_str()),
            Target::Record(record) => crm.case(record)?.case.paused.is_some(),
            Target::Number(number) => match crm.record_of(*number)? {
                Some(record) => crm.case(&record)?.case.run(*number).is_none_or(|run| run.paused.is_some()),
                None => true,
            },
        })
    }

    /// An open question by its number.
    ///
    /// # Errors
    /// Where there is none.
    pub fn question(&self, number: EntryId) -> Result<Inquiry, RunError> {
        let asked = Asked { number: Some(number), settled: true, ..Asked::default() };
        let inquiry = self.crm.inbox(&asked)?.into_iter().next().ok_or(RunError::NoSuchQuestion(number.0))?;
        match &inquiry.answer {
            None => Ok(inquiry),
            Some(answer) => Err(RunError::Settled {
                number: number.0,
                how: self.how_settled(answer)?,
                by: answer.by.as_ref().map(|by| format!(" by {by}")).unwrap_or_default(),
                at: answer.at,
            }),
        }
    }

    fn how_settled(&self, answer: &crate::crm::log::Answered) -> Result<Settled, RunError> {
        Ok(match answer.how {
            Some(Settlement::Approved) => Settled::Answered("approved"),
            Some(Settlement::Changed) => Settled::Answered("changed"),
            Some(Settlement::Rejected) => Settled::Answered("rejected"),
            Some(Settlement::Expired) => Settled::Expired,
            None => match self.crm.entry(answer.entry)? {
                Some(Entry::Settled { why: Some(why), .. }) => Settled::Void(why.to_string()),
                _ => Settled::Void("what it was about is gone".to_owned()),
            },
        })
    }

    /// What a template would have in the place of a path, for a record: `contact.first_name`, `sender.name`, `client.name`.
    ///
    /// # Errors
    /// Where the CRM cannot be read.
    pub fn stands_for(&self, record: &RecordRef, path: &str) -> Result<Option<SmolStr>, RunError> {
        let program = &self.book.program;
        if path == "client.name" {
            return Ok(Some(program.client.name.clone()));
        }
        if let Some(field) = path.strip_prefix("sender.") {
            let signature = crate::shell::signature(program, self.ports.sender.as_ref());
            return Ok(signature.into_iter().find(|(name, _)| name == field).map(|(_, words)| words));
        }
        let Some(entity) = program.entity(&record.entity) else { return Ok(None) };
        let known = super::known::known(&self.crm, &self.book, entity, crate::crm::RecordId(record.id), None)?;
        Ok(known.facts.into_iter().find(|given| given.path == path).map(|given| given.words))
    }

    /// Answers a question, as a person with that role.
    ///
    /// # Errors
    /// Where it is not open, was asked of somebody else, does not take that answer, or its message was changed since.
    pub fn answer(
        &mut self,
        number: EntryId,
        given: Given,
        by: &str,
        why: Option<&str>,
        now: Timestamp,
    ) -> Result<Committed, RunError> {
        // A consent that came in meanwhile counts for what the answer allows.
        self.ingest_consents(now)?;
        let inquiry = self.question(number)?;
        let Some(record) = inquiry.record.clone() else { return self.settle_review(&inquiry, &given, by, why, now) };
        let channel = self.channel_of(&inquiry, &record)?;
        let (answer, body) = match given {
            Given::Approve(hash) => (Answer::Approve { hash }, why.map(str::to_owned)),
            Given::Reject => (Answer::Reject, why.map(str::to_owned)),
            Given::Done => (Answer::Done, why.map(str::to_owned)),
            Given::Rate(value) => (Answer::Rate { value }, why.map(str::to_owned)),
            Given::Change(text) => (Answer::Change { hash: text.hash(&channel) }, Some(text.sealed())),
        };
        let wants_deal = answer != Answer::Reject && self.goes_on_with_a_deal(&inquiry, &record)?;
        let answered = Answered { question: number, answer, by: by.into(), why: why.map(str::to_owned) };
        let mut telling = Telling { body, ..Telling::of(answered.clone().with(None)) };
        if wants_deal {
            // In the answer's own transaction: one that is refused makes no deal, and no second one is made of it.
            telling.before = Some(Box::new(move |crm, standing, at| {
                let Some(contact) = super::tell::contact(crm, &standing.case.record)? else { return Ok(None) };
                let deal = super::offers::deal_for(crm, contact, at)?;
                Ok(Some(answered.with(Some(RecordRef { entity: "Deal".into(), id: deal.0 }))))
            }));
        }
        let told = self.tell(&record, now, telling);
        if matches!(told, Err(RunError::Refused(Refusal::Expired { .. }))) {
            // That it came too late is in the log from now on, whatever a clock says later.
            self.tell(&record, now, Telling::of(Input::Woke))?;
        }
        told
    }

    /// Whether a yes hands a contact over to a workflow that runs for deals.
    fn goes_on_with_a_deal(&self, inquiry: &Inquiry, record: &RecordRef) -> Result<bool, RunError> {
        let (QuestionKind::Handoff(_), Some(run)) = (&inquiry.question.kind, inquiry.question.run) else {
            return Ok(false);
        };
        let case = self.crm.case(record)?.case;
        let to =
            case.run(run).and_then(|run| crate::shell::declared(&self.book, run, &run.stage)).map(|handoff| handoff.to);
        let entity = to.and_then(|to| self.book.program.workflows.get(to.index())).map(|to| to.entity);
        Ok(entity.is_some() && entity == self.book.deal)
    }

    fn channel_of(&self, inquiry: &Inquiry, record: &RecordRef) -> Result<SmolStr, RunError> {
        let case = self.crm.case(record)?.case;
        let run = inquiry.question.run.and_then(|run| case.run(run));
        Ok(run.and_then(|run| run.message.as_ref()).map(|message| message.channel.clone()).unwrap_or_default())
    }

    /// A question about the whole playbook is settled by itself.
    fn settle_review(
        &mut self,
        inquiry: &Inquiry,
        given: &Given,
        by: &str,
        why: Option<&str>,
        now: Timestamp,
    ) -> Result<Committed, RunError> {
        let question = inquiry.question.id;
        if self.book.gate.agent(by).is_some() {
            return Err(Refusal::NotAPerson { question, by: by.into() }.into());
        }
        if let Some(whom) = inquiry.question.whom.as_ref().filter(|whom| *whom != by) {
            return Err(Refusal::NotForYou { question, whom: whom.clone(), by: by.into() }.into());
        }
        let how = match given {
            Given::Approve(_) | Given::Done => Settlement::Approved,
            Given::Reject => Settlement::Rejected,
            Given::Change(_) | Given::Rate(_) => {
                let options = inquiry.question.options.join(", ");
                return Err(Refusal::NotAnOption { question, options }.into());
            }
        };
        let entry =
            Entry::Settled { question, how: Some(how), by: Some(by.into()), hash: None, until: None, why: None };
        self.declare(vec![Sealed { entry, body: why.map(str::to_owned) }], now)
    }

    /// Changes a message outside of an answer; whatever was approved or asked of it is void. `agent` says who does it.
    ///
    /// # Errors
    /// Where it was sent, or its run is over.
    pub fn rewrite(
        &mut self,
        record: &RecordRef,
        message: EntryId,
        text: &Text,
        by: &str,
        agent: bool,
        now: Timestamp,
    ) -> Result<Committed, RunError> {
        let case = self.crm.case(record)?.case;
        let written = case.runs.iter().filter_map(|run| run.message.as_ref()).find(|known| known.id == message);
        let written = written.ok_or(Refusal::MessageGone(message))?;
        let hash = text.hash(&written.channel);
        let input = Input::Rewritten { message, hash, by: by.into(), agent };
        self.tell(record, now, Telling { body: Some(text.sealed()), ..Telling::of(input) })
    }

    /// Pauses, resumes or cancels.
    ///
    /// # Errors
    /// Where there is no such thing under way.
    pub fn step_in(
        &mut self,
        how: Override,
        target: &Target,
        by: &str,
        why: Option<&str>,
        now: Timestamp,
    ) -> Result<Committed, RunError> {
        let (record, run) = match target {
            Target::Switch(what) => return self.switch(what, how, by, why, now),
            Target::Record(record) => (record.clone(), None),
            Target::Number(number) => {
                let record = self.crm.record_of(*number)?.ok_or(Refusal::NotUnderWay(*number))?;
                (record, Some(*number))
            }
        };
        let input = Input::Override { kind: how, run, by: by.into(), why: why.map(str::to_owned) };
        let ends = run.map_or(Standstill::Record, Standstill::Run);
        let pauses = if how == Override::Resume { self.pauses_of(&record, self.switched_off()?)? } else { Vec::new() };
        // What is not paused ends no pause.
        let stood = pauses.iter().any(|pause| pause.what == ends).then_some(Input::StoodStill { ends, pauses });
        let scorer = self.scorer(now)?;
        let room = Room { book: &self.book, scorer, switches: &self.switches, channels: &self.channels };
        let mut means = Means { now, zone: &self.book.zone, randomness: &mut *self.randomness };
        let mut group = self.crm.group()?;
        if let Some(stood) = stood {
            room.tell(&mut group, &record, &mut means, Telling::of(stood))?;
        }
        let telling = Telling { body: why.map(str::to_owned), ..Telling::of(input) };
        let told = room.tell(&mut group, &record, &mut means, telling)?;
        group.finish()?;
        Ok(told)
    }

    /// What is paused beside single records and runs.
    fn switched_off(&self) -> Result<Vec<Pause>, RunError> {
        let paused = self.crm.paused()?.into_iter();
        Ok(paused.map(|known| Pause { what: Standstill::Switch(known.what.into()), since: known.at }).collect())
    }

    /// The same, and what of a record is paused, all of it or runs on it.
    fn pauses_of(&self, record: &RecordRef, mut pauses: Vec<Pause>) -> Result<Vec<Pause>, RunError> {
        self.crm.entries(Some(record), EntryId(0), |logged| {
            if let Entry::Overridden { how, run, .. } = &logged.entry {
                let what = run.map_or(Standstill::Record, Standstill::Run);
                let is_known = pauses.iter().any(|pause| pause.what == what);
                match how {
                    // Whoever pauses what is paused begins nothing anew.
                    Override::Pause if !is_known => pauses.push(Pause { what, since: logged.at }),
                    Override::Resume => pauses.retain(|pause| pause.what != what),
                    Override::Pause | Override::Cancel => {}
                }
            }
            ControlFlow::Continue(())
        })?;
        Ok(pauses)
    }

    fn switch(
        &mut self,
        what: &str,
        how: Override,
        by: &str,
        why: Option<&str>,
        now: Timestamp,
    ) -> Result<Committed, RunError> {
        let paused = how != Override::Resume;
        let ends = Standstill::Switch(what.into());
        let off = self.switched_off()?;
        let mut stood = Vec::new();
        if !paused && off.iter().any(|pause| pause.what == ends) {
            let also_alone: BTreeSet<RecordRef> = self.crm.paused_cases()?.into_iter().collect();
            for record in self.crm.under_way()? {
                let off = off.clone();
                let pauses = if also_alone.contains(&record) { self.pauses_of(&record, off)? } else { off };
                stood.push((record, Input::StoodStill { ends: ends.clone(), pauses }));
            }
        }
        let entry = Entry::Switched { what: what.into(), paused, by: by.into(), why: why.map(SmolStr::from) };
        let scorer = self.scorer(now)?;
        let room = Room { book: &self.book, scorer, switches: &self.switches, channels: &self.channels };
        let mut means = Means { now, zone: &self.book.zone, randomness: &mut *self.randomness };
        // All of it or nothing: whoever is asked has as much time left as they had, and not twice.
        let mut group = self.crm.group()?;
        for (record, stood) in stood {
            match room.tell(&mut group, &record, &mut means, Telling::of(stood)) {
                Ok(_) | Err(RunError::Refused(Refusal::Erased)) => {}
                Err(error) => return Err(error),
            }
        }
        let done = group.declare(&Decision { entries: vec![entry.into()], ..Decision::default() }, &mut means)?;
        group.finish()?;
        self.read_switches()?;
        if !paused {
            self.wake_all(now)?;
        }
        Ok(done)
    }

    /// Lets everything that is under way look around: what stood still while it was paused was not woken for it.
    pub(super) fn wake_all(&mut self, now: Timestamp) -> Result<(), RunError> {
        let cases = self.crm.under_way()?;
        for some in cases.chunks(BATCH as usize) {
            let tellings = some.iter().map(|case| (case.clone(), Telling::of(Input::Woke))).collect();
            self.tell_all(now, tellings, Vec::new())?;
        }
        Ok(())
    }

    pub(super) fn declare(&mut self, entries: Vec<Sealed>, now: Timestamp) -> Result<Committed, RunError> {
        let mut means = Means { now, zone: &self.book.zone, randomness: &mut *self.randomness };
        Ok(self.crm.declare(&Decision { entries, ..Decision::default() }, &mut means)?)
    }

    /// Forgets a person: their data go, the chain of the log stays whole. Letters that lie in a folder of ours go with them.
    ///
    /// # Errors
    /// Where the CRM cannot be written, or a letter cannot be removed; then it can be asked again.
    pub fn forget(&mut self, record: &RecordRef, by: &str, now: Timestamp) -> Result<(Erased, usize), RunError> {
        let letters = self.forget_letters(record)?;
        let scorer = self.scorer(now)?;
        let room = Room { book: &self.book, scorer, switches: &self.switches, channels: &self.channels };
        let mut means = Means { now, zone: &self.book.zone, randomness: &mut *self.randomness };
        let telling = Telling::of(Input::Erased { by: by.into() });
        let erased =
            self.crm.erase(record, &mut means, |crm, standing, turn| room.decide(crm, standing, turn, telling))?;
        // Another process may have been sending meanwhile; from here on nobody does.
        Ok((erased, letters + self.forget_letters(record)?))
    }

    fn forget_letters(&self, record: &RecordRef) -> Result<usize, RunError> {
        let mut sends = Vec::new();
        self.crm.entries(Some(record), EntryId(0), |logged| {
            if matches!(logged.entry, Entry::Queued { .. }) {
                sends.push(logged.number);
            }
            ControlFlow::Continue(())
        })?;
        let mut letters = 0;
        for send in sends {
            let removed = self.ports.mailer.forget(&self.key(send)?).map_err(RunError::Letter)?;
            letters += usize::from(removed);
        }
        Ok(letters)
    }

    /// A message's text, and what may be said of it, for who is to answer a question.
    ///
    /// # Errors
    /// Where the CRM cannot be read.
    pub fn message_of(&self, inquiry: &Inquiry) -> Result<Option<(EntryId, SmolStr, Text)>, RunError> {
        let about = match &inquiry.question.kind {
            QuestionKind::Stage { message } | QuestionKind::Act { message, .. } => {
                message.as_ref().map(|(id, hash)| (*id, hash.clone()))
            }
            QuestionKind::Rating { message, .. } => message.as_ref().map(|(id, hash)| (*id, hash.clone())),
            QuestionKind::Errand { send: Some(message) } => Some((*message, SmolStr::default())),
            _ => None,
        };
        let Some((id, hash)) = about else { return Ok(None) };
        let sealed = self.crm.message_text(id)?;
        let text = sealed.and_then(|sealed| serde_json::from_str(&sealed).ok());
        Ok(text.map(|text| (id, hash, text)))
    }
}

/// What a signature of a workflow is of: its meaning after refinement, as it stands.
#[must_use]
pub fn signed_hash(workflow: &compiler::program::Workflow) -> SmolStr {
    let text = serde_json::to_vec(workflow).unwrap_or_default();
    blake3::hash(&text).to_hex().to_string().into()
}

impl Runner {
    /// A person stands behind a workflow as it is.
    ///
    /// # Errors
    /// Where the playbook has no such workflow, or the CRM cannot be written.
    pub fn sign(&mut self, workflow: &str, by: &str, now: Timestamp) -> Result<Committed, RunError> {
        let known = self.book.program.workflows.iter().find(|known| known.name == workflow);
        let known = known.ok_or_else(|| RunError::NoSuchWorkflow(workflow.to_owned()))?;
        let entry = Entry::Signed { workflow: known.name.clone(), hash: signed_hash(known), by: by.into() };
        self.declare(vec![entry.into()], now)
    }
}
