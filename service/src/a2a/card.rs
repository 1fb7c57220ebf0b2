//! An agent's card: what it takes, and how it is spoken to. Anybody may read it; what its workflows are about is told to agents of the
//! client alone.

use compiler::program::{Actor, AgentId, Program, StageKind, Workflow};
use serde_json::{Value, json};

/// The version of the protocol.
pub(super) const VERSION: &str = "1.0";
const JSON: &str = "application/json";

/// The workflows of an agent.
pub(super) fn workflows(program: &Program, agent: AgentId) -> impl Iterator<Item = &Workflow> {
    program.workflows.iter().filter(move |workflow| workflow.by == Actor::Agent(agent))
}

/// Whether the playbook has a handoff from one of an agent's workflows to another workflow.
pub(super) fn hands_to(program: &Program, by: AgentId, to: &Workflow) -> bool {
    let leads_there = |kind: &StageKind| match kind {
        StageKind::Handoff(handoff) => {
            program.workflows.get(handoff.to.index()).is_some_and(|known| known.name == to.name)
        }
        StageKind::Stage(_) | StageKind::End(_) => false,
    };
    workflows(program, by).any(|workflow| workflow.stages.iter().any(|stage| leads_there(&stage.kind)))
}

/// The card; none where the playbook has no such agent, or no workflow of it. `base` is where the agent is; `whole` tells what it is about.
pub(super) fn card(program: &Program, agent: &str, base: &str, whole: bool) -> Option<Value> {
    let (id, known) = (0..).map(AgentId).zip(&program.agents).find(|(_, known)| known.name == agent)?;
    let about = |docs: &Option<smol_str::SmolStr>, otherwise: String| match docs {
        Some(docs) if whole => docs.to_string(),
        _ => otherwise,
    };
    let skills: Vec<Value> = workflows(program, id)
        .map(|workflow| {
            let entity =
                program.entities.get(workflow.entity.index()).map(|entity| entity.name.to_string()).unwrap_or_default();
            json!({
                "id": workflow.name,
                "name": workflow.name,
                "description": about(&workflow.docs, format!("takes a {entity} over into {}", workflow.name)),
                "tags": ["handoff", entity],
                "examples": [format!("{{\"contact\": 17, \"workflow\": \"{}\"}}", workflow.name)],
            })
        })
        .collect();
    if skills.is_empty() {
        return None;
    }
    Some(json!({
        "name": known.name,
        "description": about(&known.docs, format!("{}, an agent of {}", known.name, program.client.name)),
        "supportedInterfaces": [
            { "url": base, "protocolBinding": "JSONRPC", "protocolVersion": VERSION },
            { "url": base, "protocolBinding": "HTTP+JSON", "protocolVersion": VERSION },
        ],
        "provider": { "organization": program.client.name, "url": base },
        "version": env!("CARGO_PKG_VERSION"),
        "capabilities": { "streaming": true, "pushNotifications": true, "extendedAgentCard": true },
        "securitySchemes": { "token": { "httpAuthSecurityScheme": { "scheme": "Bearer" } } },
        "securityRequirements": [{ "schemes": { "token": { "list": [] } } }],
        "defaultInputModes": [JSON],
        "defaultOutputModes": [JSON, "text/plain"],
        "skills": skills,
    }))
}
