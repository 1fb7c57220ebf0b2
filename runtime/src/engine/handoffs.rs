//! Handoffs: offered to who goes on, taken, or refused with a reason and a person asked.

use compiler::program::{Actor, Handoff, Stage, StageKind, Workflow};
use smol_str::{SmolStr, format_smolstr};

use super::step::Stepper;
use super::{ACCEPT, Entry, EntryId, Offer, QuestionKind, RecordRef, Refusal, Run};
use crate::calendar;

/// What a run is started by that an agent handed in from outside.
#[must_use]
pub fn handed_in(by: &str, key: &str) -> SmolStr {
    format_smolstr!("handed in:{by}:{key}")
}

impl Stepper<'_> {
    /// Offers the handoff that a run stands at, once; whether it did.
    pub(super) fn offer(&mut self, run: &Run, name: &SmolStr, handoff: &Handoff) -> bool {
        let open =
            self.case.handoffs.iter().find(|offer| offer.run == run.id).map(|offer| (offer.id, offer.to.clone()));
        let is_asked = self
            .case
            .questions
            .iter()
            .any(|asked| asked.run == Some(run.id) && matches!(asked.kind, QuestionKind::Handoff(_)));
        if is_asked {
            return false;
        }
        if let Some((offer, to)) = open {
            // Where the receiver was asked in vain, and a person said to try again, it is asked anew.
            return run.waits_for.is_none() && self.ask_receiver(run, name, offer, &to);
        }
        let Some(to) = self.context.program.workflows.get(handoff.to.index()) else { return false };
        let client = &self.context.program.client;
        // Whoever is asked else is asked while the client is open.
        let due = handoff.within.map(|within| {
            let over = calendar::after(client, self.context.zone, run.entered, within);
            calendar::in_hours(client, self.context.zone, over)
        });
        let due = due.filter(|due| *due > self.now);
        let offer = self.emit(Entry::Offered { run: run.id, handoff: name.clone(), to: to.name.clone(), due });
        self.ask_receiver(run, name, offer, &to.name)
    }

    /// Asks the workflow that a handoff leads to: its agent, or the person who runs it. Whether there is somebody to ask.
    fn ask_receiver(&mut self, run: &Run, name: &SmolStr, offer: EntryId, to: &SmolStr) -> bool {
        let Some(to) = self.context.workflow(to) else { return false };
        if let Actor::Human(role) = &to.by {
            self.ask_about_handoff(run.id, offer, role.clone(), format!("take over into {}?", to.name).into());
            return true;
        }
        self.emit(Entry::WorkAsked {
            run: run.id,
            agent: self.context.actor(&to.by),
            action: ACCEPT.into(),
            words: format!("take the handoff {name}").into(),
            object: offer.to_string().into(),
            channel: None,
        });
        true
    }

    fn ask_about_handoff(&mut self, run: EntryId, offer: EntryId, whom: Option<SmolStr>, words: SmolStr) {
        self.emit(Entry::Asked {
            run: Some(run),
            question: QuestionKind::Handoff(offer),
            whom,
            options: vec!["approve".into(), "reject".into()],
            words,
            notes: Vec::new(),
            due: None,
            remind: None,
        });
    }

    pub(super) fn offer_answered(
        &mut self,
        id: EntryId,
        accepted: bool,
        by: &SmolStr,
        record: Option<&RecordRef>,
    ) -> Result<(), Refusal> {
        let offer = self.case.handoffs.iter().find(|offer| offer.id == id).cloned().ok_or(Refusal::NotUnderWay(id))?;
        self.emit(Entry::OfferAnswered { offer: id, accepted, by: by.clone() });
        if accepted {
            self.hand_over(&offer, record);
        } else {
            let whom = self.asked_else(offer.run);
            let words = format!(
                "{by} refused the handoff to {}: approve to hand it over all the same, reject to end this run",
                offer.to
            );
            self.ask_about_handoff(offer.run, id, whom, words.into());
        }
        Ok(())
    }

    /// An agent hands the record over from outside. It may do so where the playbook has a handoff from a workflow of it to that one.
    pub(super) fn handed_in(&mut self, to: &SmolStr, of: &RecordRef, by: &SmolStr, key: &SmolStr) {
        let act = format_smolstr!("hand over to {to}");
        let program = self.context.program;
        let leads_there = |stage: &Stage| match &stage.kind {
            StageKind::Handoff(handoff) => {
                program.workflows.get(handoff.to.index()).is_some_and(|known| known.name == *to)
            }
            StageKind::Stage(_) | StageKind::End(_) => false,
        };
        let own =
            |workflow: &&Workflow| matches!(workflow.by, Actor::Agent(_)) && self.context.actor(&workflow.by) == *by;
        let is_theirs = program.workflows.iter().filter(own).any(|workflow| workflow.stages.iter().any(leads_there));
        if let Some(paused) = self.context.paused(by) {
            self.emit(Entry::Denied { run: None, agent: by.clone(), act, reasons: vec![paused] });
            return;
        }
        let Some(workflow) = self.context.workflow(to).filter(|workflow| is_theirs && self.is_for(workflow, of)) else {
            let why = format_smolstr!(
                "no workflow of `{by}` hands a `{}` over to `{to}`: the playbook would have to say so with `handoff`",
                of.entity
            );
            self.emit(Entry::Denied { run: None, agent: by.clone(), act, reasons: vec![("permission".into(), why)] });
            return;
        };
        self.emit(Entry::Allowed { agent: by.clone(), act });
        // As with every handoff: while something is paused, the new run stands where it begins.
        self.begin(workflow, of.clone(), handed_in(by, key), None);
    }

    /// The receiving workflow starts, the giving run is over.
    fn hand_over(&mut self, offer: &Offer, record: Option<&RecordRef>) {
        let record = record.cloned().unwrap_or_else(|| self.record());
        if let Some(to) = self.context.workflow(&offer.to) {
            if !self.is_for(to, &record) {
                // There is no such record yet: the run stays at the handoff, and the receiver is asked for one.
                return;
            }
            // Handing over is a decision of its own, so a workflow may come to itself again this way. While something is paused, the
            // new run stands where it begins: what was handed over is not lost.
            self.begin(to, record, format!("handoff:{}", offer.id).into(), None);
        }
        self.end(offer.run, "handed off", Some(format!("to {}", offer.to).into()));
    }

    /// A person's word on a handoff that was refused, or not answered.
    pub(super) fn settle_handoff(
        &mut self,
        run: EntryId,
        offer: EntryId,
        accepted: bool,
        by: &SmolStr,
        record: Option<&RecordRef>,
    ) {
        if !accepted {
            return self.end(run, "handoff refused", Some(format!("{by} said no").into()));
        }
        let to = self.case.run(run).and_then(|run| {
            let (_, stage) = self.context.stage_of(run)?;
            let StageKind::Handoff(handoff) = &stage.kind else { return None };
            self.context.program.workflows.get(handoff.to.index())
        });
        let Some(to) = to.map(|to| to.name.clone()) else { return };
        if self.case.handoffs.iter().any(|open| open.id == offer) {
            self.emit(Entry::OfferAnswered { offer, accepted: true, by: by.clone() });
        }
        self.hand_over(&Offer { id: offer, run, to, due: None }, record);
    }

    /// Handoffs that nobody has answered in time go to the person that the playbook names.
    pub(super) fn expire_offers(&mut self) {
        let is_late =
            |offer: &&Offer| offer.due.is_some_and(|due| due <= self.now) && !self.is_offer_standing(offer.run);
        let late: Vec<Offer> = self.case.handoffs.iter().filter(is_late).cloned().collect();
        for offer in late {
            self.emit(Entry::OfferAnswered { offer: offer.id, accepted: false, by: "nobody".into() });
            let asked = self.case.questions.iter().filter(|asked| asked.kind == QuestionKind::Handoff(offer.id));
            for question in asked.map(|asked| asked.id).collect::<Vec<_>>() {
                self.void(question, "nobody answered in time");
            }
            let whom = self.asked_else(offer.run);
            let words = format!(
                "nobody took the handoff to {} in time: approve to hand it over, reject to end this run",
                offer.to
            );
            self.ask_about_handoff(offer.run, offer.id, whom, words.into());
        }
    }

    fn asked_else(&self, run: EntryId) -> Option<SmolStr> {
        let (_, stage) = self.context.stage_of(self.case.run(run)?)?;
        match &stage.kind {
            StageKind::Handoff(handoff) => handoff.else_ask.clone().flatten(),
            StageKind::Stage(_) | StageKind::End(_) => None,
        }
    }
}
