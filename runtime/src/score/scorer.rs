//! The scorer: a playbook linked for one instant, and what it says of records.

use std::collections::BTreeMap;
use std::sync::Arc;

use compiler::program::{Condition, EntityId, FieldPath, Fixed, PhrasesId, Program, ScoreId, ScoreRef, Term};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::error::LinkError;
use super::evaluate::{self, State};
use super::evaluation::{Evaluation, Judged, Outcomes, Standing, standing};
use super::link::{Asks, Linker};
use super::load::{Batch, FieldValue, Row, RowBuilder};
use super::phrases::PhraseFinder;
use super::plan::{Plan, ScorePlan};
use super::sheet::Sheets;
use super::words::Reader;
use crate::facts::{Coverage, Facts};

/// A playbook's scores, ready to judge records at one instant. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Scorer {
    program: Arc<Program>,
    pub(super) now: Timestamp,
    coverage: Arc<Coverage>,
    /// What the coverage says is so at any instant.
    pub(super) is_steady: bool,
    pub(super) entities: Arc<[Linked]>,
    pub(super) reader: Arc<Reader>,
}

#[derive(Debug)]
pub(super) struct Linked {
    pub(super) plan: Plan,
    pub(super) finder: PhraseFinder,
    pub(super) judged: Judged,
    sheets: Sheets,
}

impl Scorer {
    /// Links all scores of a playbook, for one instant and what the sources report.
    ///
    /// # Errors
    /// Where the Program is damaged or asks for what the compiler would have refused.
    pub fn link(program: &Program, now: Timestamp, coverage: &Coverage) -> Result<Self, LinkError> {
        Self::link_shared(Arc::new(program.clone()), now, coverage)
    }

    /// The same, sharing the Program.
    ///
    /// # Errors
    /// As [`Scorer::link`].
    pub fn link_shared(program: Arc<Program>, now: Timestamp, coverage: &Coverage) -> Result<Self, LinkError> {
        Self::link_with(program, now, coverage, &BTreeMap::new())
    }

    /// Links the scores, and conditions and terms beside them that are asked of records, by entity.
    pub(super) fn link_with(
        program: Arc<Program>,
        now: Timestamp,
        coverage: &Coverage,
        asks: &BTreeMap<EntityId, Asks<'_>>,
    ) -> Result<Self, LinkError> {
        let mut entities = Vec::new();
        let nothing = Asks::default();
        for (id, _) in (0..).zip(&program.entities) {
            let entity = EntityId(id);
            let plan = Linker::link(&program, entity, now, coverage, asks.get(&entity).unwrap_or(&nothing))?;
            let phrases = (0..).zip(&plan.heard).flat_map(|(place, heard)| {
                let texts =
                    program.phrases.get(heard.phrases.index()).map(|set| set.texts.as_slice()).unwrap_or_default();
                texts.iter().map(move |text| (PhrasesId(place), text.as_str()))
            });
            let finder = PhraseFinder::new(phrases).map_err(|error| LinkError::Phrases(error.to_string()))?;
            entities.push(Linked { judged: Judged::of(&plan), sheets: Sheets::default(), plan, finder });
        }
        let zone =
            TimeZone::get(&program.client.timezone).map_err(|_| LinkError::Zone(program.client.timezone.clone()))?;
        let reader = Arc::new(Reader { zone, currency: program.client.currency.clone() });
        let (is_steady, coverage) = (coverage.is_steady(), Arc::new(coverage.clone()));
        Ok(Self { program, now, coverage, is_steady, entities: entities.into(), reader })
    }

    /// The playbook.
    #[must_use]
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// The same, to keep beside what borrows the scorer.
    pub(super) fn shared(&self) -> (Arc<Program>, Arc<Coverage>) {
        (Arc::clone(&self.program), Arc::clone(&self.coverage))
    }

    pub(super) fn reader(&self) -> &Reader {
        &self.reader
    }

    /// The instant it was linked for.
    #[must_use]
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// What the sources report.
    #[must_use]
    pub fn coverage(&self) -> &Coverage {
        &self.coverage
    }

    /// Whether a score's route may act by itself after so many decisions; before that it asks a person.
    #[must_use]
    pub fn trusted(&self, score: ScoreId, decisions: u64) -> bool {
        let score = self.program.scores.get(score.index());
        score.is_some_and(|score| score.trust_after.is_none_or(|after| decisions >= u64::from(after)))
    }

    pub(super) fn linked(&self, entity: EntityId) -> Option<&Linked> {
        self.entities.get(entity.index())
    }

    pub(super) fn plan_of(&self, score: ScoreId) -> Option<(&Plan, &ScorePlan, usize)> {
        let entity = self.program.scores.get(score.index())?.entity;
        let plan = &self.linked(entity)?.plan;
        let place = plan.scores.iter().position(|known| known.id == score)?;
        Some((plan, plan.scores.get(place)?, place))
    }

