//! `agent NAME { … }`: which workflows it runs, and what it hands to whom.

use crate::grammar::{Context, Form, Rule};
use crate::structure::Clause;
use crate::syntax::{Agent, AgentClause};

use super::act;
use super::reader::Reader;

impl Reader<'_> {
    /// The declaration.
    pub(super) fn agent(&mut self, clause: &Clause, form: Form) -> Option<Agent> {
        let name = self.read(clause, form, |_, node| Some(node.child(Rule::name)?.name()))?;
        let clauses = Self::inner(clause).iter().filter_map(|clause| self.agent_clause(clause)).collect();
        Some(Agent { name, clauses })
    }

    /// One clause of an agent, or of a refinement of one.
    pub(super) fn agent_clause(&mut self, clause: &Clause) -> Option<AgentClause> {
        let form = self.form(clause, Context::Agent)?;
        self.read(clause, form, |_, node| {
            let span = node.span();
            Some(match node.rule() {
                Rule::runs => AgentClause::Runs { workflows: act::names(&node), span },
                _ => AgentClause::Hands {
                    what: node.child(Rule::text)?.quoted(),
                    to: node.child(Rule::name)?.name(),
                    span,
                },
            })
        })
    }
}
