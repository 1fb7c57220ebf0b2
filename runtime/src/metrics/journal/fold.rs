//! One entry after the other into the journal.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use smol_str::SmolStr;

use super::{Act, Carried, Ended, Journal, Left, Question, Run, Scored, Visit};
use crate::crm::log::{Logged, week};
use crate::engine::{Entry, EntryId, QuestionKind, RecordRef, WorkResult};
use crate::metrics::Signature;

/// What a stage's question notes where evidence was missing.
const NOT_THERE: &str = "not there: ";

/// The journal so far, and what is not settled yet.
pub(super) struct Fold<'z> {
    pub(super) journal: Journal,
    zone: &'z TimeZone,
    /// Work that was asked for: its agent, and how it is carried out once it is done.
    work: HashMap<EntryId, (SmolStr, Carried)>,
    /// Who wrote which message.
    authors: HashMap<EntryId, SmolStr>,
    /// Sends that were queued: run and channel.
    sends: HashMap<EntryId, (EntryId, SmolStr)>,
    /// Stage questions that are open, as places in the journal.
    open: HashMap<EntryId, usize>,
    /// Live runs by case.
    live: HashMap<RecordRef, Vec<EntryId>>,
}

impl<'z> Fold<'z> {
    pub(super) fn new(zone: &'z TimeZone) -> Self {
        Self {
            journal: Journal::default(),
            zone,
            work: HashMap::new(),
            authors: HashMap::new(),
            sends: HashMap::new(),
            open: HashMap::new(),
            live: HashMap::new(),
        }
    }

    pub(super) fn entry(&mut self, logged: &Logged) {
        let (number, at) = (logged.number, logged.at);
        self.journal.began.get_or_insert(at);
        match &logged.entry {
            Entry::Activated { .. } => {
                self.journal.activated.get_or_insert(at);
            }
            Entry::Started { workflow, record, .. } => {
                self.started(number, at, workflow, record, logged.record.as_ref());
            }
            Entry::Entered { run, from, stage, way, by, .. } => self.entered(*run, at, from.as_ref(), stage, way, by),
            Entry::Ended { run, outcome, because } => {
                self.leave(*run, at, None, None);
                let ended = Ended { entry: number, at, outcome: outcome.clone(), because: because.clone() };
                if let Some(run) = self.journal.runs.get_mut(run) {
                    run.ended = Some(ended);
                }
                if let Some(live) = logged.record.as_ref().and_then(|record| self.live.get_mut(record)) {
                    live.retain(|known| known != run);
                }
            }
            Entry::WorkAsked { run, agent, action, object, channel, .. } => {
                self.act(Some(*run), agent, at, false);
                let about = [Some(object.clone()), channel.clone()];
                let carried = Carried { run: *run, at, action: action.clone(), about };
                self.work.insert(number, (agent.clone(), carried));
            }
            Entry::Spent { amount, .. } => self.journal.paid.push((at, *amount)),
            Entry::WorkDone { work, result } => {
                let Some((agent, carried)) = self.work.remove(work) else { return };
                if let WorkResult::Wrote { .. } = result {
                    self.authors.insert(number, agent);
                }
                self.journal.carried.push(Carried { at, ..carried });
            }
            Entry::Queued { run, channel, by, .. } => {
                self.act(Some(*run), by, at, false);
                self.sends.insert(number, (*run, channel.clone()));
            }
            Entry::Delivered { send } => self.sent(*send, at),
            // What may have gone out may have cost money.
            Entry::Undelivered { send, uncertain: true, .. } => self.sent(*send, at),
            Entry::Scored { run, score, route, certain, layers, by, .. } => {
                self.act(Some(*run), by, at, false);
                let Some(run) = self.journal.runs.get(run) else { return };
                self.journal.scored.push(Scored {
                    record: run.record.clone(),
                    case: run.case.clone(),
                    at,
                    score: score.clone(),
                    route: route.clone(),
                    certain: *certain,
                    layers: layers.clone(),
                });
            }
            Entry::Asked {
                run: Some(run), question: QuestionKind::Trouble(_) | QuestionKind::Stranded { .. }, ..
            } => {
                self.disturb(*run);
            }
            Entry::Asked { run: Some(run), question: QuestionKind::Stage { message }, notes, .. } => {
                let Some(visit) = self.visit_of(*run) else { return };
                let author = |message: &EntryId| self.authors.get(message).cloned().unwrap_or_default();
                let question = Question {
                    visit,
                    week: self.week(at),
                    draft_by: message.as_ref().map(|(message, _)| author(message)),
                    lacks_evidence: notes.iter().any(|note| note.starts_with(NOT_THERE)),
                    settled: None,
                };
                self.open.insert(number, self.journal.questions.len());
                self.journal.questions.push(question);
            }
            Entry::Settled { question, how: Some(how), .. } => {
                let week = self.week(at);
                let known = self.open.remove(question).and_then(|place| self.journal.questions.get_mut(place));
                if let Some(known) = known {
                    known.settled = Some((*how, week));
                }
            }
            Entry::Denied { run, agent, .. } => self.act(*run, agent, at, true),
            Entry::Allowed { agent, .. } => self.act(None, agent, at, false),
            Entry::Overridden { run, .. } => {
                let case = logged.record.as_ref().and_then(|record| self.live.get(record));
                let runs = run.map_or_else(|| case.cloned().unwrap_or_default(), |run| vec![run]);
                runs.into_iter().for_each(|run| self.disturb(run));
            }
            Entry::Moved { run, workflow, .. } => {
                self.disturb(*run);
                if let Some(run) = self.journal.runs.get_mut(run) {
                    run.workflow = workflow.clone();
                }
            }
            Entry::Caught { workflow, .. } => self.journal.caught.push((workflow.clone(), at)),
            Entry::Signed { workflow, hash, by } => {
                let signature = Signature { by: by.clone(), workflow: workflow.clone(), hash: hash.clone() };
                self.journal.signatures.push(signature);
            }
            _ => {}
        }
    }

