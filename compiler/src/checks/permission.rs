//! Whether a stage does more than the agent that runs it may: every act, and every fact that its requirements and ways out ask
//! about, against the table of permissions. The gate decides the same at run time. A message is sent by each channel that it may have.

use std::collections::BTreeSet;

use language::Span;
use language::syntax::{DeclarationKind, Stage as StageSyntax, StageClause, WorkflowMember};

use super::channels::Channels;
use crate::codes::team::beyond_permissions::{self, Beyond};
use crate::diagnostics::Diagnostic;
use crate::modules::{Declared, Modules};
use crate::program::{
    Act, ActionId, Actor, AgentId, Condition, EntityId, FieldPath, FileId, Guard, Object, PermissionObject, Piece,
    Program, Rights, ScoreId, StageBody, StageKind, Term, TextTerm, Type, WayWhen, Workflow,
};

/// All stages that an agent runs.
pub(super) fn run(program: &Program, modules: &Modules, diagnostics: &mut Vec<Diagnostic>) {
    let written = modules.declarations.iter().filter_map(|declared| match &declared.declaration.kind {
        DeclarationKind::Workflow(workflow) => Some((declared, workflow)),
        _ => None,
    });
    for ((declared, syntax), workflow) in written.zip(&program.workflows) {
        let channels = Channels::new(program, workflow);
        for (index, member) in syntax.members.iter().enumerate() {
            let WorkflowMember::Stage(stage) = member else { continue };
            let file = declared.member_file(index);
            if let Some((number, body)) = body_of(workflow, stage) {
                let checking = Checking { program, modules, declared, file, channels: &channels };
                checking.stage(stage, (number, body), diagnostics);
            }
        }
    }
}

fn body_of<'p>(workflow: &'p Workflow, stage: &StageSyntax) -> Option<(usize, &'p StageBody)> {
    let number = workflow.stage(&stage.name.text)?.index();
    match &workflow.stages.get(number)?.kind {
        StageKind::Stage(body) => Some((number, body)),
        StageKind::Handoff(_) | StageKind::End(_) => None,
    }
}

/// What something takes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Need {
    Read,
    Write,
    /// A new one, or a change to it.
    Make,
    /// Whatever the cell says, as long as it says something.
    Do,
}

struct Checking<'a> {
    program: &'a Program,
    modules: &'a Modules,
    declared: &'a Declared,
    file: FileId,
    channels: &'a Channels<'a>,
}

