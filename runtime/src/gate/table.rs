//! The table made ready: for everything that a row can be about, and every agent, the cell that decides.
//!
//! Entities, their fields, scores and actions have a slot each; a field or score without a row of its own has its entity's
//! cells. A cell is a row and a set of bits; the words of a cell are looked up only where a bit says that there are any.

use compiler::program::{ActionId, AgentId, EntityId, FieldId, PermissionObject, Program, Rights, ScoreId};
use smol_str::SmolStr;

use super::Target;
use super::decision::{Decision, Reason};

const READ: u8 = 1;
const WRITE: u8 = 2;
const CREATE: u8 = 4;
const ONLY: u8 = 8;
const ASK: u8 = 16;

const NO_ROW: u32 = u32::MAX;

/// What one agent may do with one thing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell {
    row: u32,
    /// Into [`Table::words`], where the bits say that there are any.
    words: u32,
    bits: u8,
}

/// The words of a cell.
#[derive(Clone, Debug)]
struct Words {
    only: Vec<SmolStr>,
    /// Anybody where absent.
    ask: Option<SmolStr>,
}

/// What a decision has to know of an action.
#[derive(Clone, Copy, Debug)]
pub(super) struct ActionKind {
    pub(super) external: bool,
    pub(super) costs: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Table {
    agents: usize,
    /// By slot, then by agent.
    cells: Vec<Cell>,
    words: Vec<Words>,
    /// Each entity's slot; its fields' follow. One more at the end.
    entities: Vec<usize>,
    scores: usize,
    actions: usize,
    kinds: Vec<ActionKind>,
}

impl Table {
    pub(super) fn new(program: &Program) -> Self {
        let mut entities = Vec::with_capacity(program.entities.len() + 1);
        let mut slots = 0;
        for entity in &program.entities {
            entities.push(slots);
            slots += 1 + entity.fields.len();
        }
        entities.push(slots);
        let (scores, actions) = (slots, slots + program.scores.len());
        let kinds = program
            .actions
            .iter()
            .map(|action| ActionKind { external: action.external, costs: action.cost.is_some_and(|cost| cost.0 != 0) });
        let kinds: Vec<ActionKind> = kinds.collect();
        let agents = program.agents.len();
        let mut table = Self { agents, cells: Vec::new(), words: Vec::new(), entities, scores, actions, kinds };
        let mut deciding = vec![NO_ROW; table.spend() + 1];
        for (number, row) in (0..).zip(&program.permissions.rows) {
            let slot = match row.about {
                PermissionObject::Entity(entity) => table.record(entity, None),
                PermissionObject::Field(entity, field) => table.record(entity, Some(field)),
                PermissionObject::Score(_, score) => table.score(score),
                PermissionObject::Action(action) => table.action(action),
                PermissionObject::Spend => table.spend(),
                PermissionObject::Undeclared(..) => continue,
            };
            // Of two alike the first.
            if let Some(deciding @ &mut NO_ROW) = deciding.get_mut(slot) {
                *deciding = number;
            }
        }
        table.inherit(program, &mut deciding);
        for row in deciding {
            table.fill(program, row);
        }
        table
    }

    /// A field or score without a row has its entity's.
    fn inherit(&self, program: &Program, deciding: &mut [u32]) {
        for slots in self.entities.windows(2) {
            let &[entity, end] = slots else { continue };
            if let Some([own, fields @ ..]) = deciding.get_mut(entity..end) {
                fields.iter_mut().filter(|row| **row == NO_ROW).for_each(|row| *row = *own);
            }
        }
        for (number, score) in (0..).zip(&program.scores) {
            let own = deciding.get(self.record(score.entity, None)).copied().unwrap_or(NO_ROW);
            if let Some(row @ &mut NO_ROW) = deciding.get_mut(self.score(ScoreId(number))) {
                *row = own;
            }
        }
    }

