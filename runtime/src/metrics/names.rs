//! What the playbook says of names in the log. A playbook changes weekly and the log does not: a name that it no longer has is no error.

use compiler::program::{Actor, Program, Stage, StageKind, Workflow};
use smol_str::SmolStr;

/// A workflow by its name.
pub(super) fn workflow<'p>(program: &'p Program, name: &str) -> Option<&'p Workflow> {
    program.workflows.iter().find(|workflow| workflow.name == name)
}

/// A stage by the names of its workflow and itself.
pub(super) fn stage<'p>(program: &'p Program, of: &str, name: &str) -> Option<&'p Stage> {
    workflow(program, of)?.stages.iter().find(|stage| stage.name == name)
}

/// Whether a run is over once it is there.
pub(super) fn is_end(program: &Program, of: &str, name: &str) -> bool {
    stage(program, of, name).is_some_and(|stage| matches!(stage.kind, StageKind::End(_)))
}

/// Who runs a stage, as the log names it: agent or role.
pub(super) fn runner(program: &Program, of: &str, name: &str) -> Option<SmolStr> {
    let by = match &stage(program, of, name)?.kind {
        StageKind::Stage(body) => &body.by,
        StageKind::Handoff(_) | StageKind::End(_) => &workflow(program, of)?.by,
    };
    match by {
        Actor::Agent(id) => program.agents.get(id.index()).map(|agent| agent.name.clone()),
        Actor::Human(Some(role)) => Some(role.clone()),
        Actor::Human(None) => Some("human".into()),
    }
}

/// Where workflow and stage stand in the playbook; what it does not have comes last.
pub(super) fn place(program: &Program, of: Option<&str>, name: Option<&str>) -> (usize, usize) {
    let Some(of) = of else { return (0, 0) };
    let Some(at) = program.workflows.iter().position(|workflow| workflow.name == of) else {
        return (usize::MAX, 0);
    };
    let Some(name) = name else { return (at, 0) };
    let stages = program.workflows.get(at).map(|workflow| workflow.stages.as_slice()).unwrap_or_default();
    (at, stages.iter().position(|stage| stage.name == name).unwrap_or(usize::MAX))
}
