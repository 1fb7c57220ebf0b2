//! Questions to people: asked, reminded of, answered. An approval is of exactly the text that the person saw.

use compiler::program::{Ask, Fixed, Settlement, StageBody};
use jiff::{SignedDuration, Timestamp};
use smol_str::SmolStr;

use super::step::{ENGINE, Stepper};
use super::{Answer, Entry, EntryId, Override, Question, QuestionKind, RecordRef, Refusal, Run, WayStep};
use crate::calendar;

/// An approval that nothing was done with is worth nothing after so long: what was true when it was given may not be any more.
const APPROVAL_HOLDS: SignedDuration = SignedDuration::from_hours(14 * 24);

/// What a person answers, as the engine is told.
#[derive(Clone, Copy)]
pub(super) struct Answered<'a> {
    pub(super) answer: &'a Answer,
    pub(super) by: &'a SmolStr,
    pub(super) why: Option<&'a str>,
    /// The record that a handoff goes on with.
    pub(super) record: Option<&'a RecordRef>,
}

impl Stepper<'_> {
    /// Asks the stage's question, once a visit; whether it did.
    pub(super) fn ask(&mut self, run: &Run, body: &StageBody, unmet: Vec<SmolStr>) -> bool {
        let Some(ask) = body.asks.first() else { return false };
        let is_asked = self
            .case
            .questions
            .iter()
            .any(|asked| asked.run == Some(run.id) && matches!(asked.kind, QuestionKind::Stage { .. }));
        if is_asked || run.settled.is_some() || run.waits_for.is_some() {
            return false;
        }
        if ask.message
            && let Some(why) = self.left_alone(run)
        {
            return self.tell_of_hindrance(run.id, &format!("nobody is asked about this message: {why}"));
        }
        let message = run.message.as_ref().filter(|_| ask.message).map(|message| (message.id, message.hash.clone()));
        let notes = unmet.into_iter().map(|words| format!("not there: {words}").into()).collect();
        // A time limit counts from the moment that the stage was entered: asking anew does not begin it anew.
        // Where it has passed before there was anything to ask about, nobody had a chance to answer: then it begins now.
        let due = ask.within.map(|within| {
            let due = self.after(run.since_entered(), within);
            if due > self.now { due } else { self.after(self.now, within) }
        });
        self.put(Some(run.id), QuestionKind::Stage { message }, ask, notes, due);
        true
    }

    fn put(
        &mut self,
        run: Option<EntryId>,
        question: QuestionKind,
        ask: &Ask,
        notes: Vec<SmolStr>,
        due: Option<Timestamp>,
    ) {
        let mut options = ask.options.clone();
        if !options.iter().any(|option| option == "reject") {
            options.push("reject".into());
        }
        let remind = ask.remind.map(|every| self.reminded(every));
        let (whom, words) = (ask.whom.clone(), ask.words.clone());
        self.emit(Entry::Asked { run, question, whom, options, words, notes, due, remind });
    }

    fn after(&self, from: Timestamp, period: compiler::program::Period) -> Timestamp {
        calendar::after(&self.context.program.client, self.context.zone, from, period)
    }

    /// People are reminded while the client is open.
    fn reminded(&self, every: compiler::program::Period) -> Timestamp {
        calendar::reminder(&self.context.program.client, self.context.zone, self.now, every)
    }

    pub(super) fn remind(&mut self, id: EntryId) {
        let question = self.case.questions.iter().find(|asked| asked.id == id);
        let next = question.and_then(|question| self.reminded_next(question));
        self.emit(Entry::Reminded { question: id, next });
    }

    /// When somebody is reminded next, reckoned from now; never where the stage does not say how often.
    pub(super) fn reminded_next(&self, question: &Question) -> Option<Timestamp> {
        let run = question.run.and_then(|run| self.case.run(run))?;
        let ask = self.context.body_of(run)?.asks.first()?;
        ask.remind.map(|every| self.reminded(every))
    }

    pub(super) fn answered(&mut self, id: EntryId, answered: &Answered<'_>) -> Result<(), Refusal> {
        let Answered { answer, by, why, .. } = *answered;
        let question =
            self.case.questions.iter().find(|asked| asked.id == id).cloned().ok_or(Refusal::NoSuchQuestion(id))?;
        self.may_answer(&question, answer, by)?;
        let value = self.value_of(&question, answer)?;
        let how = match answer {
            Answer::Rate { .. } if is_other(&question, value) => Settlement::Changed,
            Answer::Approve { .. } | Answer::Done | Answer::Rate { .. } => Settlement::Approved,
            Answer::Change { .. } => Settlement::Changed,
            Answer::Reject => Settlement::Rejected,
        };
        let hash = self.approved_hash(&question, answer)?;
        let is_missing = |note: &SmolStr| note.starts_with("not there: ");
        if how != Settlement::Rejected && question.notes.iter().any(is_missing) && why.is_none_or(str::is_empty) {
            return Err(Refusal::ReasonNeeded(id));
        }
        if let (Answer::Change { hash }, Some(message)) = (answer, message_of(&question.kind)) {
            // The person's own words take the place of what was written.
            self.emit(Entry::Rewritten { message, hash: hash.clone(), by: by.clone() });
        }
        let until = hash.as_ref().and_then(|_| self.now.checked_add(APPROVAL_HOLDS).ok());
        let (how, by) = (Some(how), Some(by.clone()));
        let settled = self.emit(Entry::Settled { question: id, how, by, hash, until, why: None });
        match value {
            Some(value) => self.rated(&question, settled, value, answered.by),
            None => self.follow(&question, answered),
        }
        Ok(())
    }

    /// Whether that person may give that answer now.
    fn may_answer(&mut self, question: &Question, answer: &Answer, by: &SmolStr) -> Result<(), Refusal> {
        let id = question.id;
        // While it stands still, its time does.
        if let Some(due) = question.due.filter(|due| *due <= self.now && !self.is_standing(question)) {
            return Err(Refusal::Expired { question: id, due });
        }
        if self.context.program.agents.iter().any(|agent| agent.name == *by) {
            return Err(Refusal::NotAPerson { question: id, by: by.clone() });
        }
        if let Some(whom) = question.whom.as_ref().filter(|whom| *whom != by) {
            return Err(Refusal::NotForYou { question: id, whom: whom.clone(), by: by.clone() });
        }
        let word = match answer {
            Answer::Approve { .. } => "approve",
            Answer::Reject => "reject",
            Answer::Change { .. } => "change",
            Answer::Done => "done",
            Answer::Rate { .. } => "rate",
        };
        let is_yes = matches!(answer, Answer::Approve { .. });
        if is_yes && let Some(why) = self.keeps(question) {
            return Err(Refusal::StillSo { question: id, why });
        }
        // What kept it may be gone before anybody has noticed: a yes is then as good as waiting for that. And whoever says yes to a
        // question for a rating is told what is missing.
        let is_lenient = match question.kind {
            QuestionKind::Trouble(_) => is_yes,
            QuestionKind::Rating { .. } => is_yes || *answer == Answer::Done,
            _ => false,
        };
        if !is_lenient && !question.options.iter().any(|option| option == word) {
            return Err(Refusal::NotAnOption { question: id, options: question.options.join(", ") });
        }
        Ok(())
    }

    /// What an answer approves: a message's hash, or what else the stage's question names.
    fn approved_hash(&self, question: &Question, answer: &Answer) -> Result<Option<SmolStr>, Refusal> {
        let (message, asked) = match &question.kind {
            QuestionKind::Stage { message: None } => return Ok(self.approved_thing(question, answer)),
            QuestionKind::Stage { message: Some((message, asked)) }
            | QuestionKind::Act { message: Some((message, asked)), .. } => (message, Some(asked)),
            QuestionKind::Errand { send: Some(message) } => (message, None),
            _ => return Ok(None),
        };
        if *answer == Answer::Reject {
            return Ok(None);
        }
        let run = question.run.and_then(|run| self.case.run(run));
        let current = run.and_then(|run| run.message.as_ref()).filter(|current| current.id == *message);
        let current = current.ok_or(Refusal::Changed(question.id))?;
        match (answer, asked) {
            // Whoever carries a message approves it by that.
            (Answer::Done, None) => Ok(Some(current.hash.clone())),
            (Answer::Change { hash }, Some(_)) => Ok(Some(hash.clone())),
            (Answer::Approve { hash: seen }, Some(asked)) => {
                let is_seen = seen.as_ref().is_none_or(|seen| *seen == current.hash);
                if current.hash != *asked || !is_seen {
                    return Err(Refusal::Changed(question.id));
                }
                Ok(Some(current.hash.clone()))
            }
            _ => Err(Refusal::NotAnOption { question: question.id, options: question.options.join(", ") }),
        }
    }

    /// What else than a message a yes is about: `visit`, `spend`.
    fn approved_thing(&self, question: &Question, answer: &Answer) -> Option<SmolStr> {
        let run = question.run.and_then(|run| self.case.run(run))?;
        let ask = self.context.body_of(run)?.asks.first()?;
        let is_yes = matches!(answer, Answer::Approve { .. } | Answer::Change { .. });
        (is_yes && !ask.message && !ask.about.is_empty()).then(|| ask.about.clone())
    }

    /// What an answer leads to, beside the stage's ways.
    fn follow(&mut self, question: &Question, answered: &Answered<'_>) {
        let Answered { answer, by, record, .. } = *answered;
        let Some(run) = question.run else { return };
        let is_no = *answer == Answer::Reject;
        match &question.kind {
            QuestionKind::Way { way, .. } if !is_no => self.take_way(run, *way),
            QuestionKind::Errand { send: Some(_) } if !is_no => self.carried(run, by),
            QuestionKind::Stranded { stage, to: Some(to) } if !is_no => self.go_on_from(run, stage, to),
            QuestionKind::Errand { send: None } if !is_no => {
                let act = self.case.run(run).map_or(0, |run| run.acts_done);
                self.emit(Entry::Acted { run, act });
            }
            QuestionKind::Errand { .. }
            | QuestionKind::Act { .. }
            | QuestionKind::Rating { .. }
            | QuestionKind::Trouble(_)
            | QuestionKind::Stranded { .. }
                if is_no =>
            {
                let because = Some(format!("{by} said no").into());
                self.end(run, "rejected", because);
            }
            QuestionKind::Trouble(_) if self.case.run(run).is_some_and(|run| run.paused.as_deref() == Some(ENGINE)) => {
                self.emit(Entry::Overridden { how: Override::Resume, run: Some(run), by: by.clone() });
            }
            QuestionKind::Handoff(offer) => self.settle_handoff(run, *offer, !is_no, by, record),
            _ => {}
        }
    }

    fn take_way(&mut self, run: EntryId, number: u32) {
        let Some(run) = self.case.run(run).cloned() else { return };
        let Some(WayStep { workflow, body }) = self.way_step(&run) else { return };
        if let Some(way) = body.ways.get(number as usize) {
            self.go(run.id, workflow, way.to, &way.words);
        }
    }

    /// A message is changed by an agent or a person, outside of an answer: whatever was approved or asked of it is void.
    pub(super) fn rewritten(&mut self, message: EntryId, hash: &SmolStr, by: &SmolStr) -> Result<(), Refusal> {
        let run = self.case.runs.iter().find(|run| run.message.as_ref().is_some_and(|known| known.id == message));
        let run = run.filter(|run| run.message.as_ref().is_some_and(|known| !known.sent));
        let run = run.ok_or(Refusal::MessageGone(message))?.id;
        let sends: Vec<EntryId> =
            self.case.sends.iter().filter(|send| send.message == message).map(|send| send.id).collect();
        for send in sends {
            self.emit(Entry::Undelivered { send, why: "the message was changed".into(), uncertain: false });
        }
        self.emit(Entry::Rewritten { message, hash: hash.clone(), by: by.clone() });
        let about = |kind: &QuestionKind| {
            matches!(
                kind,
                QuestionKind::Stage { message: Some((asked, _)) }
                | QuestionKind::Act { message: Some((asked, _)), .. }
                | QuestionKind::Rating { message: Some((asked, _)), .. }
                    if *asked == message
            ) || matches!(kind, QuestionKind::Errand { send: Some(asked) } if *asked == message)
        };
        let void: Vec<EntryId> = self
            .case
            .questions
            .iter()
            .filter(|asked| asked.run == Some(run) && about(&asked.kind))
            .map(|asked| asked.id)
            .collect();
        for question in void {
            self.void(question, "the message was changed");
        }
        Ok(())
    }

    /// Something went wrong that only a person can decide; asked once at a time. Whether it was.
    pub(super) fn ask_about_trouble(&mut self, run: EntryId, about: EntryId, words: &str) -> bool {
        let words = format!("{words}; approve to try again, reject to end this run");
        self.ask_what_now(run, about, &["approve", "reject"], words.into())
    }

    /// Something keeps a run that no yes changes: it goes on by itself once that is gone. Whether a person was told.
    pub(super) fn tell_of_hindrance(&mut self, run: EntryId, what: &str) -> bool {
        let words = format!("{what}; this goes on by itself once that has changed, reject ends this run");
        self.ask_what_now(run, run, &["reject"], words.into())
    }

    fn ask_what_now(&mut self, run: EntryId, about: EntryId, options: &[&'static str], words: SmolStr) -> bool {
        let is_open = self
            .case
            .questions
            .iter()
            .any(|asked| asked.run == Some(run) && matches!(asked.kind, QuestionKind::Trouble(_)));
        if is_open {
            return false;
        }
        self.emit(Entry::Asked {
            run: Some(run),
            question: QuestionKind::Trouble(about),
            whom: None,
            options: options.iter().map(|option| SmolStr::new_static(option)).collect(),
            words,
            notes: Vec::new(),
            due: None,
            remind: None,
        });
        true
    }
}

/// Whether a rating is another one than was proposed.
fn is_other(question: &Question, value: Option<Fixed>) -> bool {
    matches!(question.kind, QuestionKind::Rating { proposed: Some(proposed), .. } if Some(proposed) != value)
}

/// The message that a question is about.
fn message_of(kind: &QuestionKind) -> Option<EntryId> {
    match kind {
        QuestionKind::Stage { message } | QuestionKind::Act { message, .. } => message.as_ref().map(|(id, _)| *id),
        _ => None,
    }
}