    /// Takes in records of an entity one after another. With words, rows can be explained; batches need none.
    #[must_use]
    pub fn builder(&self, entity: EntityId, words: bool) -> Option<RowBuilder<'_>> {
        self.linked(entity).map(|linked| RowBuilder::new(&linked.plan, &linked.finder, &linked.sheets, words))
    }

    /// An empty batch for records of an entity.
    #[must_use]
    pub fn batch(&self, entity: EntityId) -> Option<Batch> {
        self.linked(entity).map(|linked| Batch::new(linked.plan.shape))
    }

    /// One record's facts made ready.
    #[must_use]
    pub fn row(&self, entity: EntityId, facts: &Facts) -> Option<Row> {
        let mut builder = self.builder(entity, true)?;
        self.fill(entity, &mut builder, facts);
        Some(builder.into_row())
    }

    /// Gives one record's facts to a builder.
    pub fn fill(&self, entity: EntityId, builder: &mut RowBuilder<'_>, facts: &Facts) {
        let Some(linked) = self.linked(entity) else { return };
        let plan = &linked.plan;
        for (place, relation) in plan.relations.iter().enumerate() {
            let leads = |path: &FieldPath| {
                let walked = path.relations.iter().chain([&path.field]);
                path.entity == entity && walked.take(relation.len()).eq(relation)
            };
            if facts.fields.keys().any(leads) {
                builder.related(place);
            }
        }
        for (place, slot) in plan.fields.iter().enumerate() {
            if let Some(value) = facts.fields.get(&slot.path) {
                builder.field(place, FieldValue::from(value));
            }
            if let Some(&at) = facts.observed.get(&slot.path) {
                builder.observed(place, at);
            }
        }
        for event in &facts.events {
            builder.event(event.event, event.at.as_microsecond(), &event.fields);
        }
        for said in &facts.conversations {
            builder.said(said.at.as_microsecond(), &said.text);
        }
    }

    /// Which sets of phrases a text holds, for [`RowBuilder::heard`]: the same whatever the instant.
    #[must_use]
    pub fn phrases_in(&self, entity: EntityId, text: &str) -> Vec<u32> {
        let Some(linked) = self.linked(entity).filter(|linked| !linked.finder.is_empty()) else { return Vec::new() };
        let mut folded = String::new();
        super::phrases::fold(text, &mut folded);
        let mut found: Vec<u32> = linked.finder.finds(&folded).map(|find| find.set.0).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// A place for what the scores of an entity say, to be used again and again.
    #[must_use]
    pub fn evaluation(&self, entity: EntityId) -> Option<Evaluation> {
        self.linked(entity).map(Evaluation::new)
    }

    /// Judges one record.
    #[must_use]
    pub fn evaluate(&self, entity: EntityId, row: &Row) -> Option<Evaluation> {
        let mut evaluation = self.evaluation(entity)?;
        self.evaluate_into(entity, row, &mut evaluation);
        Some(evaluation)
    }

    /// Judges one record, in the place of an earlier judgement where that was made for the same entity by this scorer.
    #[must_use]
    pub fn evaluate_again(&self, entity: EntityId, row: &Row, before: Option<Evaluation>) -> Option<Evaluation> {
        let linked = self.linked(entity)?;
        let fits = |before: &Evaluation| before.is_for(linked);
        let mut evaluation = before.filter(fits).unwrap_or_else(|| Evaluation::new(linked));
        evaluate::run(&linked.plan, &row.record, &mut evaluation.state);
        Some(evaluation)
    }

    /// Judges one record into a place made for the same entity by [`Scorer::evaluation`].
    pub fn evaluate_into(&self, entity: EntityId, row: &Row, evaluation: &mut Evaluation) {
        if let Some(linked) = self.linked(entity) {
            evaluate::run(&linked.plan, &row.record, &mut evaluation.state);
        }
    }

    /// Judges many records.
    #[must_use]
    pub fn evaluate_batch(&self, entity: EntityId, batch: &Batch) -> Option<Outcomes> {
        let plan = &self.linked(entity)?.plan;
        let mut state = State::<64>::new(plan);
        let mut outcomes = Outcomes::with_room(plan, batch.len());
        batch.for_each_block(|block| {
            evaluate::run(plan, block, &mut state);
            outcomes.append(&state);
        });
        Some(outcomes)
    }

    /// A condition's value for one record, scores as they stand: none is unknown.
    pub(crate) fn condition(
        &self,
        entity: EntityId,
        facts: &Facts,
        condition: &Condition,
    ) -> Result<Option<bool>, LinkError> {
        let asks = BTreeMap::from([(entity, Asks { conditions: vec![condition], terms: Vec::new() })]);
        let scorer = Self::link_with(Arc::clone(&self.program), self.now, &self.coverage, &asks)?;
        let (Some(row), Some(linked)) = (scorer.row(entity, facts), scorer.linked(entity)) else { return Ok(None) };
        let mut state = State::<1>::new(&linked.plan);
        evaluate::run(&linked.plan, &row.record, &mut state);
        Ok(linked.plan.asked_conditions.first().and_then(|&literal| state.truth(literal).first()))
    }

    /// A term's range for one record, scores as they stand: none is unknown.
    pub(crate) fn term(
        &self,
        entity: EntityId,
        facts: &Facts,
        term: &Term,
    ) -> Result<Option<(Fixed, Fixed)>, LinkError> {
        let asks = BTreeMap::from([(entity, Asks { conditions: Vec::new(), terms: vec![term] })]);
        let scorer = Self::link_with(Arc::clone(&self.program), self.now, &self.coverage, &asks)?;
        let (Some(row), Some(linked)) = (scorer.row(entity, facts), scorer.linked(entity)) else { return Ok(None) };
        let mut state = State::<1>::new(&linked.plan);
        evaluate::run(&linked.plan, &row.record, &mut state);
        Ok(linked.plan.asked_terms.first().and_then(|&term| evaluate::number(&linked.plan, term, &row.record, &state)))
    }
}

impl Scorer {
    /// A layer's value and range, or its whole score's.
    #[must_use]
    pub fn standing(&self, evaluation: &Evaluation, of: ScoreRef) -> Option<Standing> {
        let Some(layer) = of.layer else { return evaluation.score(of.score) };
        let (_, plan, _) = self.plan_of(of.score)?;
        let place = plan.layers.clone().nth(layer as usize)?;
        evaluation.state.layers.get(place).map(standing)
    }
}
