//! What an agent may, as its tools are listed by: asked of the runtime's gate, which decides again when a tool is called.

use std::sync::Arc;

use compiler::program::{ActionId, AgentId, EntityId, FieldPath, PermissionObject, Program, ScoreId, Type};
use runtime::gate::Target;
use runtime::runner::Book;
use runtime::shell::{owner, readable};
use smol_str::SmolStr;

/// An agent at a playbook.
#[derive(Clone)]
pub(super) struct Agent {
    pub(super) book: Arc<Book>,
    pub(super) id: AgentId,
    pub(super) name: SmolStr,
}

impl Agent {
    /// None where the playbook has no such agent.
    pub(super) fn of(book: Arc<Book>, name: &str) -> Option<Self> {
        let id = book.gate.agent(name)?;
        Some(Self { book, id, name: name.into() })
    }

    pub(super) fn program(&self) -> &Program {
        &self.book.program
    }

    /// The fields that it may see of a record and those it belongs to.
    pub(super) fn reads(&self, entity: EntityId) -> Vec<FieldPath> {
        readable(&self.book, entity, Some(self.id))
    }

    /// Those that it may change.
    pub(super) fn changes(&self, entity: EntityId) -> Vec<FieldPath> {
        let may = |path: &FieldPath| {
            let owner = owner(self.program(), path);
            owner.is_some_and(|owner| {
                self.book.gate.writes(self.id, owner, Some(path.field), Target::default()).is_allowed()
            })
        };
        self.changeable(entity).into_iter().filter(may).collect()
    }

    /// The fields that an agent can be let change at all: a deal's own, a contact's and those of their company. That somebody agreed is for
    /// people to say, with the proof, and when something was changed is for the CRM.
    fn changeable(&self, entity: EntityId) -> Vec<FieldPath> {
        let is_contact = self.book.contact == Some(entity);
        let mut fields = readable(&self.book, entity, None);
        fields.retain(|path| {
            let name = self.program().field(path).map(|field| field.name.as_str()).unwrap_or_default();
            let is_kept = name.starts_with("consent.") || matches!(name, "created" | "updated" | "last_activity");
            let can_hold = match self.holds(path) {
                Type::OneOf(words) => !words.is_empty(),
                Type::List(inner) => !matches!(*inner, Type::OneOf(words) if words.is_empty()),
                _ => true,
            };
            (is_contact || path.relations.is_empty()) && !is_kept && can_hold
        });
        fields
    }

    /// The scores of contacts that it may see.
    pub(super) fn scores(&self) -> Vec<(ScoreId, SmolStr)> {
        let all = (0..).map(ScoreId).zip(&self.program().scores);
        let seen = all.filter(|(id, score)| {
            Some(score.entity) == self.book.contact && self.book.gate.reads_score(self.id, *id).is_allowed()
        });
        seen.map(|(id, score)| (id, score.name.clone())).collect()
    }

    /// The purposes that its cell about activities names; none where it names none.
    pub(super) fn purposes(&self) -> Vec<SmolStr> {
        let Some(activity) = self.program().entity("Activity") else { return Vec::new() };
        let about = PermissionObject::Entity(activity);
        let row = self.program().permissions.rows.iter().find(|row| row.about == about);
        row.and_then(|row| row.cells.get(self.id.index())).map(|cell| cell.only.clone()).unwrap_or_default()
    }

    /// The purpose of what it writes, where nothing is said: the one that its cell names first.
    pub(super) fn purpose(&self) -> Option<SmolStr> {
        self.purposes().into_iter().next()
    }

    /// Whether it may write down what it did.
    pub(super) fn notes(&self) -> bool {
        let activity = self.program().entity("Activity");
        let purpose = self.purpose();
        activity.is_some_and(|activity| self.book.gate.creates(self.id, activity, purpose.as_deref()).is_allowed())
    }

    /// Whether it may do something of that verb, with a person's yes or without.
    pub(super) fn does(&self, verb: &str) -> bool {
        use runtime::gate::Decision;
        let actions = (0..).map(ActionId).zip(&self.program().actions);
        actions
            .filter(|(_, action)| action.name == verb)
            .any(|(id, _)| matches!(self.book.gate.acts(self.id, id), Decision::Allowed | Decision::AskHuman { .. }))
    }

    /// Whether workflows or stages are its own.
    pub(super) fn runs_anything(&self) -> bool {
        use compiler::program::{Actor, StageKind};
        let is_own = |actor: &Actor| *actor == Actor::Agent(self.id);
        self.program().workflows.iter().any(|workflow| {
            is_own(&workflow.by)
                || workflow.stages.iter().any(|stage| matches!(&stage.kind, StageKind::Stage(body) if is_own(&body.by)))
        })
    }

    /// A field that can be changed, by the name that is shown of it: `contact.first_name`, `company.industry`.
    pub(super) fn named(&self, entity: EntityId, name: &str) -> Option<FieldPath> {
        self.changeable(entity).into_iter().find(|path| runtime::agents::path(self.program(), path) == name)
    }

    /// What a field holds.
    pub(super) fn holds(&self, path: &FieldPath) -> Type {
        self.program().field(path).map_or(Type::Text, |field| field.ty.clone())
    }
}
