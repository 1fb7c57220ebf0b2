//! Folding: what each entry of the log changes in a case. Nothing else changes one.

use compiler::program::Settlement;
use jiff::{SignedDuration, Timestamp};
use smol_str::SmolStr;

use super::{
    Approval, Case, Entry, EntryId, Held, Message, Offer, Override, PutOff, Question, QuestionKind, Rating, Run, Send,
    Stood, Work, WorkResult,
};

/// The verb by which an agent is asked to take a handoff.
pub const ACCEPT: &str = "accept";

/// So many runs are remembered for who feeds whom.
const LINEAGE: usize = 16;

/// Folds one entry into the case that it is about.
pub fn apply(case: &mut Case, id: EntryId, at: Timestamp, entry: &Entry) {
    match entry {
        Entry::Started { workflow, record, version, parent, .. } => {
            case.runs.push(Run::begun(id, workflow.clone(), record.clone(), version.clone(), at));
            case.lineage.push((id, workflow.clone(), *parent));
            let surplus = case.lineage.len().saturating_sub(LINEAGE);
            case.lineage.drain(..surplus);
        }
        Entry::Entered { run, stage, .. } => with_run(case, *run, |run| enter(run, id, at, stage)),
        Entry::WorkAsked { run, agent, action, object, .. } => {
            let (agent, action, object) = (agent.clone(), action.clone(), object.clone());
            let work = Work { id, run: *run, agent, action, object };
            with_run(case, *run, |run| {
                // An approval is for one time.
                if let Some(used) = run.approved.iter().position(|known| known.is_of(&work.action, &work.object)) {
                    run.approved.remove(used);
                }
                wait_for(run, id);
            });
            case.work.push(work);
        }
        Entry::WorkDone { work, result } => {
            let Some(work) = take_work(case, *work) else { return };
            with_run(case, work.run, |run| work_done(run, id, &work, result));
        }
        Entry::WorkFailed { work, .. } => {
            let Some(work) = take_work(case, *work) else { return };
            with_run(case, work.run, |run| stop_waiting(run, work.id));
        }
        Entry::Tried { experiment, arm, .. } => {
            case.arms.retain(|(name, _)| name != experiment);
            case.arms.push((experiment.clone(), arm.clone()));
        }
        Entry::Scored { score, .. } => match case.scored.iter_mut().find(|(name, _)| name == score) {
            Some((_, last)) => *last = at,
            None => case.scored.push((score.clone(), at)),
        },
        Entry::Rated { run, rubric, value, level, message, by, answer } => match message {
            Some(hash) => with_run(case, *run, |run| rate_message(run, rubric, Some(*value), hash)),
            None => {
                case.ratings.retain(|known| known.rubric != *rubric);
                let (rubric, level, by) = (rubric.clone(), level.clone(), by.clone());
                case.ratings.push(Rating { id, rubric, value: *value, level, by, at, answer: *answer });
            }
        },
        Entry::Acted { run, .. } => with_run(case, *run, acted),
        Entry::Asked { run, question, whom, options, words, notes, due, remind } => {
            case.questions.push(Question {
                id,
                run: *run,
                kind: question.clone(),
                whom: whom.clone(),
                options: options.clone(),
                words: words.clone(),
                notes: notes.clone(),
                asked: at,
                due: *due,
                remind: *remind,
                prolonged: None,
            });
            if let (Some(run), true) = (run, is_waited_for(question)) {
                with_run(case, *run, |run| {
                    wait_for(run, id);
                    if let (QuestionKind::Rating { rubric, .. }, Some(message)) = (question, &mut run.message) {
                        // What an agent says counts once a person has confirmed it.
                        message.ratings.retain(|(name, _)| name != rubric);
                    }
                });
            }
        }
        Entry::Reminded { question, next } => {
            if let Some(question) = case.questions.iter_mut().find(|asked| asked.id == *question) {
                question.remind = *next;
            }
        }
        Entry::Prolonged { question, due, remind } => {
            if let Some(question) = case.questions.iter_mut().find(|asked| asked.id == *question) {
                (question.due, question.remind) = (*due, *remind);
                question.prolonged = Some(at);
            }
        }
        Entry::StoodStill { run, since, due } => {
            with_run(case, *run, |run| {
                let before = run.stood.map_or(SignedDuration::ZERO, |stood| stood.length);
                run.stood = Some(Stood { length: before + at.duration_since(*since), until: at });
            });
            for offer in case.handoffs.iter_mut().filter(|offer| offer.run == *run) {
                offer.due = *due;
            }
        }
        Entry::Settled { question, how, by, hash, until, .. } => {
            let Some(place) = case.questions.iter().position(|asked| asked.id == *question) else { return };
            let question = case.questions.remove(place);
            let approval = match (hash, by) {
                (Some(hash), Some(by)) => Some(Approval { id, hash: hash.clone(), by: by.clone(), at, until: *until }),
                _ => None,
            };
            if let Some(run) = question.run {
                with_run(case, run, |run| settle(run, &question, *how, approval));
            }
        }
        Entry::Rewritten { message, hash, .. } => {
            let written = case.runs.iter_mut().filter_map(|run| run.message.as_mut());
            for written in written.filter(|written| written.id == *message) {
                written.hash = hash.clone();
                written.approval = None;
                written.tried = false;
                written.ratings.clear();
            }
        }
        Entry::Queued { run, message, hash, channel, .. } => {
            case.sends.push(Send { id, run: *run, message: *message, hash: hash.clone(), channel: channel.clone() });
            with_run(case, *run, |run| {
                wait_for(run, id);
                if let Some(message) = &mut run.message {
                    // An approval is used up by the send that it allowed.
                    message.approval = None;
                    message.tried = true;
                }
            });
        }
        Entry::Delivered { send } => {
            let doubtful = take_send(&mut case.doubtful, *send);
            let Some(send) = take_send(&mut case.sends, *send).or(doubtful) else { return };
            with_run(case, send.run, |run| {
                if let Some(message) = run.message.as_mut().filter(|message| message.id == send.message) {
                    message.sent = true;
                }
                // Numbers only grow: it was queued in the stage that the run is in.
                if send.id > run.entry {
                    run.sent = Some(at);
                    run.stood = None;
                }
                stop_waiting(run, send.id);
            });
        }
        Entry::Undelivered { send, uncertain, .. } => {
            let doubtful = take_send(&mut case.doubtful, *send);
            let Some(send) = take_send(&mut case.sends, *send).or(doubtful) else { return };
            with_run(case, send.run, |run| stop_waiting(run, send.id));
            if *uncertain {
                case.doubtful.push(send);
            }
        }
        Entry::Held { run, until, why } => {
            with_run(case, *run, |run| run.held = Some(Held { until: *until, why: why.clone() }));
        }
        Entry::Offered { run, to, due, .. } => {
            case.handoffs.push(Offer { id, run: *run, to: to.clone(), due: *due });
        }
        Entry::OfferAnswered { offer, .. } => {
            let Some(place) = case.handoffs.iter().position(|open| open.id == *offer) else { return };
            let offer = case.handoffs.remove(place);
            case.work.retain(|work| work.action != ACCEPT || work.run != offer.run);
        }
        Entry::Ended { run, .. } => {
            case.runs.retain(|live| live.id != *run);
            case.handoffs.retain(|offer| offer.run != *run);
            case.work.retain(|work| work.run != *run);
            waits_no_more(case, |put_off| put_off.runs.retain(|waiting| waiting != run));
        }
        Entry::Moved { run, workflow, version, .. } => with_run(case, *run, |run| {
            run.workflow = workflow.clone();
            run.version = version.clone();
        }),
        Entry::Overridden { how, run, by } => override_by(case, *how, *run, by),
        Entry::Side { workflow, start, beyond } => {
            let known = case.sides.iter_mut().find(|(name, number, _)| name == workflow && number == start);
            match known {
                Some((.., side)) => *side = *beyond,
                None => case.sides.push((workflow.clone(), *start, *beyond)),
            }
        }
        Entry::PutOff { what, runs, workflows } => {
            let (what, runs, workflows) = (what.clone(), runs.clone(), workflows.clone());
            case.put_off.push(PutOff { id, what, runs, workflows });
        }
        Entry::TakenUp { put_off, runs, workflows } => waits_no_more(case, |waiting| {
            if waiting.id == *put_off {
                waiting.runs.retain(|run| !runs.contains(run));
                waiting.workflows.retain(|workflow| !workflows.contains(workflow));
            }
        }),
        Entry::Erased { .. } => {
            case.erased = true;
            case.put_off.clear();
            case.doubtful.clear();
        }
        Entry::Denied { .. }
        | Entry::Allowed { .. }
        | Entry::Caught { .. }
        | Entry::Spent { .. }
        | Entry::Activated { .. }
        | Entry::Signed { .. }
        | Entry::Switched { .. } => {}
    }
}

