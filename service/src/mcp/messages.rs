//! Messages: an agent writes them, and asks for one to go out. A person approves exactly that text in the inbox, or nothing leaves; what
//! an agent answers to that is no approval.

use compiler::program::{Act, Actor, AgentId, Object, Program, StageKind, Via};
use jiff::Timestamp;
use runtime::engine::{Entry, EntryId, Message, Reach, RecordRef, Run};
use runtime::placeholders;
use runtime::runner::Runner;
use runtime::runner::letters::Text;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::answer::{Answer, Waiting};
use super::contacts::{contacts, is_there};
use super::fate::{self, Fate};
use super::gate::Agent;
use crate::problem::Problem;

/// No text is longer.
const LONGEST: usize = 20_000;

/// A draft.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Drafting {
    contact: i64,
    subject: Option<String>,
    body: String,
}

/// To whom; or what became of which message.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sending {
    contact: i64,
    message: Option<i64>,
}

/// A message that somebody waits for: where it is looked for again. It carries no right, and means nothing but a place in the log.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Awaited {
    contact: i64,
    run: i64,
    message: i64,
}

/// Puts other words in the place of a message that its stage has written and nobody has sent. What was approved of it is void.
///
/// # Errors
/// Where there is no such contact, or the CRM cannot be written.
pub(super) fn draft(runner: &mut Runner, agent: &Agent, drafting: Drafting, now: Timestamp) -> Result<Answer, Problem> {
    is_there(&runner.crm, agent, contacts(agent)?, drafting.contact)?;
    let text = match text(drafting.subject, &drafting.body) {
        Ok(text) => text,
        Err(why) => return Ok(Answer::Failed(why)),
    };
    let case = RecordRef { entity: "Contact".into(), id: drafting.contact };
    let Some(activity) = agent.program().entity("Activity") else {
        return Ok(Answer::Failed("the playbook keeps no activities".to_owned()));
    };
    let said =
        runner.try_reach(&case, &agent.name, vec![Reach::Create(activity, agent.purpose())], "write a message", now)?;
    if let Some(denied) = Answer::denied(said.as_ref()) {
        return Ok(denied);
    }
    let Some((_, message)) = standing(runner, agent, &case)? else {
        return Ok(Answer::Failed(
            "no stage of yours has a message to them that was not sent: a workflow asks for one with `do write`"
                .to_owned(),
        ));
    };
    runner.rewrite(&case, message.id, &text, &agent.name, true, now)?;
    Ok(json!({ "status": "drafted", "message": message.id.0, "next": "a person is asked about these words" }).into())
}

/// Asks for a message to go out: it does once a person has approved it, and never before.
///
/// # Errors
/// Where there is no such contact, or the CRM cannot be written.
pub(super) fn send(runner: &mut Runner, agent: &Agent, sending: &Sending, now: Timestamp) -> Result<Answer, Problem> {
    is_there(&runner.crm, agent, contacts(agent)?, sending.contact)?;
    let case = RecordRef { entity: "Contact".into(), id: sending.contact };
    if let Some(message) = sending.message {
        return match fate::run_of(&runner.crm, &case, EntryId(message), &agent.name)? {
            Some(run) => awaiting(runner, &Awaited { contact: sending.contact, run: run.0, message }),
            None => Ok(Answer::Failed("you have written no such message to them".to_owned())),
        };
    }
    let standing = standing(runner, agent, &case)?;
    let channel = standing.as_ref().map_or("email", |(_, message)| message.channel.as_str());
    let Some(action) = agent.program().sending(channel) else {
        return Ok(Answer::Failed(format!("the playbook has no action `send {channel}`")));
    };
    let act = Act {
        action,
        object: Object::Message,
        via: Some(Via::Channel(channel.into())),
        words: "send message".into(),
        origin: compiler::program::Origin::default(),
    };
    // What a person's yes cannot mend is said at once, and stands in the log.
    let is_final = |said: &Option<Entry>| match said {
        Some(Entry::Denied { reasons, .. }) => {
            reasons.iter().any(|(check, _)| matches!(check.as_str(), "permission" | "priority" | "pause"))
        }
        _ => false,
    };
    let would = runner.would_say(&case, &agent.name, &act, now)?;
    let Some((run, message)) = standing.filter(|_| !is_final(&would)) else {
        let said = runner.try_act(&case, &agent.name, &act, now)?;
        return Ok(Answer::denied(said.as_ref())
            .unwrap_or_else(|| Answer::Failed("there is no message of yours to them".to_owned())));
    };
    let awaited = Awaited { contact: sending.contact, run: run.0, message: message.id.0 };
    awaiting(runner, &awaited)
}

