//! What a handoff takes: the agent that hands over reads what it tells and makes the deal that goes on, the one that goes on may read
//! what it is told.

use language::Span;
use language::syntax::{DeclarationKind, HandoffClause, WorkflowMember};

use crate::codes::team::beyond_permissions::{self, Beyond};
use crate::codes::team::brief_not_readable;
use crate::diagnostics::Diagnostic;
use crate::modules::Modules;
use crate::program::{Actor, AgentId, Brief, FieldId, FileId, PermissionObject, Program, Rights};

use super::machine::{Machine, Place};

pub(super) fn run(program: &Program, modules: &Modules, machines: &[Machine<'_>], diagnostics: &mut Vec<Diagnostic>) {
    for machine in machines {
        for (_, place) in machine.visited() {
            let Some(handoff) = place.handoff() else { continue };
            let handing = Handing { program, modules, machine, place };
            let items = handing.items();
            if let Actor::Agent(giver) = machine.workflow.by {
                handing.makes_a_deal(giver, diagnostics);
                for (brief, span) in handoff.brief.iter().zip(&items) {
                    if let Some(about) = handing.denied(giver, brief) {
                        diagnostics.push(handing.beyond(giver, "read", &about, *span));
                    }
                }
            }
            let receiver = machines.get(handoff.to.index());
            let Some(Actor::Agent(receiver)) = receiver.map(|receiver| &receiver.workflow.by) else { continue };
            for (brief, span) in handoff.brief.iter().zip(&items) {
                if let Some(about) = handing.denied(*receiver, brief) {
                    diagnostics.push(handing.not_for(*receiver, &about, *span));
                }
            }
        }
    }
}

struct Handing<'a, 'm> {
    program: &'a Program,
    modules: &'a Modules,
    machine: &'m Machine<'a>,
    place: Place<'a>,
}

impl Handing<'_, '_> {
    /// Where each thing of the brief stands.
    fn items(&self) -> Vec<Span> {
        let WorkflowMember::Handoff(handoff) = self.place.member else { return Vec::new() };
        let briefs = handoff.clauses.iter().flat_map(|clause| match clause {
            HandoffClause::Brief { items, .. } => items.as_slice(),
            HandoffClause::Accepted { .. } => &[],
        });
        briefs.map(|item| item.span).collect()
    }

    /// What of it the agent may not read, as a row would name it.
    fn denied(&self, agent: AgentId, brief: &Brief) -> Option<PermissionObject> {
        let contact = self.program.entity("Contact");
        let about = match brief {
            Brief::Record(entity) => vec![PermissionObject::Entity(*entity)],
            Brief::Score(score) => {
                let entity = self.program.scores.get(score.index())?.entity;
                vec![PermissionObject::Score(entity, *score)]
            }
            Brief::Activities(_) => self.program.entity("Activity").map(PermissionObject::Entity).into_iter().collect(),
            Brief::Fields(start) => {
                let contact = contact?;
                let fields = self.program.entities.get(contact.index()).map(|contact| contact.fields.as_slice())?;
                let named = (0..).zip(fields).filter(|(_, field)| {
                    let rest = field.name.strip_prefix(start.as_str());
                    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
                });
                named.map(|(id, _)| PermissionObject::Field(contact, FieldId(id))).collect()
            }
            // The lines of scores, and what is open of them, as far as their scores may be read.
            Brief::Reasons(_) | Brief::OpenQuestions => Vec::new(),
        };
        about.into_iter().find(|about| !self.reads(agent, about))
    }

    fn rights(&self, agent: AgentId, about: &PermissionObject) -> Rights {
        let row = self.program.permissions.row(about);
        row.and_then(|row| row.cells.get(agent.index())).cloned().unwrap_or_default()
    }

    /// A record is read where any of its fields may be.
    fn reads(&self, agent: AgentId, about: &PermissionObject) -> bool {
        let reads = |rights: Rights| rights.read || rights.write || rights.create;
        let field_of = |entity| {
            let rows = self.program.permissions.rows.iter();
            let mut fields =
                rows.filter(move |row| matches!(row.about, PermissionObject::Field(of, _) if of == entity));
            fields.any(|row| row.cells.get(agent.index()).cloned().is_some_and(reads))
        };
        reads(self.rights(agent, about)) || matches!(about, PermissionObject::Entity(entity) if field_of(*entity))
    }

    /// From a contact to a workflow for deals it goes on with their open deal, or makes one.
    fn makes_a_deal(&self, giver: AgentId, diagnostics: &mut Vec<Diagnostic>) {
        let Some(handoff) = self.place.handoff() else { return };
        let Some(deal) = self.program.entity("Deal") else { return };
        let to = self.program.workflows.get(handoff.to.index()).map(|to| to.entity);
        if to != Some(deal) || self.machine.workflow.entity == deal {
            return;
        }
        let about = PermissionObject::Entity(deal);
        let rights = self.rights(giver, &about);
        if !(rights.create || rights.write || rights.ask.is_some()) {
            let found = self.beyond(giver, "create", &about, self.place.name.span);
            diagnostics.push(found.note("who has no open deal gets one here: the handoff makes it"));
        }
    }

    fn beyond(&self, agent: AgentId, verb: &str, about: &PermissionObject, span: Span) -> Diagnostic {
        let name = self.name(agent);
        let object = self.program.about(about);
        let row = self.program.permissions.row(about);
        let place = row.and_then(|row| row.place(agent));
        let beyond = Beyond {
            agent: &name,
            stage: &self.place.name.text,
            verb,
            object: &object,
            row: row.map(|row| self.program.about(&row.about)),
            cell: place.map(|(file, span)| (file, span, self.modules.text(file, span).trim())),
            table: self.table(),
            by: None,
        };
        beyond_permissions::handoff(self.place.file, span, &beyond)
    }

    fn not_for(&self, receiver: AgentId, about: &PermissionObject, span: Span) -> Diagnostic {
        let name = self.name(receiver);
        let row = self.program.permissions.row(about);
        let cell = row.and_then(|row| row.place(receiver));
        let cell = cell.map(|(file, span)| (file, span, self.modules.text(file, span).trim().is_empty()));
        let object = self.program.about(about);
        brief_not_readable::diagnostic(self.place.file, span, (&name, &object), cell, self.table())
    }

    fn name(&self, agent: AgentId) -> String {
        self.program.agents.get(agent.index()).map(|agent| agent.name.to_string()).unwrap_or_default()
    }

    /// A table of permissions, the client's own if there is one.
    fn table(&self) -> Option<(FileId, Span)> {
        self.modules.foremost(|kind| matches!(kind, DeclarationKind::Permissions(_)))
    }
}