fn with_run(case: &mut Case, id: EntryId, change: impl FnOnce(&mut Run)) {
    if let Some(run) = case.runs.iter_mut().find(|run| run.id == id) {
        change(run);
    }
}

fn waits_no_more(case: &mut Case, change: impl FnMut(&mut PutOff)) {
    case.put_off.iter_mut().for_each(change);
    case.put_off.retain(|waiting| !waiting.runs.is_empty() || !waiting.workflows.is_empty());
}

fn enter(run: &mut Run, entry: EntryId, at: Timestamp, stage: &SmolStr) {
    run.stage = stage.clone();
    run.entered = at;
    run.entry = entry;
    run.sent = None;
    run.stood = None;
    run.acts_done = 0;
    run.waits_for = None;
    run.held = None;
    run.settled = None;
    run.allowed = false;
    run.closed.clear();
    match run.visits.iter_mut().find(|(name, _)| name == stage) {
        Some((_, times)) => *times += 1,
        None => run.visits.push((stage.clone(), 1)),
    }
}

fn wait_for(run: &mut Run, what: EntryId) {
    run.waits_for = Some(what);
    run.held = None;
}

fn acted(run: &mut Run) {
    run.acts_done += 1;
    run.waits_for = None;
    run.held = None;
    run.allowed = false;
}