impl Checking<'_> {
    fn stage(&self, stage: &StageSyntax, (number, body): (usize, &StageBody), diagnostics: &mut Vec<Diagnostic>) {
        let Actor::Agent(agent) = body.by else { return };
        let mut said = BTreeSet::new();
        let mut ask = |need: Need, about: PermissionObject, span: Span| {
            if let Some(found) = self.beyond(stage, agent, (need, &about), span)
                && said.insert((span, found.headline.clone()))
            {
                diagnostics.push(found);
            }
        };
        let acts = stage.clauses.iter().filter_map(|clause| match clause {
            StageClause::Do { act, .. } => Some(act.span),
            _ => None,
        });
        for (at, (span, act)) in acts.zip(&body.acts).enumerate() {
            for (need, about) in self.needs(act, &self.channels.actions(number, at)) {
                ask(need, about, span);
            }
        }
        let required = stage.clauses.iter().flat_map(|clause| match clause {
            StageClause::Require { conditions, .. } => conditions.as_slice(),
            _ => &[],
        });
        let mut read: Vec<(Span, &Guard)> = required
            .map(|condition| condition.span)
            .zip(body.requires.iter().map(|required| &required.guard))
            .collect();
        let ways = stage.clauses.iter().filter_map(|clause| match clause {
            StageClause::Next(next) => Some(next.span),
            _ => None,
        });
        read.extend(ways.zip(&body.ways).filter_map(|(span, way)| match &way.when {
            WayWhen::When(guard) => Some((span, guard)),
            _ => None,
        }));
        read.extend(stage.only_when.iter().map(|only| only.span).zip(body.only_when.iter().map(|(guard, _)| guard)));
        for (span, guard) in read {
            let mut facts = Facts::default();
            facts.of_guard(guard);
            for field in facts.fields {
                ask(Need::Read, self.field(&field), span);
            }
            for score in facts.scores {
                ask(Need::Read, self.score(score), span);
            }
        }
    }

    /// What an act takes: each way in which it may be done, and what it touches.
    fn needs(&self, act: &Act, ways: &[ActionId]) -> Vec<(Need, PermissionObject)> {
        let mut needs = Vec::new();
        for way in ways {
            let action = self.program.actions.get(way.index());
            let about = PermissionObject::Action(*way);
            // An internal action that no row is about is measured by what it touches.
            if action.is_some_and(|action| action.external) || self.program.permissions.row(&about).is_some() {
                needs.push((Need::Do, about));
            }
            if action.is_some_and(|action| action.cost.is_some()) {
                needs.push((Need::Do, PermissionObject::Spend));
            }
        }
        let action = self.program.actions.get(act.action.index());
        let activity = self.program.entity("Activity").map(PermissionObject::Entity);
        match &act.object {
            Object::Score(score) => needs.push((Need::Write, self.score(*score))),
            Object::Record(entity) if action.is_some_and(|action| action.name == "research") => {
                needs.push((Need::Write, PermissionObject::Entity(*entity)));
            }
            Object::Record(entity) => needs.push((Need::Read, PermissionObject::Entity(*entity))),
            Object::Template(_) | Object::Experiment(_) => {
                needs.extend(activity.map(|activity| (Need::Make, activity)));
                let templates = self.program.written(&act.object);
                let pieces = templates.flat_map(|template| template.subject.iter().flatten().chain(&template.body));
                for piece in pieces {
                    if let Piece::Fill { field, .. } = piece {
                        needs.push((Need::Read, self.field(field)));
                    }
                }
            }
            // Messages and notes are Activities.
            Object::Rubric(_) => needs.extend(activity.map(|activity| (Need::Read, activity))),
            Object::None | Object::Message | Object::Named(_) => {}
        }
        needs
    }

    /// The field itself, of the record that has it.
    fn field(&self, path: &FieldPath) -> PermissionObject {
        let mut entity = path.entity;
        for step in &path.relations {
            let field = self.program.entities.get(entity.index()).and_then(|of| of.fields.get(step.index()));
            if let Some(Type::Record(next)) = field.map(|field| &field.ty) {
                entity = *next;
            }
        }
        PermissionObject::Field(entity, path.field)
    }

    fn score(&self, score: ScoreId) -> PermissionObject {
        let entity = self.program.scores.get(score.index()).map_or(EntityId::default(), |score| score.entity);
        PermissionObject::Score(entity, score)
    }

    fn beyond(
        &self,
        stage: &StageSyntax,
        agent: AgentId,
        (need, about): (Need, &PermissionObject),
        span: Span,
    ) -> Option<Diagnostic> {
        let row = self.program.permissions.row(about);
        let nothing = Rights::default();
        let rights = row.and_then(|row| row.cells.get(agent.index())).unwrap_or(&nothing);
        let enough = match need {
            Need::Read => rights.read || rights.write || rights.create,
            Need::Write => rights.write || rights.ask.is_some(),
            Need::Make | Need::Do => rights.write || rights.create || rights.ask.is_some(),
        };
        if enough {
            return None;
        }
        let name = self.program.agents.get(agent.index()).map(|agent| agent.name.clone()).unwrap_or_default();
        let object = self.program.about(about);
        let place = row.and_then(|row| row.place(agent));
        let beyond = Beyond {
            agent: &name,
            stage: &stage.name.text,
            verb: match need {
                Need::Read => "read",
                Need::Write => "write",
                Need::Make => "write or create",
                Need::Do => "do",
            },
            object: &object,
            row: row.map(|row| self.program.about(&row.about)),
            cell: place.map(|(file, span)| (file, span, self.modules.text(file, span).trim())),
            table: self.table(),
            by: stage.by.as_ref().map(|by| (self.file, by.span())).or_else(|| {
                let DeclarationKind::Workflow(workflow) = &self.declared.declaration.kind else { return None };
                Some((self.declared.file, workflow.by.as_ref()?.span()))
            }),
        };
        Some(beyond_permissions::diagnostic(self.file, span, &beyond))
    }

    /// A table of permissions, the client's own if there is one.
    fn table(&self) -> Option<(FileId, Span)> {
        self.modules.foremost(|kind| matches!(kind, DeclarationKind::Permissions(_)))
    }
}

/// What is asked about.
#[derive(Default)]
struct Facts {
    fields: BTreeSet<FieldPath>,
    scores: BTreeSet<ScoreId>,
}

impl Facts {
    fn of_guard(&mut self, guard: &Guard) {
        match guard {
            Guard::Not(inner) => self.of_guard(inner),
            Guard::All(parts) | Guard::Any(parts) => parts.iter().for_each(|part| self.of_guard(part)),
            Guard::Facts { condition, .. } => self.of_condition(condition),
            Guard::Scored(score) => {
                self.scores.insert(*score);
            }
            Guard::Complete | Guard::In { .. } | Guard::Message { .. } => {}
        }
    }

    fn of_condition(&mut self, condition: &Condition) {
        match condition {
            Condition::Not(inner) | Condition::Fresh { condition: inner, .. } => self.of_condition(inner),
            Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| self.of_condition(part)),
            Condition::Compare { left, right, .. } => [left, right].into_iter().for_each(|term| self.of_term(term)),
            Condition::Between { term, low, high } => {
                [term, low, high].into_iter().for_each(|term| self.of_term(term));
            }
            Condition::OneOf { term, .. } | Condition::Text { term, .. } | Condition::Yes(term) => self.of_text(term),
            Condition::Same { left, right } => [left, right].into_iter().for_each(|term| self.of_text(term)),
            Condition::Has { list: field, .. } | Condition::Known(field) => {
                self.fields.insert(field.clone());
            }
            Condition::HasOf { list, other, .. } => self.fields.extend([list.clone(), other.clone()]),
            Condition::Routed { score, .. } => {
                self.scores.insert(*score);
            }
            Condition::Happened { .. } | Condition::Mentions { .. } => {}
        }
    }

    fn of_term(&mut self, term: &Term) {
        match term {
            Term::Field(path) => {
                self.fields.insert(path.clone());
            }
            Term::Score(score) => {
                self.scores.insert(score.score);
            }
            Term::Arithmetic { left, right, .. } => {
                self.of_term(left);
                self.of_term(right);
            }
            Term::Constant(_) | Term::EventField(_) | Term::Aggregate(_) | Term::Today | Term::Now => {}
        }
    }

    fn of_text(&mut self, term: &TextTerm) {
        if let TextTerm::Field(path) = term {
            self.fields.insert(path.clone());
        }
    }
}
