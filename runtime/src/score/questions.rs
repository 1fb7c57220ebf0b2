//! The next best question: which unknown fact could change a route most, and what it could bring.

use compiler::program::{Asked, Fixed, LabelId, ScoreId};

use super::alternatives;
use super::evaluate::State;
use super::evaluation::Evaluation;
use super::load::Row;
use super::plan::{Leaf, Plan, Reading, RuleKind};
use super::scorer::Scorer;
use crate::facts::Facts;

/// A fact that nobody knows and some rule asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// What to find out.
    pub asked: Asked,
    /// The same in words: a field's path, an event's name, `conversation`.
    pub words: String,
    /// The route that it could bring which lies furthest from the present one; none where it could bring no other.
    pub route: Option<LabelId>,
    /// How much the same answer would change the score, with its sign; where it brings no other route, the largest change.
    pub points: Fixed,
}

/// Where a score stands with some fact changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Outcome {
    pub(super) route: Option<LabelId>,
    pub(super) value: Fixed,
}

impl Scorer {
    /// The unknown facts that a score asks for, those first that could change its route most, then its points, then in
    /// source order.
    #[must_use]
    pub fn questions(&self, score: ScoreId, facts: &Facts) -> Vec<Question> {
        let Some((plan, _, place)) = self.plan_of(score) else { return Vec::new() };
        let Some(row) = self.row(plan.entity, facts) else { return Vec::new() };
        let Some(evaluation) = self.evaluate(plan.entity, &row) else { return Vec::new() };
        let mut search = Search { plan, row: &row, state: &evaluation.state, asked: Vec::new(), seen: Vec::new() };
        search.score(place);
        let asked = search.asked;
        let now = self.outcome(score, &evaluation);
        let labels = self.program().scores.get(score.index()).map_or(0, |score| score.labels.len());
        let mut questions: Vec<(usize, Question)> = Vec::new();
        for asked in asked {
            let outcomes = alternatives::of(self, plan, &asked, facts)
                .into_iter()
                .filter_map(|alternative| self.judge(score, &alternative.apply(facts, self.now())));
            // Route and points are those of one and the same answer: the one that leads furthest.
            let (mut route, mut far, mut points) = (None, 0, Fixed::ZERO);
            for outcome in outcomes {
                let away = distance(labels, now.route, outcome.route);
                let change = outcome.value.minus(now.value);
                if (away, change.0.unsigned_abs()) > (far, points.0.unsigned_abs()) {
                    (far, points) = (away, change);
                    route = (away > 0).then_some(outcome.route).flatten();
                }
            }
            let words = self.asked_words(&asked);
            questions.push((far, Question { asked, words, route, points }));
        }
        questions.sort_by_key(|(far, question)| std::cmp::Reverse((*far, question.points.0.unsigned_abs())));
        questions.into_iter().map(|(_, question)| question).collect()
    }

    /// What is asked, in words.
    #[must_use]
    pub fn asked_words(&self, asked: &Asked) -> String {
        match asked {
            Asked::Field(path) => self.program().path_name(path),
            Asked::Event(event) => {
                self.program().events.get(event.index()).map(|event| event.name.to_string()).unwrap_or_default()
            }
            Asked::Conversation => "conversation".to_owned(),
        }
    }

    pub(super) fn judge(&self, score: ScoreId, facts: &Facts) -> Option<Outcome> {
        let entity = self.program().scores.get(score.index())?.entity;
        let evaluation = self.evaluate(entity, &self.row(entity, facts)?)?;
        Some(self.outcome(score, &evaluation))
    }

    pub(super) fn outcome(&self, score: ScoreId, evaluation: &Evaluation) -> Outcome {
        Outcome {
            route: evaluation.route(score),
            value: evaluation.score(score).map_or(Fixed::ZERO, |standing| standing.value),
        }
    }
}

/// How far apart two routes are, in the order of the labels; no route lies behind the last.
pub(super) fn distance(labels: usize, one: Option<LabelId>, other: Option<LabelId>) -> usize {
    let place = |label: Option<LabelId>| label.map_or(labels, LabelId::index);
    place(one).abs_diff(place(other))
}

/// Collects what is unknown and asked for, in source order.
struct Search<'a> {
    plan: &'a Plan,
    row: &'a Row,
    state: &'a State<1>,
    asked: Vec<Asked>,
    seen: Vec<Reading>,
}

impl Search<'_> {
    fn score(&mut self, place: usize) {
        let Some(score) = self.plan.scores.get(place) else { return };
        for layer in score.layers.clone() {
            self.layer(layer);
        }
        let certain = self.state.routes.get(place).is_none_or(|routing| routing.certain & 1 == 1);
        for line in score.routes.iter().filter(|_| !certain) {
            self.leaves(&line.leaves);
        }
    }

    fn layer(&mut self, place: usize) {
        let Some(layer) = self.plan.layers.get(place).filter(|layer| !layer.left_out) else { return };
        let Some(score) = self.plan.scores.get(layer.score) else { return };
        for rule in self.state.open_of(score, layer).filter_map(|number| layer.rules.get(number)) {
            match rule.kind {
                RuleKind::Each { .. } => rule.leaves.iter().for_each(|leaf| self.unreported(leaf)),
                _ => self.leaves(&rule.leaves),
            }
            if matches!(rule.kind, RuleKind::Fading { .. }) {
                rule.leaves.iter().for_each(|leaf| self.unreported(leaf));
            }
        }
    }

    fn leaves(&mut self, leaves: &[Leaf]) {
        for leaf in leaves {
            let stale = leaf.stale.iter().any(|&flag| self.row.record.flag(flag));
            if self.state.truth(leaf.literal).first().is_some() && !stale {
                continue;
            }
            for reading in &leaf.reads {
                self.reading(reading, stale);
            }
        }
    }

    fn reading(&mut self, reading: &Reading, stale: bool) {
        match *reading {
            Reading::Field(place) => {
                let Some(slot) = self.plan.fields.get(place as usize) else { return };
                let old = self
                    .plan
                    .freshness
                    .iter()
                    .any(|freshness| stale && freshness.field == place && self.row.record.flag(freshness.flag));
                if old || !self.row.record.is_known(slot.known) {
                    self.ask(reading);
                }
            }
            Reading::Query(place) | Reading::Calculation(place, _) => {
                let complete = self.plan.queries.get(place as usize).map(|query| query.complete);
                if complete.is_some_and(|complete| !self.row.record.is_known(complete)) {
                    self.ask(reading);
                }
            }
            Reading::Heard(_) => self.ask(reading),
            Reading::Layer(place) if self.first_time(reading) => self.layer(place as usize),
            Reading::Score(place) if self.first_time(reading) => self.score(place as usize),
            Reading::Layer(_) | Reading::Score(_) => {}
        }
    }

    /// Events that could still come to light, though the rule gives points already.
    fn unreported(&mut self, leaf: &Leaf) {
        for reading in &leaf.reads {
            match reading {
                Reading::Query(_) => self.reading(reading, false),
                Reading::Heard(_) if !self.plan.conversations_reported => self.ask(reading),
                _ => {}
            }
        }
    }

    fn first_time(&mut self, reading: &Reading) -> bool {
        let new = !self.seen.contains(reading);
        self.seen.push(reading.clone());
        new
    }

    fn ask(&mut self, reading: &Reading) {
        for asked in self.plan.asked(reading) {
            if !self.asked.contains(&asked) {
                self.asked.push(asked);
            }
        }
    }
}
