//! Who begins what: workflows that nothing starts and nobody hands over to, and agents that are said to run what another one runs.

use language::syntax::{AgentClause, DeclarationKind};

use crate::codes::lints::workflow_not_started;
use crate::codes::team::runs_of_another;
use crate::diagnostics::Diagnostic;
use crate::modules::Modules;
use crate::program::{Actor, AgentId, Program};

use super::goals::started;
use super::machine::Machine;

pub(super) fn run(program: &Program, modules: &Modules, machines: &[Machine<'_>], diagnostics: &mut Vec<Diagnostic>) {
    // A module by itself may leave the beginning to those who use it, and a shared workflow is there for who hands over to it.
    if modules.client().is_some() {
        for (machine, started) in machines.iter().zip(started(machines)) {
            if !started && !modules.is_standard(machine.file) {
                diagnostics.push(workflow_not_started::diagnostic(machine.file, machine.name));
            }
        }
    }
    of_others(program, modules, machines, diagnostics);
}

fn of_others(program: &Program, modules: &Modules, machines: &[Machine<'_>], diagnostics: &mut Vec<Diagnostic>) {
    let agents = modules.declarations.iter().filter_map(|declared| match &declared.declaration.kind {
        DeclarationKind::Agent(agent) => Some((declared, agent)),
        _ => None,
    });
    for (id, (declared, agent)) in (0..).map(AgentId).zip(agents) {
        for (index, clause) in agent.clauses.iter().enumerate() {
            let AgentClause::Runs { workflows, .. } = clause else { continue };
            for name in workflows {
                let machine = machines.iter().find(|machine| machine.name.text == name.text);
                let Some(machine) = machine.filter(|machine| !has_a_part(machine, id)) else { continue };
                let Actor::Agent(runner) = machine.workflow.by else { continue };
                let runner = program.agents.get(runner.index()).map_or("", |agent| agent.name.as_str());
                let workflow = (machine.file, machine.name.span);
                diagnostics.push(runs_of_another::diagnostic(
                    (declared.member_file(index), name),
                    &agent.name.text,
                    runner,
                    workflow,
                ));
            }
        }
    }
}

/// Whether the agent has any run of the workflow in hand, in one of its stages.
fn has_a_part(machine: &Machine<'_>, agent: AgentId) -> bool {
    machine.workflow.by == Actor::Agent(agent) || (0..machine.len()).any(|stage| machine.agent(stage) == Some(agent))
}