    fn fill(&mut self, program: &Program, row: u32) {
        let cells = program.permissions.rows.get(row as usize).map(|row| row.cells.as_slice()).unwrap_or_default();
        for agent in 0..self.agents {
            let nothing = Rights::default();
            let rights = cells.get(agent).unwrap_or(&nothing);
            let bit = |is: bool, bit: u8| if is { bit } else { 0 };
            let bits = bit(rights.read || rights.write || rights.create, READ)
                | bit(rights.write, WRITE)
                | bit(rights.create, CREATE)
                | bit(!rights.only.is_empty(), ONLY)
                | bit(rights.ask.is_some(), ASK);
            let words = u32::try_from(self.words.len()).unwrap_or(NO_ROW);
            if bits & (ONLY | ASK) != 0 {
                let ask = rights.ask.clone().filter(|role| role != ANYBODY);
                self.words.push(Words { only: rights.only.clone(), ask });
            }
            self.cells.push(Cell { row, words, bits });
        }
    }

    /// A slot beyond all where there is no such thing.
    #[inline]
    pub(super) fn record(&self, entity: EntityId, field: Option<FieldId>) -> usize {
        let Some(&[own, end]) = self.entities.get(entity.index()..).and_then(|slots| slots.first_chunk()) else {
            return usize::MAX;
        };
        let slot = field.map_or(own, |field| own + 1 + field.index());
        if slot < end { slot } else { usize::MAX }
    }

    #[inline]
    pub(super) fn score(&self, score: ScoreId) -> usize {
        let slot = self.scores + score.index();
        if slot < self.actions { slot } else { usize::MAX }
    }

    #[inline]
    pub(super) fn action(&self, action: ActionId) -> usize {
        let slot = self.actions + action.index();
        if slot < self.spend() { slot } else { usize::MAX }
    }

    #[inline]
    pub(super) fn spend(&self) -> usize {
        self.actions + self.kinds.len()
    }

    pub(super) fn kind_of(&self, action: ActionId) -> Option<ActionKind> {
        self.kinds.get(action.index()).copied()
    }

    #[inline]
    pub(super) fn cell(&self, agent: AgentId, slot: usize) -> Option<Cell> {
        if agent.index() >= self.agents {
            return None;
        }
        self.cells.get(slot.checked_mul(self.agents)? + agent.index()).copied()
    }

    #[inline]
    pub(super) fn writes(&self, cell: Cell, target: Target<'_>) -> Decision<'_> {
        let enough = if target.own { WRITE | CREATE } else { WRITE };
        if cell.bits & (ONLY | ASK) != 0 {
            return self.writes_within(cell, target, enough);
        }
        if cell.bits & enough != 0 { Decision::Allowed } else { cell.denied() }
    }

    fn writes_within(&self, cell: Cell, target: Target<'_>, enough: u8) -> Decision<'_> {
        let Some(words) = self.words.get(cell.words as usize) else { return cell.denied() };
        if cell.bits & (enough | ASK) == 0 {
            return cell.denied();
        }
        let within = words.only.is_empty()
            || target.purpose.is_some_and(|purpose| words.only.iter().any(|only| only.as_str() == purpose));
        match (within, cell.bits & ASK != 0) {
            (false, _) => Decision::Denied { row: cell.row(), reason: Reason::OtherPurpose },
            (true, true) => Decision::AskHuman { role: words.ask.as_deref() },
            (true, false) => Decision::Allowed,
        }
    }

    /// A cell about an action or about spending.
    pub(super) fn acts(&self, cell: Cell) -> Decision<'_> {
        self.writes(cell, Target { purpose: None, own: true })
    }
}

/// How the table says that any person will do.
const ANYBODY: &str = "human";

impl Cell {
    #[inline]
    pub(super) fn reads<'a>(self) -> Decision<'a> {
        if self.bits & READ != 0 { Decision::Allowed } else { self.denied() }
    }

    fn row(self) -> Option<u32> {
        (self.row != NO_ROW).then_some(self.row)
    }

    #[inline]
    fn denied<'a>(self) -> Decision<'a> {
        let reason = if self.row == NO_ROW {
            Reason::NoRow
        } else if self.bits & CREATE != 0 {
            Reason::OnlyCreates
        } else if self.bits & READ != 0 {
            Reason::OnlyReads
        } else {
            Reason::Empty
        };
        Decision::Denied { row: self.row(), reason }
    }
}
