//! The engine's questions about facts, answered from what a shell keeps: one snapshot, one instant, each record read once a step.

use compiler::program::{Condition, EntityId, ExperimentId, Fixed, ScoreId, ScoreRef, Subject, Term};
use jiff::Timestamp;
use smol_str::SmolStr;

use super::kept::Kept;
use super::policy;
use crate::engine::{Judge, RecordRef, Scored, Sending};
use crate::experiments::{self, Chosen};
use crate::runner::Book;
use crate::score::{Answer, Evaluation, Row, Scorer};

/// Answers for one step.
pub struct FactJudge<'a, K: Kept> {
    kept: &'a K,
    book: &'a Book,
    scorer: &'a Scorer,
    now: Timestamp,
    /// The case's record.
    record: &'a RecordRef,
    known: Judged,
    /// The first thing that went wrong; the step that it fell into is not to be kept.
    pub failed: Option<K::Failure>,
}

/// What was judged of records at one instant: to be asked again as long as nothing is new.
#[derive(Default)]
pub struct Judged {
    known: Vec<((EntityId, i64), Option<Known>)>,
    /// What holds no more: the next judgements take its room.
    stale: Vec<(EntityId, Evaluation)>,
}

impl Judged {
    /// Something is new: nothing of it holds any more.
    #[must_use]
    pub fn forgotten(mut self) -> Self {
        let known = self.known.drain(..).filter_map(|((entity, _), known)| Some((entity, known?.evaluation)));
        self.stale.extend(known);
        self
    }
}

struct Known {
    row: Row,
    evaluation: Evaluation,
}

impl<'a, K: Kept> FactJudge<'a, K> {
    /// Of one case, at one instant, for which the scorer is linked.
    pub fn new(kept: &'a K, book: &'a Book, scorer: &'a Scorer, now: Timestamp, record: &'a RecordRef) -> Self {
        Self { kept, book, scorer, now, record, known: Judged::default(), failed: None }
    }

    /// The same, which knows what was judged before at this instant, while nothing was new since.
    #[must_use]
    pub fn knowing(mut self, known: Judged) -> Self {
        self.known = known;
        self
    }

    /// What was judged.
    #[must_use]
    pub fn into_judged(self) -> Judged {
        self.known
    }

    fn note<T>(&mut self, result: Result<T, K::Failure>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                self.failed.get_or_insert(error);
                None
            }
        }
    }

    /// Which record a subject is, seen from another one.
    fn subject(&mut self, of: &RecordRef, subject: Subject) -> Option<(EntityId, i64)> {
        let entity = self.book.entity_of(subject)?;
        let own = self.book.program.entity(&of.entity)?;
        if own == entity {
            return Some((entity, of.id));
        }
        let (contact, deal) = (self.book.contact, self.book.deal);
        let found = if Some(entity) == contact && Some(own) == deal {
            let found = self.kept.contact_of(of.id);
            self.note(found)
        } else if Some(entity) == deal && Some(own) == contact {
            let found = self.kept.deal_of(of.id);
            self.note(found)
        } else {
            None
        };
        Some((entity, found.flatten()?))
    }

    fn known(&mut self, entity: EntityId, id: i64) -> Option<&Known> {
        let is_it = |(key, _): &((EntityId, i64), Option<Known>)| *key == (entity, id);
        let place = match self.known.known.iter().position(is_it) {
            Some(place) => place,
            None => {
                let row = self.kept.row(self.scorer, entity, id);
                let row = self.note(row).flatten();
                let known = row.and_then(|row| self.judged(entity, row));
                self.known.known.push(((entity, id), known));
                self.known.known.len() - 1
            }
        };
        self.known.known.get(place).and_then(|(_, known)| known.as_ref())
    }

    fn judged(&mut self, entity: EntityId, row: Row) -> Option<Known> {
        let stale = &mut self.known.stale;
        let room = stale.iter().rposition(|(of, _)| *of == entity).map(|place| stale.swap_remove(place).1);
        let evaluation = self.scorer.evaluate_again(entity, &row, room)?;
        Some(Known { row, evaluation })
    }

    fn answer(&mut self, of: &RecordRef, subject: Subject, condition: &Condition) -> Option<Answer> {
        let place = self.book.condition(condition)?;
        let (entity, id) = self.subject(of, subject)?;
        let scorer = self.scorer;
        let known = self.known(entity, id)?;
        scorer.answer(entity, &known.evaluation, place)
    }

    fn contact(&mut self) -> Option<i64> {
        self.subject(self.record, Subject::Contact).map(|(_, id)| id)
    }
}

