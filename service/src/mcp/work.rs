//! Work that a workflow asks of an agent, where `ports.toml` leaves it to the agent itself: what waits, what may be known for it, what it
//! brings. What it brings is believed as little as a model's answer.

use jiff::Timestamp;
use runtime::engine::EntryId;
use runtime::runner::{Left, RunError, Runner};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::answer::Answer;
use super::gate::Agent;
use crate::problem::Problem;

/// So much is listed at once.
const MOST: u32 = 100;

/// Nothing more is asked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Nothing {}

/// Which piece of work.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Piece {
    work: i64,
}

/// What came of one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Bringing {
    work: i64,
    answer: Map<String, Value>,
}

/// Whether a handoff is taken.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Taking {
    work: i64,
    accept: bool,
    why: Option<String>,
}

/// What waits for the agent.
///
/// # Errors
/// Where the CRM cannot be read.
pub(super) fn list(runner: &Runner, agent: &Agent) -> Result<Answer, Problem> {
    let left = runner.left_to(&agent.name, MOST)?;
    Ok(json!({ "work": left.iter().map(shown).collect::<Vec<_>>() }).into())
}

/// What it may know for a piece, and how it answers.
///
/// # Errors
/// Where nothing waits for it under that number.
pub(super) fn read(runner: &mut Runner, agent: &Agent, piece: &Piece, now: Timestamp) -> Result<Answer, Problem> {
    let (left, told) = runner.told(EntryId(piece.work), &agent.name, now)?;
    let mut piece = shown(&left);
    if let (Value::Object(piece), Value::Object(told)) = (&mut piece, told) {
        piece.extend(told);
    }
    Ok(piece.into())
}

/// Brings what came of it.
///
/// # Errors
/// Where nothing waits for it under that number.
pub(super) fn finish(
    runner: &mut Runner,
    agent: &Agent,
    bringing: Bringing,
    now: Timestamp,
) -> Result<Answer, Problem> {
    let answer = Value::Object(bringing.answer).to_string();
    match runner.bring(EntryId(bringing.work), &agent.name, &answer, now) {
        Ok(Some(_)) => Ok(json!({ "status": "taken" }).into()),
        Ok(None) => Ok(Answer::Failed("the work is not wanted any more".to_owned())),
        Err(RunError::NotBelieved(why)) => Ok(Answer::Failed(RunError::NotBelieved(why).to_string())),
        Err(error) => Err(error.into()),
    }
}

/// Takes a handoff, or says why not.
///
/// # Errors
/// Where none waits for it under that number.
pub(super) fn take(runner: &mut Runner, agent: &Agent, taking: Taking, now: Timestamp) -> Result<Answer, Problem> {
    let refusal = match (taking.accept, taking.why) {
        (true, _) => None,
        (false, Some(why)) if (1..=2000).contains(&why.trim().len()) => Some(why),
        (false, _) => return Ok(Answer::Failed("say why it is not taken, in at most 2000 bytes: `why`".to_owned())),
    };
    let status = if refusal.is_none() { "accepted" } else { "refused" };
    runner.take_handoff(EntryId(taking.work), &agent.name, refusal, now)?;
    Ok(json!({ "status": status }).into())
}

fn shown(left: &Left) -> Value {
    json!({
        "work": left.number.0,
        "do": left.verb,
        "words": left.words,
        "record": format!("{} {}", left.record.entity, left.record.id),
        "run": left.run.0,
    })
}