    fn started(
        &mut self,
        number: EntryId,
        at: Timestamp,
        workflow: &SmolStr,
        record: &RecordRef,
        case: Option<&RecordRef>,
    ) {
        let case = case.unwrap_or(record).clone();
        self.live.entry(case.clone()).or_default().push(number);
        let (workflow, record) = (workflow.clone(), record.clone());
        self.journal.runs.insert(number, Run { workflow, record, case, started: at, last: None, ended: None });
    }

    fn entered(
        &mut self,
        run: EntryId,
        at: Timestamp,
        from: Option<&SmolStr>,
        stage: &SmolStr,
        way: &SmolStr,
        by: &SmolStr,
    ) {
        self.leave(run, at, Some(stage), Some(by));
        let place = self.journal.visits.len();
        let Some(known) = self.journal.runs.get_mut(&run) else { return };
        known.last = Some(place);
        self.journal.visits.push(Visit {
            run,
            workflow: known.workflow.clone(),
            stage: stage.clone(),
            from: from.cloned(),
            way: way.clone(),
            entered: at,
            left: None,
            disturbed: false,
        });
    }

    fn leave(&mut self, run: EntryId, at: Timestamp, to: Option<&SmolStr>, by: Option<&SmolStr>) {
        let week = self.week(at);
        let visit = self.visit_of(run).and_then(|place| self.journal.visits.get_mut(place));
        if let Some(visit) = visit.filter(|visit| visit.left.is_none()) {
            visit.left = Some(Left { at, to: to.cloned(), by: by.cloned(), week });
        }
    }

    fn sent(&mut self, send: EntryId, at: Timestamp) {
        if let Some((run, channel)) = self.sends.remove(&send) {
            self.journal.carried.push(Carried { run, at, action: "send".into(), about: [None, Some(channel)] });
        }
    }

    fn act(&mut self, run: Option<EntryId>, by: &SmolStr, at: Timestamp, denied: bool) {
        let visit = run.and_then(|run| self.visit_of(run));
        self.journal.acts.push(Act { visit, by: by.clone(), week: self.week(at), denied });
    }

    fn disturb(&mut self, run: EntryId) {
        if let Some(visit) = self.visit_of(run).and_then(|place| self.journal.visits.get_mut(place)) {
            visit.disturbed = true;
        }
    }

    fn visit_of(&self, run: EntryId) -> Option<usize> {
        self.journal.runs.get(&run)?.last
    }

    fn week(&self, at: Timestamp) -> SmolStr {
        week(at, self.zone).into()
    }
}
