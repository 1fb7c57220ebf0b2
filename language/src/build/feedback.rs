//! `feedback from WORKFLOW to WORKFLOW { … }`: what one workflow learns, said to another.

use crate::grammar::{Context, Form, Rule};
use crate::structure::Clause;
use crate::syntax::{Feedback, FeedbackLine};

use super::act;
use super::reader::Reader;

impl Reader<'_> {
    /// The declaration.
    pub(super) fn feedback(&mut self, clause: &Clause, form: Form) -> Option<Feedback> {
        let mut feedback = self.read(clause, form, |_, node| {
            let mut names = node.all(Rule::name).map(|name| name.name());
            Some(Feedback { from: names.next()?, to: names.next()?, lines: Vec::new() })
        })?;
        for clause in Self::inner(clause) {
            let Some(form) = self.form(clause, Context::Feedback) else { continue };
            feedback.lines.extend(self.read(clause, form, |_, node| {
                Some(FeedbackLine {
                    count: node.child(Rule::NUMBER)?.count(),
                    outcome: node.child(Rule::name)?.name(),
                    in_a_row: node.has(Rule::ROW),
                    ask: act::ask(&node)?,
                    span: node.span(),
                })
            }));
        }
        Some(feedback)
    }
}