/// Questions that keep a run where it is until they are settled.
const fn is_waited_for(question: &QuestionKind) -> bool {
    matches!(
        question,
        QuestionKind::Errand { .. } | QuestionKind::Act { .. } | QuestionKind::Rating { .. } | QuestionKind::Trouble(_)
    )
}

/// A rating of a text that is no longer there says nothing of the one that is.
fn rate_message(run: &mut Run, rubric: &SmolStr, value: Option<compiler::program::Fixed>, hash: &SmolStr) {
    if let Some(message) = run.message.as_mut().filter(|message| message.hash == *hash) {
        message.ratings.retain(|(name, _)| name != rubric);
        message.ratings.push((rubric.clone(), value));
    }
}

fn stop_waiting(run: &mut Run, what: EntryId) {
    if run.waits_for == Some(what) {
        run.waits_for = None;
    }
}

fn take_work(case: &mut Case, id: EntryId) -> Option<Work> {
    let place = case.work.iter().position(|work| work.id == id)?;
    Some(case.work.remove(place))
}

fn take_send(sends: &mut Vec<Send>, id: EntryId) -> Option<Send> {
    let place = sends.iter().position(|send| send.id == id)?;
    Some(sends.remove(place))
}

fn work_done(run: &mut Run, entry: EntryId, work: &Work, result: &WorkResult) {
    match result {
        // A draft that was asked for in a stage that the run has left is nobody's: what people are asked about stands.
        WorkResult::Wrote { hash, channel, template } if run.waits_for == Some(work.id) => {
            run.message = Some(Message {
                id: entry,
                hash: hash.clone(),
                channel: channel.clone(),
                template: template.clone(),
                ratings: Vec::new(),
                approval: None,
                sent: false,
                tried: false,
            });
        }
        WorkResult::Rated { rubric, value, message: Some(hash) } => rate_message(run, rubric, *value, hash),
        // Who was asked to rate the message and has nothing to tell could not say: it is not asked again of the same text.
        WorkResult::Nothing | WorkResult::Found { .. } | WorkResult::Rated { message: None, .. }
            if work.action == "rate" && run.waits_for == Some(work.id) =>
        {
            if let Some(message) = run.message.as_mut()
                && !message.ratings.iter().any(|(name, _)| *name == work.object)
            {
                message.ratings.push((work.object.clone(), None));
            }
        }
        WorkResult::Rated { message: None, .. }
        | WorkResult::Wrote { .. }
        | WorkResult::Found { .. }
        | WorkResult::Nothing => {}
    }
    stop_waiting(run, work.id);
}

fn settle(run: &mut Run, question: &Question, how: Option<Settlement>, approval: Option<Approval>) {
    stop_waiting(run, question.id);
    let approved = matches!(how, Some(Settlement::Approved | Settlement::Changed));
    match (&question.kind, approval) {
        (QuestionKind::Stage { message: None }, Some(approval)) if approved => {
            run.approved.retain(|known| known.hash != approval.hash);
            run.approved.push(approval);
        }
        // A no, or no answer, takes back what was said before: it is asked anew.
        (QuestionKind::Stage { message: None }, _) if how.is_some() && !approved => run.approved.clear(),
        (_, Some(approval)) => {
            if let Some(message) = run.message.as_mut() {
                message.approval = Some(approval);
            }
        }
        (_, None) => {}
    }
    match question.kind {
        QuestionKind::Stage { .. } if how.is_some() => run.settled = how,
        QuestionKind::Act { .. } if approved => {
            run.allowed = true;
            run.held = None;
        }
        QuestionKind::Trouble(about) if approved => {
            // Trying the very thing again is allowed; what the run as a whole could not do is asked for as ever.
            run.allowed = about != run.id;
            run.held = None;
        }
        QuestionKind::Way { way, .. } if how.is_some() && !approved => run.closed.push(way),
        _ => {}
    }
}

fn override_by(case: &mut Case, how: Override, run: Option<EntryId>, by: &SmolStr) {
    let paused = match how {
        Override::Pause => Some(by.clone()),
        Override::Resume => None,
        // The runs that it ends are entries of their own.
        Override::Cancel => return,
    };
    match run {
        Some(id) => with_run(case, id, |run| run.paused = paused),
        None => case.paused = paused,
    }
}
