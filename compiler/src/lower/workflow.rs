//! Workflows: what they run for, who runs them, and their stages, handoffs and ends by name. What stands in each of these is
//! in files of its own; whether every stage can be reached and left is for the checks.

use language::Span;
use language::syntax::{self, DeclarationKind, Name, WorkflowMember};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::Lowering;
use super::guard::sorted;
use super::measure::count;
use super::names::WorkflowShape;
use super::recorded::Named;
use crate::codes::team::unknown_person;
use crate::codes::workflows::{
    begins_without_stage, duplicate_stage, said_twice, unknown_stage, unknown_workflow, workflow_entity,
};
use crate::modules::Declared;
use crate::program::{
    Actor, AgentId, End, EntityId, FileId, Maturity, Stage, StageBody, StageId, StageKind, Workflow, WorkflowId,
};

/// What a workflow can run for.
pub(crate) const ENTITIES: &[&str] = &["Contact", "Deal", "Company"];

impl Lowering<'_> {
    pub(super) fn collect_workflows(&mut self) {
        let modules = self.modules;
        for declared in &modules.declarations {
            let DeclarationKind::Workflow(workflow) = &declared.declaration.kind else { continue };
            let id = WorkflowId(count(self.names.machines.len()));
            let entity = self.entity_of_workflow(declared.file, &workflow.entity);
            let mut shape = WorkflowShape {
                name: workflow.name.text.clone(),
                entity,
                stages: Vec::new(),
                outcomes: Vec::new(),
                incomplete: declared.declaration.broken,
            };
            for member in &workflow.members {
                if let Some(name) = member.name().filter(|name| !shape.stages.contains(&name.text)) {
                    shape.stages.push(name.text.clone());
                }
                if let WorkflowMember::End(end) = member {
                    shape.outcomes.push(end.outcome.dotted());
                }
            }
            self.names.workflows.insert(workflow.name.text.clone(), id);
            self.names.machines.push(shape);
        }
    }

    fn entity_of_workflow(&mut self, file: FileId, name: &Name) -> Option<EntityId> {
        let entity = self.entity_named(file, name)?;
        if !ENTITIES.contains(&name.text.as_str()) {
            self.report(workflow_entity::diagnostic(file, name));
            return None;
        }
        Some(entity)
    }

    pub(super) fn lower_workflows(&mut self) {
        let modules = self.modules;
        for declared in &modules.declarations {
            if let DeclarationKind::Workflow(workflow) = &declared.declaration.kind {
                let id = WorkflowId(count(self.said.workflows.len()));
                let lowered = self.workflow(declared, workflow, id);
                self.said.workflows.push(lowered);
            }
        }
    }

    fn workflow(&mut self, declared: &Declared, workflow: &syntax::Workflow, id: WorkflowId) -> Workflow {
        let entity = self.names.machine(id).and_then(|shape| shape.entity);
        let by = match &workflow.by {
            Some(by) => self.actor(declared.file, Some(by)).unwrap_or(Actor::Human(None)),
            None => self.runner(id),
        };
        let mut claimed: Option<(Maturity, FileId, Span)> = None;
        let mut starts = Vec::new();
        let mut stages = Vec::new();
        let mut seen: FxHashMap<&str, (FileId, Span)> = FxHashMap::default();
        for (index, member) in workflow.members.iter().enumerate() {
            let file = declared.member_file(index);
            if let Some(name) = member.name() {
                if let Some(first) = seen.get(name.text.as_str()) {
                    self.report(duplicate_stage::diagnostic(file, name, *first));
                    continue;
                }
                seen.insert(&name.text, (file, name.span));
            }
            match member {
                WorkflowMember::Status { maturity, span } => match claimed {
                    Some((_, of, first)) => self.report(said_twice::diagnostic(file, "status", *span, (of, first))),
                    None => claimed = Some((self::maturity(*maturity), file, *span)),
                },
                WorkflowMember::Start(start) => starts.extend(self.start(file, start, entity)),
                WorkflowMember::Stage(stage) => {
                    let body = self.stage(file, stage, id, &by);
                    stages.push(self.named(file, &stage.name, StageKind::Stage(Box::new(body))));
                }
                WorkflowMember::Handoff(handoff) => {
                    // A handoff that was reported still has its place, so that the ids of those behind it stay.
                    let kind = match self.handoff(file, handoff, id) {
                        Some(lowered) => StageKind::Handoff(lowered),
                        None => StageKind::Stage(Box::new(StageBody::nothing(by.clone()))),
                    };
                    stages.push(self.named(file, &handoff.name, kind));
                }
                WorkflowMember::End(end) => {
                    let because = end.because.as_ref().map(|because| because.value.clone());
                    let kind = StageKind::End(End { outcome: end.outcome.dotted(), because });
                    stages.push(self.named(file, &end.name, kind));
                }
            }
        }
        self.begins_with_a_stage(declared, workflow);
        Workflow {
            name: workflow.name.text.clone(),
            entity: entity.unwrap_or_default(),
            by,
            claimed: claimed.map_or(Maturity::Draft, |(maturity, ..)| maturity),
            starts,
            stages,
            docs: declared.declaration.docs.clone(),
            origin: self.origin(declared.file, workflow.name.span),
        }
    }

    fn named(&self, file: FileId, name: &Name, kind: StageKind) -> Stage {
        Stage { name: name.text.clone(), kind, origin: self.origin(file, name.span) }
    }

    /// A run begins in what is named first.
    fn begins_with_a_stage(&mut self, declared: &Declared, workflow: &syntax::Workflow) {
        let first =
            workflow.members.iter().enumerate().find_map(|(index, member)| Some((index, member, member.name()?)));
        match first {
            Some((_, WorkflowMember::Stage(_), _)) => {}
            Some((index, _, name)) => {
                self.report(begins_without_stage::diagnostic(declared.member_file(index), name, &workflow.name.text));
            }
            None if declared.declaration.broken => {}
            None => self.report(begins_without_stage::empty(declared.file, &workflow.name)),
        }
    }

    /// The workflow of that name; reported where there is none.
    pub(super) fn workflow_named(&mut self, file: FileId, name: &Name) -> Option<WorkflowId> {
        let found = self.names.workflows.get(&name.text).copied();
        if let Some(workflow) = found {
            self.note(file, name.span, Named::Workflow(workflow));
        } else if !self.names.perhaps(&name.text) {
            let known = sorted(self.names.workflows.keys());
            self.report(unknown_workflow::diagnostic(file, name, &known));
        }
        found
    }

    /// The stage, handoff or end of that name; reported where the workflow has none.
    pub(super) fn stage_named(&mut self, file: FileId, workflow: WorkflowId, name: &Name) -> Option<StageId> {
        let shape = self.names.machine(workflow)?;
        let found = shape.stage(&name.text);
        if let Some(stage) = found {
            self.note(file, name.span, Named::Stage(workflow, stage));
        } else if !shape.incomplete {
            let diagnostic = unknown_stage::diagnostic(file, name, &shape.name, &shape.stages);
            self.report(diagnostic);
        }
        found
    }

    /// Who runs a workflow that names nobody: the agent that names it, the first one of several; else any person.
    fn runner(&self, workflow: WorkflowId) -> Actor {
        let agent = self.program.agents.iter().position(|agent| agent.runs.contains(&workflow));
        agent.map_or(Actor::Human(None), |place| Actor::Agent(AgentId(count(place))))
    }

    /// Who does something: an agent or a person. Nobody named is any person.
    pub(super) fn actor(&mut self, file: FileId, actor: Option<&syntax::Actor>) -> Option<Actor> {
        match actor {
            None | Some(syntax::Actor::Human { person: None, .. }) => Some(Actor::Human(None)),
            Some(syntax::Actor::Human { person: Some(name), .. }) => self.person(file, name).map(Actor::Human),
            Some(syntax::Actor::Named(name)) => {
                if let Some(agent) = self.program.agent(&name.text) {
                    self.note(file, name.span, Named::Agent(agent));
                    return Some(Actor::Agent(agent));
                }
                if self.program.client.people.iter().any(|(role, _)| *role == name.text) {
                    self.note(file, name.span, Named::Person);
                    return Some(Actor::Human(Some(name.text.clone())));
                }
                self.agent_named(file, name).map(Actor::Agent)
            }
        }
    }

    /// A person by their role; `Some(None)` is anybody. Reported, and none, where the client has nobody of that role.
    ///
    /// A module does not know its clients' people: where it names a role that nobody has, it means anybody.
    #[expect(clippy::option_option, reason = "anybody is somebody, and nobody is an error")]
    pub(super) fn person(&mut self, file: FileId, name: &Name) -> Option<Option<SmolStr>> {
        let people = &self.program.client.people;
        if name.text == HUMAN || people.iter().any(|(role, _)| *role == name.text) {
            if people.iter().any(|(role, _)| *role == name.text) {
                self.note(file, name.span, Named::Person);
            }
            return Some((name.text != HUMAN).then(|| name.text.clone()));
        }
        if !self.modules.is_client(file) {
            return Some(None);
        }
        let known: Vec<&str> = people.iter().map(|(role, _)| role.as_str()).collect();
        let diagnostic = unknown_person::diagnostic(file, name, &known);
        self.report(diagnostic);
        None
    }
}

/// Any person.
pub(super) const HUMAN: &str = "human";

/// As the Program has it.
pub(super) const fn maturity(maturity: syntax::Maturity) -> Maturity {
    match maturity {
        syntax::Maturity::Draft => Maturity::Draft,
        syntax::Maturity::Documented => Maturity::Documented,
        syntax::Maturity::Measured => Maturity::Measured,
        syntax::Maturity::Approved => Maturity::Approved,
    }
}
