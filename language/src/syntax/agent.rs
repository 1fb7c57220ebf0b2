//! Agents, as written.

use super::{Name, Text};
use crate::Span;
use derive_visitor::DriveMut;

/// `agent LeadGen { runs LeadGeneration … }`
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub struct Agent {
    /// Its name.
    pub name: Name,
    /// What is in its block, in source order.
    pub clauses: Vec<AgentClause>,
}

/// A clause of an agent.
#[derive(Clone, Debug, PartialEq, DriveMut)]
pub enum AgentClause {
    /// `runs LeadGeneration, Advertising`
    Runs {
        /// Workflows, one or more.
        workflows: Vec<Name>,
        /// The clause.
        span: Span,
    },
    /// `hands "prospect list" to founder`
    Hands {
        /// What.
        what: Text,
        /// `human`, or a person's name.
        to: Name,
        /// The clause.
        span: Span,
    },
}
