//! Handoffs as the built-in receiver takes them: whatever it may read is taken, with the deal that its workflow runs for, or it says
//! why it cannot.

use compiler::program::{Actor, AgentId, Handoff, StageKind};

use crate::engine::{Case, EntryId, Run};
use crate::runner::Book;

/// What the receiver of a handoff says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taking {
    /// Nobody offers it any more.
    Gone,
    /// No, and why.
    Refused(&'static str),
    /// Yes, with the record that stands.
    Taken,
    /// Yes, with the contact's open deal.
    WithOpenDeal,
    /// Yes, with a deal that has to be made for the contact.
    WithNewDeal,
}

/// What the receiver says to an offer: of a case that is about a contact or not, and one that has an open deal or not.
#[must_use]
pub fn taking(book: &Book, case: &Case, offer: EntryId, has_contact: bool, has_open_deal: bool) -> Taking {
    let Some(open) = case.handoffs.iter().find(|open| open.id == offer) else { return Taking::Gone };
    let to = book.program.workflows.iter().find(|workflow| workflow.name == open.to);
    let entity = to.map(|to| to.entity);
    let wants_deal = entity.is_some() && entity == book.deal;
    if !wants_deal {
        return Taking::Taken;
    }
    if has_open_deal {
        return Taking::WithOpenDeal;
    }
    if !has_contact {
        return Taking::Refused("there is no contact to make a deal for");
    }
    match (case.run(open.run).and_then(|run| giver(book, run)), book.deal) {
        (Some(giver), Some(entity)) if !book.gate.creates(giver, entity, None).is_allowed() => {
            Taking::Refused("nobody here may create the deal that this needs")
        }
        _ => Taking::WithNewDeal,
    }
}

/// The agent that hands over.
fn giver(book: &Book, run: &Run) -> Option<AgentId> {
    let workflow = book.program.workflows.iter().find(|workflow| workflow.name == run.workflow)?;
    match workflow.by {
        Actor::Agent(agent) => Some(agent),
        Actor::Human(_) => None,
    }
}

/// The handoff that a run stands at.
#[must_use]
pub fn declared<'b>(book: &'b Book, run: &Run, name: &str) -> Option<&'b Handoff> {
    let workflow = book.program.workflows.iter().find(|workflow| workflow.name == run.workflow)?;
    let stage = workflow.stages.iter().find(|stage| stage.name == name)?;
    match &stage.kind {
        StageKind::Handoff(handoff) => Some(handoff),
        StageKind::Stage(_) | StageKind::End(_) => None,
    }
}
