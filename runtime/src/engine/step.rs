//! One step: an input, and everything that follows from it at this instant.

use compiler::program::Settlement;
use jiff::Timestamp;
use smol_str::SmolStr;

use super::apply::apply;
use super::questions::Answered;
use super::{Case, Context, Entry, EntryId, Input, Judge, Override, RecordRef, Refusal, wake};

/// A run moves on so often in one step; a playbook that goes round in circles is stopped there and a person asked.
const MOVES: usize = 100;

/// Who pauses what goes round in circles.
pub(super) const ENGINE: &str = "engine";

/// What a step led to.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The entries of the log, in order; the first one gets the context's next number.
    pub entries: Vec<Entry>,
    /// The case with them folded in.
    pub case: Case,
    /// When something is due without further input.
    pub wake: Option<Timestamp>,
}

/// Tells a case something. The same arguments give the same step, byte for byte.
///
/// # Errors
/// Where the input does not fit the case as it stands; then nothing happens.
pub fn step(
    context: &Context<'_>,
    case: &Case,
    input: &Input,
    now: Timestamp,
    judge: &mut dyn Judge,
) -> Result<Step, Refusal> {
    if case.erased {
        return Err(Refusal::Erased);
    }
    let (case, decided) = stepped(context, case.clone(), input, now, judge);
    let Decided { entries, wake } = decided?;
    Ok(Step { entries, case, wake })
}

/// What a step decided, where the case holds it already.
#[derive(Clone, Debug, PartialEq)]
pub struct Decided {
    /// The entries of the log, as in [`Step`].
    pub entries: Vec<Entry>,
    /// When something is due without further input.
    pub wake: Option<Timestamp>,
}

/// The same step, folded into the case at hand: whoever keeps cases in memory need not copy one for each. Whoever has to write the
/// entries down before they count, and may fail to, takes [`step`].
///
/// # Errors
/// As [`step`]; the case is as it was.
pub fn step_in_place(
    context: &Context<'_>,
    case: &mut Case,
    input: &Input,
    now: Timestamp,
    judge: &mut dyn Judge,
) -> Result<Decided, Refusal> {
    if case.erased || may_be_refused(input) {
        let Step { entries, case: after, wake } = step(context, case, input, now, judge)?;
        *case = after;
        return Ok(Decided { entries, wake });
    }
    let before = std::mem::replace(case, Case::new(case.record.clone()));
    let (after, decided) = stepped(context, before, input, now, judge);
    *case = after;
    decided
}

/// Whether there are cases that such an input does not fit, other than erased ones: it names something that may not be there any more.
const fn may_be_refused(input: &Input) -> bool {
    match input {
        Input::Happened { .. }
        | Input::Scheduled { .. }
        | Input::Woke
        | Input::StoodStill { .. }
        | Input::Delivered { .. }
        | Input::Undelivered { .. }
        | Input::Tried { .. }
        | Input::Reached { .. }
        | Input::HandedIn { .. }
        | Input::Erased { .. } => false,
        Input::Done { .. }
        | Input::Failed { .. }
        | Input::Answered { .. }
        | Input::Rewritten { .. }
        | Input::OfferAnswered { .. }
        | Input::Override { .. }
        | Input::Moved { .. } => true,
    }
}

/// Takes the step, with the case as far as it got.
fn stepped(
    context: &Context<'_>,
    case: Case,
    input: &Input,
    now: Timestamp,
    judge: &mut dyn Judge,
) -> (Case, Result<Decided, Refusal>) {
    let mut stepper =
        Stepper { context: *context, case, entries: Vec::new(), now, judge, cause: None, caught_up_from: None };
    if !matches!(input, Input::Erased { .. } | Input::StoodStill { .. }) {
        // What was put off came before what comes now.
        stepper.catch_up();
    }
    if let Err(refusal) = stepper.take(input) {
        return (stepper.case, Err(refusal));
    }
    // Whatever came first: what is due by now is done now, as the next waking is computed for later than now alone.
    stepper.come_due();
    stepper.advance_all();
    let Stepper { case, entries, .. } = stepper;
    let wake = wake::next(context, &case, now);
    (case, Ok(Decided { entries, wake }))
}

