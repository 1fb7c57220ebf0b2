//! Who goes first where two agents meet on one record: some line of priority has to say so, whatever they meet over.
//!
//! Two meet where runs of two workflows may be live on one contact at once: every run but those that come of one another, of a start
//! that happens once. A line decides where it names both and surely holds there.

use std::collections::BTreeSet;

use language::Span;
use language::syntax::DeclarationKind;

use crate::codes::team::agents_unordered::{self, Meeting};
use crate::diagnostics::Diagnostic;
use crate::modules::Modules;
use crate::program::{
    Actor, AgentId, FileId, Guard, Priority, Program, StageId, StageKind, StartKind, Workflow, WorkflowId,
};

use super::machine::{Machine, Place};

/// An agent at work: in which workflow, and in which of its stages.
struct AtWork {
    agent: AgentId,
    workflow: WorkflowId,
    stages: Vec<StageId>,
}

pub(super) fn run(program: &Program, modules: &Modules, machines: &[Machine<'_>], diagnostics: &mut Vec<Diagnostic>) {
    // A module by itself may leave the order to those who use it.
    if program.priorities.is_empty() && modules.client().is_none() {
        return;
    }
    let roots = roots(machines);
    let at_work: Vec<AtWork> = machines.iter().flat_map(at_work).collect();
    let mut said: BTreeSet<(AgentId, AgentId)> = BTreeSet::new();
    let mut said_in_order: Vec<(AgentId, AgentId)> = Vec::new();
    let mut found: Vec<Diagnostic> = Vec::new();
    for (number, one) in at_work.iter().enumerate() {
        for other in at_work.iter().skip(number + 1).filter(|other| other.agent != one.agent) {
            let pair = (one.agent.min(other.agent), one.agent.max(other.agent));
            if said.contains(&pair)
                || !on_one_record(program, one.workflow, other.workflow)
                || !at_once(program, &roots, one.workflow, other.workflow)
                || program
                    .priorities
                    .iter()
                    .any(|line| decides(line, pair) && surely_holds(line.guard.as_ref(), one, other))
            {
                continue;
            }
            said.insert(pair);
            said_in_order.push((one.agent, other.agent));
            found.extend(said_of(program, modules, machines, one, other));
        }
    }
    // Where no line orders anybody, that is one finding: the table is missing.
    let name = |agent: &AgentId| program.agents.get(agent.index()).map_or("", |agent| agent.name.as_str());
    if let (true, Some(first)) = (program.priorities.is_empty() && found.len() > 1, found.first().cloned()) {
        let others: Vec<String> =
            said_in_order.iter().skip(1).map(|(one, other)| format!("`{}` and `{}`", name(one), name(other))).collect();
        diagnostics.push(agents_unordered::and_others(first, &others));
        return;
    }
    diagnostics.extend(found);
}

/// The agents of a workflow, each with its stages. Where a run stands at a handoff, the workflow's own agent has it.
fn at_work(machine: &Machine<'_>) -> Vec<AtWork> {
    let mut found: Vec<AtWork> = Vec::new();
    for (stage, place) in machine.visited() {
        let by = match &place.stage.kind {
            StageKind::Stage(body) => &body.by,
            StageKind::Handoff(_) => &machine.workflow.by,
            StageKind::End(_) => continue,
        };
        let Actor::Agent(agent) = by else { continue };
        let stage = StageId(u32::try_from(stage).unwrap_or(u32::MAX));
        match found.iter_mut().find(|known| known.agent == *agent) {
            Some(known) => known.stages.push(stage),
            None => found.push(AtWork { agent: *agent, workflow: machine.id, stages: vec![stage] }),
        }
    }
    found
}

/// Contacts and their deals are one case; companies are cases of their own.
fn on_one_record(program: &Program, one: WorkflowId, other: WorkflowId) -> bool {
    let company = program.entity("Company");
    let of = |id: WorkflowId| program.workflows.get(id.index()).map(|workflow| Some(workflow.entity) == company);
    // Of one workflow a record has one run; a contact may have several deals.
    let several = one != other || program.workflows.get(one.index()).map(|of| of.entity) == program.entity("Deal");
    several && of(one) == of(other)
}

/// By workflow: the starts that its runs may come of, each the workflow that it begins in.
fn roots(machines: &[Machine<'_>]) -> Vec<BTreeSet<WorkflowId>> {
    let mut roots: Vec<BTreeSet<WorkflowId>> = vec![BTreeSet::new(); machines.len()];
    for machine in machines.iter().filter(|machine| !machine.workflow.starts.is_empty()) {
        let mut open = vec![machine.id];
        while let Some(id) = open.pop() {
            let is_new = roots.get_mut(id.index()).is_some_and(|roots| roots.insert(machine.id));
            let hands = machines.get(id.index()).filter(|_| is_new).map(Machine::visited).unwrap_or_default();
            open.extend(hands.iter().filter_map(|(_, place)| Place::handoff(place)).map(|handoff| handoff.to));
        }
    }
    roots
}

/// Whether runs of both may be live at once: not where both come of the one start that happens once a record.
fn at_once(program: &Program, roots: &[BTreeSet<WorkflowId>], one: WorkflowId, other: WorkflowId) -> bool {
    let of = |id: WorkflowId| roots.get(id.index());
    let (Some(first), Some(second)) = (of(one), of(other)) else { return false };
    if first.is_empty() || second.is_empty() {
        return false;
    }
    let all: BTreeSet<WorkflowId> = first.union(second).copied().collect();
    let mut all = all.into_iter();
    let (Some(root), None) = (all.next(), all.next()) else { return true };
    let workflow = program.workflows.get(root.index());
    let comes_back = roots.get(root.index()).is_some_and(|roots| roots.len() > 1);
    comes_back || !workflow.is_some_and(|workflow| starts_once(program, workflow))
}

/// A record is created once.
fn starts_once(program: &Program, workflow: &Workflow) -> bool {
    let [only] = workflow.starts.as_slice() else { return false };
    let StartKind::On(query) = &only.kind else { return false };
    let created = program.event("contact.created");
    Some(workflow.entity) == program.entity("Contact") && query.events.iter().all(|event| Some(*event) == created)
}

fn decides(line: &Priority, (one, other): (AgentId, AgentId)) -> bool {
    let over = |agent: AgentId| line.over.is_empty() || line.over.contains(&agent);
    line.first == one && over(other) || line.first == other && over(one)
}

fn surely_holds(guard: Option<&Guard>, one: &AtWork, other: &AtWork) -> bool {
    let Some(guard) = guard else { return true };
    match guard {
        Guard::All(parts) => parts.iter().all(|part| surely_holds(Some(part), one, other)),
        Guard::Any(parts) => parts.iter().any(|part| surely_holds(Some(part), one, other)),
        Guard::In { workflow, stage } => [one, other].into_iter().any(|at_work| {
            at_work.workflow == *workflow
                && stage.is_none_or(|stage| at_work.stages.iter().all(|known| *known == stage))
        }),
        Guard::Not(_) | Guard::Facts { .. } | Guard::Complete | Guard::Scored(_) | Guard::Message { .. } => false,
    }
}

fn said_of(
    program: &Program,
    modules: &Modules,
    machines: &[Machine<'_>],
    one: &AtWork,
    other: &AtWork,
) -> Option<Diagnostic> {
    let name = |agent: AgentId| program.agents.get(agent.index()).map(|agent| agent.name.to_string());
    let stage = |at_work: &AtWork| {
        let machine = machines.get(at_work.workflow.index())?;
        let stage = at_work.stages.first()?;
        let place = machine.places.get(stage.index())?;
        Some((format!("{}.{}", machine.name.text, place.name.text), (place.file, place.name.span)))
    };
    // A line that names both and holds only sometimes.
    let pair = (one.agent.min(other.agent), one.agent.max(other.agent));
    let sometimes = program.priorities.iter().find(|line| decides(line, pair)).map(|line| line.words.to_string());
    let (first, first_at) = stage(one)?;
    let (second, second_at) = stage(other)?;
    let (one, other) = (name(one.agent)?, name(other.agent)?);
    let meeting = Meeting {
        one: agents_unordered::AtWork { agent: &one, stage: &first, place: first_at },
        other: agents_unordered::AtWork { agent: &other, stage: &second, place: second_at },
        sometimes,
    };
    Some(agents_unordered::diagnostic(table(modules), &meeting))
}

/// The table of priorities, the client's own if there is one.
fn table(modules: &Modules) -> Option<(FileId, Span)> {
    modules.foremost(|kind| matches!(kind, DeclarationKind::Priority(_)))
}
