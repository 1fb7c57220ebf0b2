//! Conditions and terms that somebody beside the scores asks: workflows, priorities. Linked once, judged in the same run as the
//! record's scores.

use std::collections::BTreeMap;
use std::sync::Arc;

use compiler::program::{Condition, EntityId, Fixed, Program, Term};
use jiff::Timestamp;

use super::error::LinkError;
use super::evaluate;
use super::evaluation::Evaluation;
use super::link::Asks;
use super::load::Row;
use super::scorer::Scorer;
use crate::facts::Coverage;

/// What is asked, by the entity of the records that it is asked of; answers are given by the place here.
#[derive(Clone, Debug, Default)]
pub struct Asking<'p> {
    by_entity: BTreeMap<EntityId, Asks<'p>>,
}

/// What a condition is for a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// By Kleene's logic, with scores as ranges; none is unknown.
    pub possible: Option<bool>,
    /// With scores as they stand now; none is unknown.
    pub current: Option<bool>,
}

impl<'p> Asking<'p> {
    /// Asks a condition; gives its place.
    pub fn condition(&mut self, entity: EntityId, condition: &'p Condition) -> usize {
        let conditions = &mut self.by_entity.entry(entity).or_default().conditions;
        conditions.push(condition);
        conditions.len() - 1
    }

    /// Asks a term; gives its place.
    pub fn term(&mut self, entity: EntityId, term: &'p Term) -> usize {
        let terms = &mut self.by_entity.entry(entity).or_default().terms;
        terms.push(term);
        terms.len() - 1
    }
}

impl Scorer {
    /// Links all scores of a playbook and what is asked beside them.
    ///
    /// # Errors
    /// As [`Scorer::link`].
    pub fn link_asking(
        program: Arc<Program>,
        now: Timestamp,
        coverage: &Coverage,
        asking: &Asking<'_>,
    ) -> Result<Self, LinkError> {
        Self::link_with(program, now, coverage, &asking.by_entity)
    }

    /// What the condition at that place is; none where there is no such place.
    #[must_use]
    pub fn answer(&self, entity: EntityId, evaluation: &Evaluation, place: usize) -> Option<Answer> {
        let plan = &self.linked(entity)?.plan;
        let truth = |literal| evaluation.state.truth(literal).first();
        let (possible, current) = (plan.asked_possible.get(place)?, plan.asked_conditions.get(place)?);
        Some(Answer { possible: truth(*possible), current: truth(*current) })
    }

    /// The range of the term at that place, scores as they stand; none while it is unknown.
    #[must_use]
    pub fn range(&self, entity: EntityId, row: &Row, evaluation: &Evaluation, place: usize) -> Option<(Fixed, Fixed)> {
        let plan = &self.linked(entity)?.plan;
        evaluate::number(plan, *plan.asked_terms.get(place)?, &row.record, &evaluation.state)
    }
}
