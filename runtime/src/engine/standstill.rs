//! Time that does not count: while something is paused, no time limit of it runs. Once it is resumed, whoever is asked, whoever a
//! handoff is offered to, and the stage itself have as much time left as they had.

use compiler::program::{StageKind, WayWhen};
use jiff::{SignedDuration, Timestamp};

use super::step::Stepper;
use super::{Entry, EntryId, Pause, Question, Run, Standstill};
use crate::calendar;

impl Stepper<'_> {
    /// Nobody is reminded of the question meanwhile, and its time limit does not run: its run stands still, or the agent does
    /// whose stage asks it.
    pub(super) fn is_standing(&self, question: &Question) -> bool {
        let Some(run) = question.run else { return self.case.paused.is_some() };
        self.case.run(run).is_some_and(|run| {
            let agent = || self.context.agent_of(run);
            self.stands_still(run) || agent().is_some_and(|agent| self.context.is_switched_off("agent", &agent))
        })
    }

    /// The run of an offer does not move now, and neither does the time in which the offer is to be taken.
    pub(super) fn is_offer_standing(&self, run: EntryId) -> bool {
        self.case.run(run).is_some_and(|run| self.stands_still(run))
    }

    /// One of these pauses is about to end. What it stopped has stood still since the first of those began that stop it too; what an
    /// earlier end has made up for is not made up for again.
    pub(super) fn stood_still(&mut self, ends: &Standstill, pauses: &[Pause]) {
        let first = |stops: &dyn Fn(&Standstill) -> bool| {
            let since = pauses.iter().filter(|pause| stops(&pause.what)).map(|pause| pause.since).min();
            since.filter(|_| stops(ends))
        };
        let mut prolonged = Vec::new();
        for question in &self.case.questions {
            if let Some(since) = first(&|what| self.stops_question(what, question)) {
                prolonged.push((question.clone(), since.max(question.asked).max(question.prolonged.unwrap_or(since))));
            }
        }
        let mut stood = Vec::new();
        for run in self.case.runs.iter().filter(|run| self.has_time_limit(run)) {
            if let Some(since) = first(&|what| stops_run(what, run)) {
                let made_up_for = run.stood.map_or(since, |stood| stood.until);
                stood.push((run.id, since.max(run.sent.unwrap_or(run.entered)).max(made_up_for)));
            }
        }
        for (question, since) in prolonged {
            self.prolong(&question, since);
        }
        for (run, since) in stood {
            self.put_back(run, since);
        }
    }

    fn prolong(&mut self, question: &Question, since: Timestamp) {
        let Some(meanwhile) = self.meanwhile(since) else { return };
        let due = question.due.map(|due| later(due, meanwhile));
        // At the next hour at which people are reminded at all.
        let remind = question.remind.and_then(|remind| self.reminded_next(question).or(Some(later(remind, meanwhile))));
        if due.is_some() || remind.is_some() {
            self.emit(Entry::Prolonged { question: question.id, due, remind });
        }
    }

    fn put_back(&mut self, run: EntryId, since: Timestamp) {
        let Some(meanwhile) = self.meanwhile(since) else { return };
        let offered = self.case.handoffs.iter().find(|offer| offer.run == run).and_then(|offer| offer.due);
        // Whoever is asked else is asked while the client is open.
        let due = offered
            .map(|due| calendar::in_hours(&self.context.program.client, self.context.zone, later(due, meanwhile)));
        self.emit(Entry::StoodStill { run, since, due });
    }

    fn meanwhile(&self, since: Timestamp) -> Option<SignedDuration> {
        Some(self.now.duration_since(since)).filter(SignedDuration::is_positive)
    }

    /// Whether time leads the run on from where it is.
    fn has_time_limit(&self, run: &Run) -> bool {
        let is_offered = self.case.handoffs.iter().any(|offer| offer.run == run.id && offer.due.is_some());
        let is_left = self.context.stage_of(run).is_some_and(|(_, stage)| match &stage.kind {
            StageKind::Stage(body) => body.ways.iter().any(|way| matches!(way.when, WayWhen::After(_))),
            StageKind::Handoff(_) | StageKind::End(_) => false,
        });
        is_offered || is_left
    }

    fn stops_question(&self, pause: &Standstill, question: &Question) -> bool {
        let Some(run) = question.run.and_then(|run| self.case.run(run)) else {
            return *pause == Standstill::Record;
        };
        let of_agent = match pause {
            Standstill::Switch(what) => what.strip_prefix("agent "),
            Standstill::Record | Standstill::Run(_) => None,
        };
        match of_agent {
            Some(name) => self.context.agent_of(run).is_some_and(|agent| agent == name),
            None => stops_run(pause, run),
        }
    }
}

/// While an agent is paused, time leads its runs on.
fn stops_run(pause: &Standstill, run: &Run) -> bool {
    match pause {
        Standstill::Record => true,
        Standstill::Run(id) => run.id == *id,
        Standstill::Switch(what) => match what.split_once(' ') {
            Some((kind, name)) => kind == "workflow" && run.workflow == name,
            None => true,
        },
    }
}

fn later(at: Timestamp, meanwhile: SignedDuration) -> Timestamp {
    at.checked_add(meanwhile).unwrap_or(Timestamp::MAX)
}
