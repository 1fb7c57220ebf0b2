//! Agents: what each runs and hands to whom. What each may touch is in the table of permissions.

use language::syntax::{self, AgentClause, DeclarationKind, Name};
use smol_str::SmolStr;

use super::Lowering;
use super::measure::count;
use super::recorded::Named;
use crate::codes::team::unknown_agent;
use crate::program::{Agent, AgentId, FileId};

impl Lowering<'_> {
    pub(super) fn collect_agents(&mut self) {
        let modules = self.modules;
        for declared in &modules.declarations {
            let DeclarationKind::Agent(agent) = &declared.declaration.kind else { continue };
            let id = AgentId(count(self.program.agents.len()));
            self.names.agents.insert(agent.name.text.clone(), id);
            let origin = self.origin(declared.file, agent.name.span);
            self.program.agents.push(Agent {
                name: agent.name.text.clone(),
                runs: Vec::new(),
                hands: Vec::new(),
                docs: declared.declaration.docs.clone(),
                origin,
            });
        }
    }

    pub(super) fn lower_agents(&mut self) {
        let modules = self.modules;
        let agents = modules.declarations.iter().filter_map(|declared| match &declared.declaration.kind {
            DeclarationKind::Agent(agent) => Some((declared, agent)),
            _ => None,
        });
        for (place, (declared, agent)) in agents.enumerate() {
            let (mut runs, mut hands) = (Vec::new(), Vec::new());
            for (index, clause) in agent.clauses.iter().enumerate() {
                let file = declared.member_file(index);
                match clause {
                    AgentClause::Runs { workflows, .. } => {
                        for workflow in workflows {
                            runs.extend(self.workflow_named(file, workflow));
                        }
                    }
                    AgentClause::Hands { what, to, .. } => {
                        let whom = self.person(file, to).flatten().unwrap_or_else(|| SmolStr::new_static(HUMAN));
                        hands.push((what.value.clone(), whom));
                    }
                }
            }
            runs.sort_unstable();
            runs.dedup();
            if let Some(lowered) = self.program.agents.get_mut(place) {
                (lowered.runs, lowered.hands) = (runs, hands);
            }
        }
    }

    /// The agent of that name; reported where there is none.
    pub(super) fn agent_named(&mut self, file: FileId, name: &Name) -> Option<AgentId> {
        let found = self.names.agents.get(&name.text).copied();
        if let Some(agent) = found {
            self.note(file, name.span, Named::Agent(agent));
        } else if !self.names.perhaps(&name.text) {
            let known: Vec<&str> = self.program.agents.iter().map(|agent| agent.name.as_str()).collect();
            let diagnostic = unknown_agent::diagnostic(file, name, &known);
            self.report(diagnostic);
        }
        found
    }

    /// Whoever is named where only people can be.
    #[expect(clippy::option_option, reason = "anybody is somebody, and nobody is an error")]
    pub(super) fn person_of(&mut self, file: FileId, actor: &syntax::Actor) -> Option<Option<SmolStr>> {
        match actor {
            syntax::Actor::Human { person: None, .. } => Some(None),
            syntax::Actor::Human { person: Some(name), .. } | syntax::Actor::Named(name) => self.person(file, name),
        }
    }
}

/// Any person.
const HUMAN: &str = "human";
