//! Rights against what is done with them: fields that nobody may write, and, for those who ask, rights that no stage needs.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use crate::checks::channels::Channels;
use crate::codes::lints::{field_nobody_writes, unused_right};
use crate::diagnostics::Diagnostic;
use crate::modules::Modules;
use crate::program::{
    Actor, AgentId, MappingTarget, Object, PermissionObject, Program, Rights, StageKind, Target, Type,
};

use super::evidence::is_kept;
use super::machine::{Machine, action};

pub(super) fn run(
    program: &Program,
    modules: &Modules,
    machines: &[Machine<'_>],
    asked: &[SmolStr],
    diagnostics: &mut Vec<Diagnostic>,
) {
    nobody_writes(program, modules, diagnostics);
    if asked.iter().any(|lint| lint == unused_right::CODE.name) {
        unused(program, modules, machines, diagnostics);
    }
}

fn nobody_writes(program: &Program, modules: &Modules, diagnostics: &mut Vec<Diagnostic>) {
    let writes = |rights: &Rights| rights.write || rights.create || rights.ask.is_some();
    let mut seen: Vec<&PermissionObject> = Vec::new();
    for row in &program.permissions.rows {
        let is_field = matches!(row.about, PermissionObject::Field(..) | PermissionObject::Score(..));
        // A row further down about the same counts for nothing.
        if !is_field || seen.contains(&&row.about) {
            continue;
        }
        seen.push(&row.about);
        let place = (0..).zip(&row.cells).find_map(|(agent, _)| row.place(AgentId(agent)));
        let Some((file, span)) = place else { continue };
        // What nobody may even read is hidden, and meant to be.
        let is_hidden = !row.cells.iter().any(|rights| rights.read);
        if is_hidden || row.cells.iter().any(writes) || is_filled(program, &row.about) || modules.is_standard(file) {
            continue;
        }
        let is_score = matches!(row.about, PermissionObject::Score(..));
        diagnostics.push(field_nobody_writes::diagnostic(file, span, &program.about(&row.about), is_score));
    }
}

/// Whether a source fills the field, or the CRM keeps it.
fn is_filled(program: &Program, about: &PermissionObject) -> bool {
    let PermissionObject::Field(entity, field) = about else { return false };
    let named = program.entities.get(entity.index()).and_then(|of| of.fields.get(field.index()));
    if named.is_some_and(|field| is_kept(&field.name)) {
        return true;
    }
    let mut mappings = program.sources.iter().flat_map(|source| {
        let of = match source.target {
            Target::Records { entity, .. } => Some(entity),
            Target::Events { .. } => None,
        };
        source.mappings.iter().filter_map(move |mapping| Some((of?, &mapping.target)))
    });
    mappings.any(|(of, target)| match target {
        MappingTarget::Field(filled) | MappingTarget::Relation { field: filled, .. } => {
            of == *entity && filled == field
        }
        MappingTarget::RelationField { relation, field: filled } => {
            let relation = program.entities.get(of.index()).and_then(|of| of.fields.get(relation.index()));
            filled == field && relation.is_some_and(|relation| relation.ty == Type::Record(*entity))
        }
        _ => false,
    })
}

/// Rights to write or do that no stage of the agent takes. What is asked for from outside of stages needs them all the same: so only
/// those who ask are told.
fn unused(program: &Program, modules: &Modules, machines: &[Machine<'_>], diagnostics: &mut Vec<Diagnostic>) {
    let used = used(program, machines);
    for row in &program.permissions.rows {
        for (agent, rights) in (0..).zip(&row.cells) {
            let agent = AgentId(agent);
            let takes = rights.write || rights.create || rights.ask.is_some();
            if !takes || used.iter().any(|(who, what)| *who == agent && covers(program, &row.about, what)) {
                continue;
            }
            let Some((file, span)) = row.place(agent).filter(|(file, _)| modules.is_client(*file)) else { continue };
            let name = program.agents.get(agent.index()).map_or("", |agent| agent.name.as_str());
            diagnostics.push(unused_right::diagnostic(file, span, name, &program.about(&row.about)));
        }
    }
}

/// Whether the row decides about it.
fn covers(program: &Program, row: &PermissionObject, what: &PermissionObject) -> bool {
    program.permissions.row(what).is_some_and(|deciding| deciding.about == *row)
}

/// What the stages of each agent write and do.
fn used(program: &Program, machines: &[Machine<'_>]) -> Vec<(AgentId, PermissionObject)> {
    let mut used = Vec::new();
    let mut seen: BTreeSet<(usize, usize)> = BTreeSet::new();
    for (number, machine) in machines.iter().enumerate() {
        let channels = Channels::new(program, machine.workflow);
        for (stage, place) in machine.visited() {
            if !seen.insert((number, stage)) {
                continue;
            }
            match (&place.stage.kind, &machine.workflow.by) {
                (StageKind::Stage(body), _) => {
                    let Actor::Agent(agent) = body.by else { continue };
                    for (at, act) in body.acts.iter().enumerate() {
                        let done = action(program, act);
                        for way in channels.actions(stage, at) {
                            used.push((agent, PermissionObject::Action(way)));
                            if program.actions.get(way.index()).is_some_and(|way| way.cost.is_some()) {
                                used.push((agent, PermissionObject::Spend));
                            }
                        }
                        match &act.object {
                            Object::Score(score) => {
                                let entity = program.scores.get(score.index()).map(|score| score.entity);
                                used.extend(entity.map(|entity| (agent, PermissionObject::Score(entity, *score))));
                            }
                            Object::Record(entity) if done.is_some_and(|done| done.name == "research") => {
                                used.push((agent, PermissionObject::Entity(*entity)));
                            }
                            Object::Template(_) | Object::Experiment(_) => {
                                let activity = program.entity("Activity").map(PermissionObject::Entity);
                                used.extend(activity.map(|activity| (agent, activity)));
                            }
                            _ => {}
                        }
                    }
                }
                (StageKind::Handoff(handoff), Actor::Agent(agent)) => {
                    let to = program.workflows.get(handoff.to.index()).map(|to| to.entity);
                    if to != Some(machine.workflow.entity) {
                        used.extend(to.map(|to| (*agent, PermissionObject::Entity(to))));
                    }
                }
                _ => {}
            }
        }
    }
    used
}
