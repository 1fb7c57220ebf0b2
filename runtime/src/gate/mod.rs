//! The gate that every act of an agent passes: what the table of permissions allows, who goes first, and why not.
//!
//! Pure: a [`Gate`] is a Program's table made ready; everything about records comes in. It does not keep approvals and does
//! not know the contact policy: [`verdict`] puts what those say beside its own, in the order of checks.

mod attempt;
mod decision;
mod denial;
mod names;
mod priority;
mod table;
mod verdict;

pub use attempt::{Attempt, Target};
pub use decision::{Decision, Reason};
pub use denial::{Check, Denial, Then};
pub use names::Thing;
pub use priority::{against, first_of};
pub use verdict::{Approval, Checks, Verdict, verdict};

use compiler::program::{ActionId, AgentId, EntityId, FieldId, Program, ScoreId};

use names::Names;
use table::{Cell, Table};

/// The permissions of a Program, made ready for many decisions.
///
/// The most specific row about something decides (a field's or a score's before its entity's), of two alike the first one.
/// What no row is about, and what an empty cell is about, is denied. Writing and creating imply reading.
#[derive(Clone, Debug)]
pub struct Gate {
    table: Table,
    names: Names,
}

impl Gate {
    /// Reads the table once.
    #[must_use]
    pub fn new(program: &Program) -> Self {
        Self { table: Table::new(program), names: Names::new(program) }
    }

    /// An agent by its name.
    #[must_use]
    pub fn agent(&self, name: &str) -> Option<AgentId> {
        self.names.agent(name)
    }

    /// What a name means that an agent's call gives: `Deal`, `Deal.stage`, `Contact.icp`, `send.email`, `spend`; entities also
    /// by their table's name. A conversation and a message are Activities, needs and objections are their Contact's.
    #[must_use]
    pub fn thing(&self, name: &str) -> Option<Thing> {
        self.names.thing(name)
    }

    /// Whatever is attempted.
    #[must_use]
    pub fn decide(&self, agent: AgentId, attempt: &Attempt<'_>) -> Decision<'_> {
        match *attempt {
            Attempt::Read { entity, field } => self.reads(agent, entity, field),
            Attempt::Write { entity, field, target } => self.writes(agent, entity, field, target),
            Attempt::Create { entity, purpose } => self.creates(agent, entity, purpose),
            Attempt::ReadScore(score) => self.reads_score(agent, score),
            Attempt::Score(score) => self.scores(agent, score),
            Attempt::Act(action) => self.acts(agent, action),
        }
    }

    /// May it see a record's field, or what belongs to such a record? Purposes do not narrow reading.
    #[inline]
    #[must_use]
    pub fn reads(&self, agent: AgentId, entity: EntityId, field: Option<FieldId>) -> Decision<'_> {
        self.table.cell(agent, self.table.record(entity, field)).map_or(Decision::UNKNOWN, Cell::reads)
    }

    /// May it change a record's field, or what belongs to such a record?
    #[inline]
    #[must_use]
    pub fn writes(&self, agent: AgentId, entity: EntityId, field: Option<FieldId>, target: Target<'_>) -> Decision<'_> {
        let cell = self.table.cell(agent, self.table.record(entity, field));
        cell.map_or(Decision::UNKNOWN, |cell| self.table.writes(cell, target))
    }

    /// May it make a new record of that kind? What it fills in is asked field by field, as writing to a record of its own.
    #[inline]
    #[must_use]
    pub fn creates(&self, agent: AgentId, entity: EntityId, purpose: Option<&str>) -> Decision<'_> {
        let cell = self.table.cell(agent, self.table.record(entity, None));
        cell.map_or(Decision::UNKNOWN, |cell| self.table.writes(cell, Target { purpose, own: true }))
    }

    /// May it see a score?
    #[inline]
    #[must_use]
    pub fn reads_score(&self, agent: AgentId, score: ScoreId) -> Decision<'_> {
        self.table.cell(agent, self.table.score(score)).map_or(Decision::UNKNOWN, Cell::reads)
    }

    /// May it ask for a score to be computed? The engine computes it; nobody writes one.
    #[inline]
    #[must_use]
    pub fn scores(&self, agent: AgentId, score: ScoreId) -> Decision<'_> {
        let cell = self.table.cell(agent, self.table.score(score));
        cell.map_or(Decision::UNKNOWN, |cell| self.table.writes(cell, Target::default()))
    }

    /// May it do that?
    ///
    /// An external action needs a row, and a person's approval whatever the row says. An internal one that no row is about is
    /// allowed as such: what it reads and writes is asked for itself. Where it costs money, `spend` has to allow it too.
    #[must_use]
    pub fn acts(&self, agent: AgentId, action: ActionId) -> Decision<'_> {
        let (Some(kind), Some(cell)) = (self.table.kind_of(action), self.table.cell(agent, self.table.action(action)))
        else {
            return Decision::UNKNOWN;
        };
        let mut decision = match self.table.acts(cell) {
            Decision::Denied { row: None, .. } if !kind.external => Decision::Allowed,
            decision => decision,
        };
        if kind.costs {
            let spends =
                self.table.cell(agent, self.table.spend()).map_or(Decision::UNKNOWN, |cell| self.table.acts(cell));
            decision = decision.and(spends);
        }
        if kind.external { decision.and(Decision::AskHuman { role: None }) } else { decision }
    }
}
