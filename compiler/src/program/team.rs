//! The team, resolved: agents, what they can do, what each may touch, who goes first.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::{ActionId, AgentId, EntityId, FieldId, Fixed, Guard, Origin, ScoreId, WorkflowId};

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
    /// The client's own rows first, then the base table's. The most specific row about something wins; of two alike, the first.
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
    /// Where each cell stands, as byte offsets into its file, for who explains a denial; empty where generated.
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
    /// While this holds of the record; always where absent. Unknown does not hold.
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
