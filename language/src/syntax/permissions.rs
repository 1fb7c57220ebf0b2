//! The table of permissions, as written.

use super::{Name, Path};
use crate::Span;
use derive_visitor::DriveMut;

/// `permissions { | … | }`
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct Permissions {
    /// In source order; the first names the agents.
    pub rows: Vec<PermissionRow>,
}

/// A row of the table.
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub enum PermissionRow {
    /// `|  | LeadGen | Conversion |`
    Agents {
        /// One a column, in order.
        agents: Vec<Name>,
        /// The row.
        span: Span,
    },
    /// `| Deal.stage |  | create |`
    Rights {
        /// Entities, fields or acts, one or more.
        subjects: Vec<Path>,
        /// One a column, in order.
        cells: Vec<PermissionCell>,
        /// The row.
        span: Span,
    },
}

/// A cell of the table.
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct PermissionCell {
    /// None where it is empty: denied.
    pub right: Option<Right>,
    /// The words; where it is empty, what is between the bars.
    pub span: Span,
}

/// What an agent may.
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub enum Right {
    /// `read`
    Read,
    /// `write`, `write outreach, proposal`: all kinds where none is named
    Write(Vec<Name>),
    /// `create`, `create outreach`
    Create(Vec<Name>),
    /// `ask human`
    Ask(Name),
}
