//! Handoffs: offered to who goes on, taken, or refused with a reason and a person asked.

use compiler::program::{Actor, Handoff, StageKind};
use smol_str::SmolStr;

use super::step::Stepper;
use super::{ACCEPT, Entry, EntryId, Offer, QuestionKind, RecordRef, Refusal, Run};
use crate::calendar;

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
