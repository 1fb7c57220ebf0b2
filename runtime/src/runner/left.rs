//! Work that is left to agents outside: what waits for one, what it is told, and what it brings, which is believed as little as a model.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value as Json, json};
use smol_str::SmolStr;

use super::{RunError, Runner, Worked};
use crate::agents::model;
use crate::crm::log::Effect;
use crate::engine::{ACCEPT, Entry, EntryId, Input, RecordRef, Refusal, handed_in};
use crate::shell::{Asked, Assigned, assignment};

/// What waits for an agent is looked at again so seldom: the agent itself ends the waiting.
const WAITS: SignedDuration = SignedDuration::from_hours(24);

/// A piece of work that waits for its agent.
#[derive(Clone, Debug, PartialEq)]
pub struct Left {
    /// By which it is taken up.
    pub number: EntryId,
    /// Whose case.
    pub record: RecordRef,
    /// For which run.
    pub run: EntryId,
    /// `research`, `write`, `rate`, `analyse`; `accept` for a handoff that is to be taken.
    pub verb: SmolStr,
    /// As written.
    pub words: SmolStr,
}

/// What became of a record that was handed in.
#[derive(Clone, Debug, PartialEq)]
pub enum HandedIn {
    /// That run goes on with it.
    Run(EntryId),
    /// The workflow is at work on the record already, by another one's doing.
    AtWork,
    /// It may not be handed over.
    Denied(Box<Entry>),
}

impl Runner {
    /// Leaves work to its agent, who takes it up by itself.
    pub(super) fn leave(&mut self, effect: &Effect, now: Timestamp) -> Result<Worked, RunError> {
        let at = now.checked_add(WAITS).unwrap_or(now);
        self.crm.retry_at(effect.number, &self.holder, at, "it waits for its agent")?;
        Ok(Worked::default())
    }

    /// What waits for an agent, the oldest first; at most so much.
    ///
    /// # Errors
    /// Where the CRM cannot be read.
    pub fn left_to(&self, agent: &str, limit: u32) -> Result<Vec<Left>, RunError> {
        let open = self.crm.open_work(Some(agent), limit)?;
        Ok(open.into_iter().filter_map(|effect| self.left(&effect)).collect())
    }

    /// Whether work of that verb waits for its agent at all; `accept` is the taking of a handoff.
    #[must_use]
    pub fn leaves(&self, verb: &str) -> bool {
        self.ports.workers.leaves(verb)
    }

    fn left(&self, effect: &Effect) -> Option<Left> {
        let Entry::WorkAsked { run, action, words, .. } = &effect.entry else { return None };
        self.ports.workers.leaves(action).then(|| Left {
            number: effect.number,
            record: effect.record.clone(),
            run: *run,
            verb: action.clone(),
            words: words.clone(),
        })
    }

    /// What an agent is told of a piece of work: what it may know for it, and the form in which it answers. Of a handoff, the packet.
    ///
    /// # Errors
    /// [`Refusal::NotUnderWay`] where it does not wait for that agent, or a port would refuse it.
    pub fn told(&mut self, work: EntryId, agent: &str, now: Timestamp) -> Result<(Left, Json), RunError> {
        let effect = self.waiting(work, agent)?;
        let left = self.left(&effect).ok_or(Refusal::NotUnderWay(work))?;
        if let Some(offer) = offer_of(&effect) {
            let packet = self.crm.sealed(offer)?.and_then(|packet| serde_json::from_str(&packet).ok());
            let answer = json!("{\"accept\": true}, or {\"accept\": false, \"why\": \"…\"}");
            return Ok((left, json!({ "packet": packet.unwrap_or(Json::Null), "answer": answer })));
        }
        let assignment = self.assigned(&effect, now)?;
        let (told, form) = (model::told(&assignment), model::form(&assignment.task));
        let form = form.ok_or(Refusal::NotUnderWay(work))?;
        Ok((left, json!({ "material": told, "answer": form })))
    }

    /// An agent brings what it was asked for, in the form that [`Runner::told`] has shown. Gives how many entries followed; none where
    /// the work is not wanted any more.
    ///
    /// # Errors
    /// [`RunError::NotBelieved`] where the answer breaks a rule, and [`Refusal::NotUnderWay`] where nobody waits for it.
    pub fn bring(
        &mut self,
        work: EntryId,
        agent: &str,
        answer: &str,
        now: Timestamp,
    ) -> Result<Option<usize>, RunError> {
        let effect = self.waiting(work, agent)?;
        let Entry::WorkAsked { run, .. } = &effect.entry else { return Err(Refusal::NotUnderWay(work).into()) };
        if offer_of(&effect).is_some() {
            return Err(Refusal::NotUnderWay(work).into());
        }
        let assignment = self.assigned(&effect, now)?;
        let outcome = model::believed(&assignment, answer)?;
        let case = self.crm.case(&effect.record)?.case;
        let run = case.run(*run).cloned().ok_or(Refusal::NotUnderWay(work))?;
        self.keep_outcome(&effect, &run, (agent, &assignment.task), &outcome, now)
    }

