//! The team, resolved: agents, what they can do, what each may touch, who goes first.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::{ActionId, AgentId, EntityId, FieldId, FileId, Fixed, Guard, Origin, Program, ScoreId, WorkflowId};
use language::Span;

/// An agent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Agent {
    /// `LeadGen`
    pub name: SmolStr,
    /// What it runs, beside the workflows that name it.
    pub runs: Vec<WorkflowId>,
    /// What it hands to whom: `"prospect list" to human`.
    pub hands: Vec<(SmolStr, SmolStr)>,
    /// From `///`.
    pub docs: Option<SmolStr>,
    /// Where it is declared.
    pub origin: Origin,
}

/// What a port can do: `action send email external cost NZD 0.01`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Action {
    /// The verb, `send`.
    pub name: SmolStr,
    /// One of several with the verb, by the channel or object it is for: `email`.
    pub variant: Option<SmolStr>,
    /// It reaches a person or spends money.
    pub external: bool,
    /// What one costs, in the client's currency.
    pub cost: Option<Fixed>,
    /// Where it is declared.
    pub origin: Origin,
}

/// The table of permissions, with what refinements left of it. What no row allows is denied.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Permissions {
    /// The client's own rows first, then the base table's, but for rows about one way of doing something (`send.email`), which
    /// come before all about the doing itself. The most specific row about something wins; of two alike, the first.
    pub rows: Vec<PermissionRow>,
}

/// One row of the table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PermissionRow {
    /// What it is about.
    pub about: PermissionObject,
    /// By agent, in the order of [`super::Program::agents`]; empty rights where the cell is empty or the agent has no column.
    pub cells: Vec<Rights>,
    /// Where the row stands.
    pub origin: Origin,
    /// Where each cell stands, in their order, for who explains a denial: file and bytes, `3:120..131`, or `-` where there is none.
    /// Empty where generated. A cell may stand in another table than the row: in the first that has a column for its agent.
    pub words: SmolStr,
}

/// What a row of the table is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PermissionObject {
    /// `Contact`: its fields, and what belongs to it.
    Entity(EntityId),
    /// `Deal.stage`
    Field(EntityId, FieldId),
    /// `Contact.icp`: to write it is to ask for it to be computed.
    Score(EntityId, ScoreId),
    /// `Deal.churn_risk` where no such field is declared: named for later, matched by nothing.
    Undeclared(EntityId, SmolStr),
    /// `send`
    Action(ActionId),
    /// `spend`: any action that costs money.
    Spend,
}

/// What one agent may do with one thing. Writing and creating imply reading.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rights {
    /// See it.
    pub read: bool,
    /// Change it.
    pub write: bool,
    /// Make a new one.
    pub create: bool,
    /// Only such ones: `write outreach` is an Activity of that purpose. Empty means all.
    pub only: Vec<SmolStr>,
    /// Do it, once a person (of that role, or anybody) has approved it.
    pub ask: Option<SmolStr>,
}

/// `Qualification over LeadGen while contact is in LeadQualification because "…"`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Priority {
    /// Who goes first.
    pub first: AgentId,
    /// Before whom; everyone else where empty.
    pub over: Vec<AgentId>,
    /// While this holds of the contact that both have to do with; always where absent. Unknown does not hold.
    pub guard: Option<Guard>,
    /// What becomes of the other's work.
    pub loser: Loser,
    /// Why, for the denial.
    pub because: Option<SmolStr>,
    /// As written.
    pub words: SmolStr,
    /// Where it stands.
    pub origin: Origin,
}

/// What becomes of the work of who comes second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Loser {
    /// `, others wait`: it is tried again when the line no longer holds.
    #[default]
    Waits,
    /// `, others stop`: its run ends as denied.
    Stops,
}

impl Permissions {
    /// The row that decides about something: the first about itself, else the first about the record that it belongs to.
    #[must_use]
    pub fn row(&self, about: &PermissionObject) -> Option<&PermissionRow> {
        let find = |wanted: &PermissionObject| self.rows.iter().find(|row| row.about == *wanted);
        find(about).or_else(|| match about {
            PermissionObject::Field(entity, _) | PermissionObject::Score(entity, _) => {
                find(&PermissionObject::Entity(*entity))
            }
            _ => None,
        })
    }
}

impl PermissionRow {
    /// Where an agent's cell stands.
    #[must_use]
    pub fn place(&self, agent: AgentId) -> Option<(FileId, Span)> {
        let (file, bytes) = self.words.split(' ').nth(agent.index())?.split_once(':')?;
        let (start, end) = bytes.split_once("..")?;
        Some((FileId(file.parse().ok()?), Span::new(start.parse().ok()?, end.parse().ok()?)))
    }
}

impl Program {
    /// The action that a message of that channel leaves by; where none is declared for the channel, the one that is for any.
    #[must_use]
    pub fn sending(&self, channel: &str) -> Option<ActionId> {
        let find = |wanted: Option<&str>| {
            let is_it = |action: &Action| action.name == "send" && action.variant.as_deref() == wanted;
            (0..).map(ActionId).zip(&self.actions).find(|(_, action)| is_it(action)).map(|(id, _)| id)
        };
        find(Some(channel)).or_else(|| find(None))
    }

    /// What a row is about, as a table names it: `Deal.stage`, `send.email`, `spend`.
    #[must_use]
    pub fn about(&self, about: &PermissionObject) -> String {
        let entity = |entity: &EntityId| self.entities.get(entity.index());
        let name = |id: &EntityId| entity(id).map(|entity| entity.name.to_string()).unwrap_or_default();
        match about {
            PermissionObject::Entity(of) => name(of),
            PermissionObject::Field(of, field) => {
                let field = entity(of).and_then(|entity| entity.fields.get(field.index()));
                format!("{}.{}", name(of), field.map(|field| field.name.as_str()).unwrap_or_default())
            }
            PermissionObject::Score(of, score) => {
                let score = self.scores.get(score.index()).map(|score| score.name.as_str());
                format!("{}.{}", name(of), score.unwrap_or_default())
            }
            PermissionObject::Undeclared(of, field) => format!("{}.{field}", name(of)),
            PermissionObject::Action(action) => match self.actions.get(action.index()) {
                Some(Action { name, variant: Some(variant), .. }) => format!("{name}.{variant}"),
                Some(action) => action.name.to_string(),
                None => String::new(),
            },
            PermissionObject::Spend => "spend".to_owned(),
        }
    }
}
