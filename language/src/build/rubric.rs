//! `rubric NAME from TEXT { … }`: a scorecard for a text.

use crate::grammar::{Context, Form, Rule};
use crate::structure::Clause;
use crate::syntax::{Rubric, RubricLine};

use super::act;
use super::reader::Reader;

impl Reader<'_> {
    /// The declaration.
    pub(super) fn rubric(&mut self, clause: &Clause, form: Form) -> Option<Rubric> {
        let rubric = self.read(clause, form, |_, node| {
            Some(Rubric {
                name: node.child(Rule::name)?.name(),
                from: node.child(Rule::path)?.path(),
                confirmed_by: act::actor(&node),
                lines: Vec::new(),
            })
        })?;
        let lines = Self::inner(clause).iter().filter_map(|clause| self.rubric_line(clause)).collect();
        Some(Rubric { lines, ..rubric })
    }

    /// One line of a rubric, or of a refinement of one.
    pub(super) fn rubric_line(&mut self, clause: &Clause) -> Option<RubricLine> {
        let form = self.form(clause, Context::Rubric)?;
        self.read(clause, form, |_, node| {
            Some(RubricLine {
                points: node.child(Rule::NUMBER)?.count(),
                text: node.child(Rule::text)?.quoted(),
                span: node.span(),
            })
        })
    }
}