    /// An agent cannot do a piece of work: a person is asked what now. Its own words are not for the log, which keeps nobody's data.
    ///
    /// # Errors
    /// [`Refusal::NotUnderWay`] where none waits for it under that number.
    pub fn cannot(&mut self, work: EntryId, agent: &str, now: Timestamp) -> Result<Worked, RunError> {
        let effect = self.waiting(work, agent)?;
        if offer_of(&effect).is_some() {
            return Err(Refusal::NotUnderWay(work).into());
        }
        self.fail(&effect, "the agent outside says that it cannot", now)
    }

    /// An agent takes a handoff that waits for it, or says why not.
    ///
    /// # Errors
    /// [`Refusal::NotUnderWay`] where none waits for it under that number.
    pub fn take_handoff(
        &mut self,
        work: EntryId,
        agent: &str,
        refusal: Option<String>,
        now: Timestamp,
    ) -> Result<Worked, RunError> {
        let effect = self.waiting(work, agent)?;
        offer_of(&effect).ok_or(Refusal::NotUnderWay(work))?;
        self.answer_offer(&effect, refusal, now)
    }

    /// An agent hands a record over from outside; gives the run that goes on with it, or the denial.
    ///
    /// # Errors
    /// Where the CRM cannot be read or written.
    pub fn hand_in(
        &mut self,
        of: &RecordRef,
        to: &str,
        by: &str,
        key: &str,
        now: Timestamp,
    ) -> Result<HandedIn, RunError> {
        let case = self.case_of(of)?;
        let known = |runner: &Self| {
            let mut runs = runner.crm.runs(Some(&case), false)?.into_iter();
            let trigger = handed_in(by, key);
            Ok::<_, RunError>(runs.find(|run| run.workflow == to && run.trigger == trigger))
        };
        if let Some(run) = known(self)? {
            return Ok(HandedIn::Run(run.number));
        }
        let input = Input::HandedIn { to: to.into(), of: of.clone(), by: by.into(), key: key.into() };
        match self.try_input(&case, input, now)? {
            Some(denied @ Entry::Denied { .. }) => return Ok(HandedIn::Denied(Box::new(denied))),
            Some(_) => {}
            None => return Ok(HandedIn::AtWork),
        }
        Ok(known(self)?.map_or(HandedIn::AtWork, |run| HandedIn::Run(run.number)))
    }

    /// What waits for that agent under that number; whatever else there may be is none of its business. For one that is paused nothing does.
    fn waiting(&self, work: EntryId, agent: &str) -> Result<Effect, RunError> {
        let Some(Entry::WorkAsked { agent: asked, action, .. }) = self.crm.entry(work)? else {
            return Err(Refusal::NotUnderWay(work).into());
        };
        let is_off = self.switches.contains("everything") || self.switches.contains(format!("agent {agent}").as_str());
        if asked != agent || is_off || !self.ports.workers.leaves(&action) {
            return Err(Refusal::NotUnderWay(work).into());
        }
        let open = self.crm.open_work(Some(agent), u32::MAX)?;
        let found = open.into_iter().find(|effect| effect.number == work);
        found.ok_or_else(|| Refusal::NotUnderWay(work).into())
    }

    fn assigned(&mut self, effect: &Effect, now: Timestamp) -> Result<crate::agents::Assignment, RunError> {
        let scorer = self.scorer(now)?;
        let case = self.crm.case(&effect.record)?.case;
        let asked = Asked { number: effect.number, entry: &effect.entry };
        match assignment(&self.crm, &self.book, &scorer, &case, asked, self.ports.sender.as_ref(), now)? {
            Assigned::Task(assignment) => Ok(*assignment),
            Assigned::Nobody(_) => Err(Refusal::NotUnderWay(effect.number).into()),
        }
    }
}

/// The offer that work is about, where it is the taking of a handoff.
fn offer_of(effect: &Effect) -> Option<EntryId> {
    match &effect.entry {
        Entry::WorkAsked { action, object, .. } if action == ACCEPT => object.parse().ok().map(EntryId),
        _ => None,
    }
}
