//! `experiment NAME { try … success … }`: what is tried, and what counts as success.

use crate::grammar::{Context, Form, Rule};
use crate::structure::Clause;
use crate::syntax::{Experiment, ExperimentClause};

use super::act;
use super::reader::Reader;

impl Reader<'_> {
    /// The declaration.
    pub(super) fn experiment(&mut self, clause: &Clause, form: Form) -> Option<Experiment> {
        let name = self.read(clause, form, |_, node| Some(node.child(Rule::name)?.name()))?;
        let clauses = Self::inner(clause).iter().filter_map(|clause| self.experiment_clause(clause)).collect();
        Some(Experiment { name, clauses })
    }

    /// One clause of an experiment, or of a refinement of one.
    pub(super) fn experiment_clause(&mut self, clause: &Clause) -> Option<ExperimentClause> {
        let form = self.form(clause, Context::Experiment)?;
        self.read(clause, form, |_, node| {
            let span = node.span();
            Some(match node.rule() {
                Rule::try_out => ExperimentClause::Try { variants: act::names(&node), span },
                Rule::choose => {
                    ExperimentClause::Choose { how: node.child(Rule::name)?.name(), by: node.has(Rule::BY), span }
                }
                Rule::exposure => ExperimentClause::AtLeast { share: act::percent(&node.child(Rule::PERCENT)?), span },
                Rule::hold_out => ExperimentClause::HoldOut { share: act::percent(&node.child(Rule::PERCENT)?), span },
                Rule::forget => ExperimentClause::Forget { every: node.child(Rule::duration)?.duration()?, span },
                Rule::stop => ExperimentClause::Stop {
                    probability: act::percent(&node.child(Rule::PERCENT)?),
                    after: node.child(Rule::NUMBER)?.count(),
                    span,
                },
                _ => ExperimentClause::Success {
                    event: node.child(Rule::path)?.path(),
                    within: act::within(&node),
                    span,
                },
            })
        })
    }
}
