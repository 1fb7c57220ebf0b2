//! What an agent attempts, and how that is said to people.

use compiler::program::{ActionId, EntityId, FieldId, Program, ScoreId};

/// What an agent attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempt<'a> {
    /// To see a field of a record; what belongs to it where absent.
    Read {
        /// Of which kind.
        entity: EntityId,
        /// Which.
        field: Option<FieldId>,
    },
    /// To change one.
    Write {
        /// Of which kind.
        entity: EntityId,
        /// Which.
        field: Option<FieldId>,
        /// Of what record.
        target: Target<'a>,
    },
    /// To make a new record.
    Create {
        /// Of which kind.
        entity: EntityId,
        /// An Activity's purpose.
        purpose: Option<&'a str>,
    },
    /// To see a score.
    ReadScore(ScoreId),
    /// To ask for a score to be computed.
    Score(ScoreId),
    /// To do something.
    Act(ActionId),
}

/// The record that an agent wants to change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Target<'a> {
    /// An Activity's purpose: `outreach`.
    pub purpose: Option<&'a str>,
    /// The agent itself made it.
    pub own: bool,
}

impl<'a> Attempt<'a> {
    /// `change`, `read`, `create`, `ask for`, `do`.
    pub(super) const fn verb(&self) -> &'static str {
        match self {
            Self::Read { .. } | Self::ReadScore(_) => "read",
            Self::Write { .. } => "change",
            Self::Create { .. } => "create",
            Self::Score(_) => "ask for",
            Self::Act(_) => "do",
        }
    }

    pub(super) const fn purpose(&self) -> Option<&'a str> {
        match self {
            Self::Write { target, .. } => target.purpose,
            Self::Create { purpose, .. } => *purpose,
            _ => None,
        }
    }

    /// As a row of the table names it: `Deal.stage`, `Contact.icp`, `send.email`.
    pub(super) fn object(&self, program: &Program) -> String {
        let entity_of = |entity: EntityId| program.entities.get(entity.index());
        let name_of = |entity| entity_of(entity).map(|entity| entity.name.to_string()).unwrap_or_default();
        match *self {
            Self::Read { entity, field } | Self::Write { entity, field, .. } => {
                let field = field.and_then(|field| entity_of(entity)?.fields.get(field.index()));
                field.map_or_else(|| name_of(entity), |field| format!("{}.{}", name_of(entity), field.name))
            }
            Self::Create { entity, .. } => name_of(entity),
            Self::ReadScore(score) | Self::Score(score) => program
                .scores
                .get(score.index())
                .map(|score| format!("{}.{}", name_of(score.entity), score.name))
                .unwrap_or_default(),
            Self::Act(action) => program.actions.get(action.index()).map(written).unwrap_or_default(),
        }
    }
}

/// `send.email`
pub(super) fn written(action: &compiler::program::Action) -> String {
    match &action.variant {
        Some(variant) => format!("{}.{variant}", action.name),
        None => action.name.to_string(),
    }
}