impl<K: Kept> Judge for FactJudge<'_, K> {
    fn holds(&mut self, of: &RecordRef, subject: Subject, condition: &Condition) -> Option<bool> {
        self.answer(of, subject, condition)?.possible
    }

    fn holds_for_now(&mut self, of: &RecordRef, subject: Subject, condition: &Condition) -> bool {
        self.answer(of, subject, condition).and_then(|answer| answer.current) == Some(true)
    }

    fn value(&mut self, of: &RecordRef, subject: Subject, term: &Term) -> Option<Fixed> {
        let place = self.book.term(term)?;
        let (entity, id) = self.subject(of, subject)?;
        let scorer = self.scorer;
        let known = self.known(entity, id)?;
        // What is counted where not all is reported is a lower bound: it can show that a threshold is passed upwards.
        let (low, _) = scorer.range(entity, &known.row, &known.evaluation, place)?;
        Some(low)
    }

    fn fits(&mut self, row: i64, filter: &Condition) -> bool {
        let Some(place) = self.book.condition(filter) else { return false };
        let found = self.kept.occasion(&self.book.program, row);
        let (Some(mut occasion), Some(entity)) = (self.note(found).flatten(), self.book.contact) else { return false };
        occasion.at = occasion.at.min(self.now);
        let row = self.kept.row_with(self.scorer, entity, occasion);
        let Some(known) = self.note(row).flatten().and_then(|row| self.judged(entity, row)) else { return false };
        self.scorer.answer(entity, &known.evaluation, place).and_then(|answer| answer.current) == Some(true)
    }

    fn score(&mut self, of: &RecordRef, score: ScoreId) -> Option<Scored> {
        let (book, scorer) = (self.book, self.scorer);
        let card = book.program.scores.get(score.index())?;
        let (entity, id) = self.subject(of, Subject::Own(card.entity))?;
        let known = self.known(entity, id)?;
        let standing = known.evaluation.score(score)?;
        let label = known.evaluation.route(score).and_then(|label| card.labels.get(label.index())).cloned();
        let layers = (0..).zip(&card.layers).filter_map(|(place, layer)| {
            let of = ScoreRef { score, layer: Some(place) };
            Some((layer.name.clone()?, scorer.standing(&known.evaluation, of)?.value))
        });
        Some(Scored {
            value: standing.value,
            low: standing.low,
            high: standing.high,
            route: label,
            certain: known.evaluation.is_certain(score),
            layers: layers.collect(),
        })
    }

    fn is_trusted(&mut self, score: ScoreId) -> bool {
        let Some(card) = self.book.program.scores.get(score.index()) else { return false };
        if card.trust_after.is_none() {
            return true;
        }
        let decisions = self.kept.decisions(&card.name);
        let decisions = self.note(decisions).unwrap_or(0);
        self.scorer.trusted(score, decisions)
    }

    fn may_send(&mut self, channel: &str) -> Sending {
        let Some(contact) = self.contact() else {
            return Sending::Never(vec!["there is no contact to write to".into()]);
        };
        let verdict = policy::may_send(self.kept, self.book, contact, channel, self.now, None);
        self.note(verdict).unwrap_or(Sending::Never(Vec::new()))
    }

    fn left_alone(&mut self, channel: &str) -> Option<SmolStr> {
        let contact = self.contact()?;
        let found = policy::left_alone(self.kept, self.book, contact, channel, self.now);
        self.note(found).flatten()
    }

    fn has_started(&mut self, workflow: &str, trigger: &str, record: &RecordRef) -> bool {
        let found = self.kept.has_started(workflow, trigger, record);
        // Where that cannot be read, nothing starts and the step is not kept.
        self.note(found).unwrap_or(true)
    }

    fn arm(&mut self, experiment: ExperimentId) -> Option<Chosen> {
        let book = self.book;
        let experiment = book.program.experiments.get(experiment.index())?;
        let trials = self.kept.trials(&book.program, experiment);
        let trials = self.note(trials)?;
        let known = experiments::standing(experiment, &trials, &book.program.client, &book.zone, self.now);
        experiments::choose(experiment, &known, self.kept.lot(experiment, self.record))
    }
}