/// What became of a message that somebody waits for.
///
/// # Errors
/// Where the log cannot be read.
pub(super) fn awaiting(runner: &Runner, awaited: &Awaited) -> Result<Answer, Problem> {
    let case = RecordRef { entity: "Contact".into(), id: awaited.contact };
    let fate = fate::of(&runner.crm, &case, EntryId(awaited.run), EntryId(awaited.message))?;
    let waits = |question: Option<i64>, words: String| {
        let state = serde_json::to_value(awaited).unwrap_or_default();
        Ok(Answer::Waits(Waiting { question, message: awaited.message, words, state }))
    };
    let message = awaited.message;
    if matches!(fate, Fate::Unasked | Fate::Approved(_) | Fate::Later(..))
        && let Some(what) = paused(runner, &case, EntryId(awaited.run))?
    {
        return waits(
            None,
            format!("message {message} waits: {what} paused, and it goes on once a person resumes that"),
        );
    }
    match fate {
        Fate::Unasked => waits(None, format!("message {message} is not approved: a person will be asked in the inbox")),
        Fate::Asked(question) => {
            let words =
                format!("question {question} in the inbox: a person approves message {message}, or it does not go out");
            waits(Some(question.0), words)
        }
        Fate::Approved(by) => waits(None, format!("message {message} is approved by {by}, and goes out in its turn")),
        Fate::Later(until, why) => waits(None, format!("message {message} goes out at {until} at the earliest: {why}")),
        Fate::OnItsWay => waits(None, format!("message {message} is on its way")),
        Fate::Sent(at) => Ok(json!({ "status": "sent", "message": message, "at": at }).into()),
        Fate::Rejected(by, entry) => {
            let why = runner.crm.sealed(entry)?.filter(|why| !why.trim_start().starts_with('{'));
            Ok(Answer::Denied(json!({
                "status": "denied", "act": "send message",
                "reasons": [{ "check": "approval", "because": format!("{by} has rejected it"), "why": why }],
            })))
        }
        Fate::Expired => Ok(Answer::Failed("nobody answered in time: the message does not go out".to_owned())),
        Fate::Failed(why) => Ok(Answer::Failed(format!("the message did not go out: {why}"))),
        Fate::Over(outcome) => Ok(Answer::Failed(format!("the message did not go out: its run ended, {outcome}"))),
    }
}

/// What stands still so that a run does, where something does.
///
/// # Errors
/// Where the CRM cannot be read.
fn paused(runner: &Runner, case: &RecordRef, run: EntryId) -> Result<Option<&'static str>, Problem> {
    let case = runner.crm.case(case)?.case;
    let Some(run) = case.run(run) else { return Ok(None) };
    let switches = runner.crm.paused()?;
    let is_off = |what: &str| switches.iter().any(|switch| switch.what == what);
    Ok(if is_off("everything") {
        Some("everything is")
    } else if is_off(&format!("workflow {}", run.workflow)) {
        Some("its workflow is")
    } else if case.paused.is_some() {
        Some("all that is done for the contact is")
    } else {
        run.paused.is_some().then_some("its run is")
    })
}

/// The message of an agent's live run that was not sent, the oldest first.
fn standing(runner: &Runner, agent: &Agent, case: &RecordRef) -> Result<Option<(EntryId, Message)>, Problem> {
    let case = runner.crm.case(case)?.case;
    let own = case.runs.into_iter().filter(|run| runs(agent.program(), run) == Some(agent.id));
    let mut messages =
        own.filter_map(|run| run.message.filter(|message| !message.sent).map(|message| (run.id, message)));
    Ok(messages.next())
}

/// Which agent runs the stage that a run is in.
fn runs(program: &Program, run: &Run) -> Option<AgentId> {
    let workflow = program.workflows.iter().find(|workflow| workflow.name == run.workflow)?;
    let stage = workflow.stages.iter().find(|stage| stage.name == run.stage)?;
    let by = match &stage.kind {
        StageKind::Stage(body) => &body.by,
        StageKind::Handoff(_) | StageKind::End(_) => &workflow.by,
    };
    match by {
        Actor::Agent(agent) => Some(*agent),
        Actor::Human(_) => None,
    }
}

/// The words of an agent, as a letter has them: what stands in them goes out as it stands, and nothing is filled in.
fn text(subject: Option<String>, body: &str) -> Result<Text, String> {
    if body.trim().is_empty() || body.len() > LONGEST {
        return Err(format!("a message has 1 to {LONGEST} bytes"));
    }
    let subject = subject.filter(|subject| !subject.is_empty());
    if subject.as_ref().is_some_and(|subject| subject.len() > 500 || subject.chars().any(char::is_control)) {
        return Err("the subject is one line of at most 500 bytes".to_owned());
    }
    let texts = [subject.as_deref().unwrap_or_default(), body];
    if let Some(placeholder) = texts.into_iter().find_map(placeholders::first) {
        return Err(format!("the text has a placeholder, `{}`: write what should stand there", placeholder.path));
    }
    Ok(Text { subject, body: body.replace("\r\n", "\n") })
}
