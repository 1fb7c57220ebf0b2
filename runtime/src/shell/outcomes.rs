//! What a port brought back, taken in: every find passes the gate once more before it is kept.

use compiler::program::{EntityId, Field, FieldId, FieldPath, Type, Value};
use serde_json::json;
use smol_str::SmolStr;

use super::assignments::owner;
use crate::agents::{Outcome, Task};
use crate::engine::{Run, WorkResult};
use crate::runner::{Book, letters};

/// What came of work, with what is sealed of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Taken {
    /// As the engine is told.
    pub result: WorkResult,
    /// What is sealed of it.
    pub body: Option<String>,
}

/// Takes an outcome in; `observe` keeps what it found, and says whether there was a record to keep it in.
///
/// # Errors
/// Where what was found cannot be kept.
pub fn take<E>(
    book: &Book,
    run: &Run,
    agent: &str,
    task: &Task,
    outcome: &Outcome,
    observe: impl FnMut(&FieldPath, &Value) -> Result<bool, E>,
) -> Result<Taken, E> {
    match task {
        Task::Write { channel, template, .. } => {
            let Some(draft) = &outcome.draft else { return Ok(nothing(outcome)) };
            let text = letters::Text { subject: draft.subject.clone(), body: draft.body.clone() };
            let channel = channel.clone().unwrap_or_else(|| "email".into());
            let hash = text.hash(&channel);
            let result = WorkResult::Wrote { hash, channel, template: template.clone() };
            Ok(Taken { result, body: Some(text.sealed()) })
        }
        Task::Rate { rubric, .. } => {
            let value = outcome.rating.as_ref().map(|rating| rating.value);
            let of_message = is_of_messages(book, rubric);
            let message = run.message.as_ref().filter(|_| of_message).map(|message| message.hash.clone());
            let body = outcome.rating.as_ref().and_then(|rating| serde_json::to_string(rating).ok());
            Ok(Taken { result: WorkResult::Rated { rubric: rubric.clone(), value, message }, body })
        }
        Task::Research { wanted, .. } => {
            let wanted: Vec<&SmolStr> = wanted.iter().map(|wanted| &wanted.path).collect();
            found(book, run, agent, &wanted, outcome, observe)
        }
        Task::Mark { stage, .. } => found(book, run, agent, &[&stage.path], outcome, observe),
        Task::Analyse { .. } | Task::Schedule { .. } => Ok(nothing(outcome)),
    }
}

/// Whether a rubric is of messages; otherwise it is of the record.
fn is_of_messages(book: &Book, rubric: &str) -> bool {
    let known = book.program.rubrics.iter().find(|known| known.name == rubric);
    known.is_none_or(|known| known.from == compiler::program::RubricText::Message)
}

fn nothing(outcome: &Outcome) -> Taken {
    let body = json!({ "insights": outcome.insights, "proposal": outcome.proposal, "open": outcome.open });
    let kept = u32::try_from(outcome.insights.len()).unwrap_or(u32::MAX);
    Taken { result: WorkResult::Found { kept, refused: 0 }, body: Some(body.to_string()) }
}

fn found<E>(
    book: &Book,
    run: &Run,
    agent: &str,
    wanted: &[&SmolStr],
    outcome: &Outcome,
    mut observe: impl FnMut(&FieldPath, &Value) -> Result<bool, E>,
) -> Result<Taken, E> {
    let program = &book.program;
    let (mut kept, mut refused) = (0, 0);
    let entity = program.entity(&run.record.entity);
    let agent = book.gate.agent(agent);
    for find in &outcome.found {
        let path = entity.and_then(|entity| path_of(book, entity, &find.path));
        let is_allowed = match (&path, agent) {
            (Some(path), Some(agent)) => owner(program, path).is_some_and(|owner| {
                book.gate.writes(agent, owner, Some(path.field), crate::gate::Target::default()).is_allowed()
            }),
            _ => false,
        };
        // What nobody asked for, rests on nothing, or is not the agent's to write, is not kept.
        let is_asked = wanted.iter().any(|wanted| **wanted == find.path) && !find.evidence.is_empty();
        match path.filter(|_| is_allowed && is_asked) {
            Some(path) if observe(&path, &find.value)? => kept += 1,
            _ => refused += 1,
        }
    }
    let body = json!({ "found": outcome.found, "disputed": outcome.disputed, "open": outcome.open });
    Ok(Taken { result: WorkResult::Found { kept, refused }, body: Some(body.to_string()) })
}

/// The field that a port names, from the record or one it belongs to: as [`crate::agents::path`] calls it.
fn path_of(book: &Book, entity: EntityId, name: &str) -> Option<FieldPath> {
    let program = &book.program;
    let own = program.entities.get(entity.index())?;
    let (of, field) = name.split_once('.')?;
    let at = |relations: Vec<FieldId>, fields: &[Field]| {
        let found = (0..).zip(fields).find(|(_, known)| known.name == field);
        found.map(|(number, _)| FieldPath { entity, relations, field: FieldId(number) })
    };
    let its_own = || if own.table == of { at(Vec::new(), &own.fields) } else { None };
    let beyond = || {
        (0..).zip(&own.fields).find_map(|(number, relation)| match relation.ty {
            Type::Record(next) if relation.name == of => {
                at(vec![FieldId(number)], &program.entities.get(next.index())?.fields)
            }
            _ => None,
        })
    };
    its_own().or_else(beyond)
}