/// A step under way.
pub(super) struct Stepper<'s> {
    pub(super) context: Context<'s>,
    pub(super) case: Case,
    entries: Vec<Entry>,
    pub(super) now: Timestamp,
    pub(super) judge: &'s mut dyn Judge,
    /// The run whose doing the input was: whatever it leads to is its doing too.
    pub(super) cause: Option<EntryId>,
    /// While what was put off is worked off: the number of the first entry of that.
    pub(super) caught_up_from: Option<EntryId>,
}

impl Stepper<'_> {
    /// Decides an entry and folds it in; gives its number.
    pub(super) fn emit(&mut self, entry: Entry) -> EntryId {
        let id = self.next();
        apply(&mut self.case, id, self.now, &entry);
        self.entries.push(entry);
        id
    }

    /// The number of the entry that is decided next.
    pub(super) fn next(&self) -> EntryId {
        let ahead = i64::try_from(self.entries.len()).unwrap_or(i64::MAX);
        EntryId(self.context.next.0.saturating_add(ahead))
    }

    fn take(&mut self, input: &Input) -> Result<(), Refusal> {
        self.cause = self.cause_of(input);
        match input {
            Input::Happened { event, of, row, at, cause } => self.happened(event, of, *row, *at, *cause),
            Input::Scheduled { workflow, start, slot, of } => self.scheduled(workflow, *start, *slot, of),
            Input::Woke => {}
            Input::Done { work, result } => self.work_done(*work, result)?,
            Input::Failed { work, why } => self.work_failed(*work, why)?,
            Input::Answered { question, answer, by, why, record } => {
                self.answered(*question, &Answered { answer, by, why: why.as_deref(), record: record.as_ref() })?;
            }
            Input::Rewritten { message, hash, by, .. } => self.rewritten(*message, hash, by)?,
            Input::Delivered { send } => self.delivered(*send),
            Input::Undelivered { send, why, uncertain } => self.undelivered(*send, why, *uncertain),
            Input::OfferAnswered { offer, accepted, by, record, .. } => {
                self.offer_answered(*offer, *accepted, by, record.as_ref())?;
            }
            Input::Override { kind, run, by, why } => self.overridden(*kind, *run, by, why.as_deref())?,
            Input::StoodStill { ends, pauses } => self.stood_still(ends, pauses),
            Input::Moved { moves, by, why } => self.moved(moves, by, why.as_deref())?,
            Input::Tried { agent, act } => self.tried(agent, act),
            Input::Reached { agent, reaches, words } => self.reached(agent, reaches, words),
            Input::HandedIn { to, of, by, key } => self.handed_in(to, of, by, key),
            Input::Erased { by } => self.erase(by),
        }
        Ok(())
    }

    /// The run whose doing an input was; none where it was somebody else's, or time's.
    fn cause_of(&self, input: &Input) -> Option<EntryId> {
        match input {
            Input::Happened { cause, .. } => *cause,
            Input::Done { work, .. } => self.case.work.iter().find(|known| known.id == *work).map(|work| work.run),
            Input::Delivered { send } => self.known_send(*send).map(|send| send.run),
            _ => None,
        }
    }

    /// Lets every run go as far as it can.
    fn advance_all(&mut self) {
        if self.case.erased || self.case.paused.is_some() {
            return;
        }
        self.watch();
        self.catch_up();
        self.go_on();
    }

    pub(super) fn go_on(&mut self) {
        let mut moves = 0;
        loop {
            let runs: Vec<EntryId> = self.case.runs.iter().map(|run| run.id).collect();
            let moved: Vec<EntryId> = runs.into_iter().filter(|run| self.advance(*run)).collect();
            moves += 1;
            if moved.is_empty() {
                return;
            }
            if moves >= MOVES {
                return self.stop_circling(&moved);
            }
        }
    }

    fn stop_circling(&mut self, moved: &[EntryId]) {
        for &run in moved {
            let Some(workflow) = self.case.run(run).map(|run| run.workflow.clone()) else { continue };
            let words = format!("the stages of {workflow} lead round in a circle");
            self.emit(Entry::Caught { workflow, trigger: "its stages lead round in a circle".into() });
            self.emit(Entry::Overridden { how: Override::Pause, run: Some(run), by: ENGINE.into() });
            self.ask_about_trouble(run, run, &words);
        }
    }

    /// Ends a run, with what was open about it.
    pub(super) fn end(&mut self, run: EntryId, outcome: &str, because: Option<SmolStr>) {
        self.drop_open(run, "the run is over");
        self.emit(Entry::Ended { run, outcome: outcome.into(), because });
    }

    /// Voids the run's questions and takes back its sends that have not gone out.
    pub(super) fn drop_open(&mut self, run: EntryId, why: &str) {
        let questions: Vec<EntryId> =
            self.case.questions.iter().filter(|asked| asked.run == Some(run)).map(|asked| asked.id).collect();
        for question in questions {
            self.void(question, why);
        }
        let sends: Vec<EntryId> = self.case.sends.iter().filter(|send| send.run == run).map(|send| send.id).collect();
        for send in sends {
            self.emit(Entry::Undelivered { send, why: why.into(), uncertain: false });
        }
    }

    pub(super) fn void(&mut self, question: EntryId, why: &str) {
        let why = Some(why.into());
        self.emit(Entry::Settled { question, how: None, by: None, hash: None, until: None, why });
    }

    /// What has come due without a word from outside.
    fn come_due(&mut self) {
        if self.case.erased || self.case.paused.is_some() {
            return;
        }
        self.lift_hindrances();
        self.withdraw_messages();
        let due: Vec<(EntryId, bool, bool)> = self
            .case
            .questions
            .iter()
            .filter(|asked| !self.is_standing(asked))
            .map(|asked| {
                let expired = asked.due.is_some_and(|due| due <= self.now);
                let reminded = asked.remind.is_some_and(|remind| remind <= self.now);
                (asked.id, expired, reminded)
            })
            .collect();
        for (question, expired, reminded) in due {
            if expired {
                self.expire(question);
            } else if reminded {
                self.remind(question);
            }
        }
        self.expire_offers();
    }

    fn expire(&mut self, question: EntryId) {
        let how = Some(Settlement::Expired);
        self.emit(Entry::Settled { question, how, by: None, hash: None, until: None, why: None });
    }

    fn overridden(
        &mut self,
        how: Override,
        target: Option<EntryId>,
        by: &SmolStr,
        why: Option<&str>,
    ) -> Result<(), Refusal> {
        let Some(target) = target else {
            if how == Override::Cancel {
                let runs: Vec<EntryId> = self.case.runs.iter().map(|run| run.id).collect();
                self.emit(Entry::Overridden { how, run: None, by: by.clone() });
                for run in runs {
                    self.end(run, "cancelled", why.map(SmolStr::from));
                }
            } else {
                self.emit(Entry::Overridden { how, run: None, by: by.clone() });
            }
            return Ok(());
        };
        if self.case.run(target).is_some() {
            self.emit(Entry::Overridden { how, run: Some(target), by: by.clone() });
            if how == Override::Cancel {
                self.end(target, "cancelled", why.map(SmolStr::from));
            }
            return Ok(());
        }
        // One action of a run: only to be cancelled; a person says what happens instead.
        let words: SmolStr = format!("cancelled by {by}").into();
        if how == Override::Cancel && self.case.work.iter().any(|work| work.id == target) {
            return self.work_failed(target, &words);
        }
        if how == Override::Cancel && self.case.sends.iter().any(|send| send.id == target) {
            self.undelivered(target, &words, false);
            return Ok(());
        }
        Err(Refusal::NotUnderWay(target))
    }

    fn erase(&mut self, by: &SmolStr) {
        let runs: Vec<EntryId> = self.case.runs.iter().map(|run| run.id).collect();
        for run in runs {
            self.end(run, "erased", None);
        }
        let questions: Vec<EntryId> = self.case.questions.iter().map(|asked| asked.id).collect();
        for question in questions {
            self.void(question, "the record was erased");
        }
        self.emit(Entry::Erased { by: by.clone() });
    }

    /// The other agents with a live run on the record.
    pub(super) fn other_agents(&self, agent: &str) -> Vec<SmolStr> {
        let mut others: Vec<SmolStr> = Vec::new();
        for run in &self.case.runs {
            if let Some(other) = self.context.agent_of(run)
                && other != agent
                && !others.contains(&other)
            {
                others.push(other);
            }
        }
        others
    }

    pub(super) fn record(&self) -> RecordRef {
        self.case.record.clone()
    }
}
