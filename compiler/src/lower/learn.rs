//! What a score learns from: outcomes, and the bounds that a proposal keeps.

use language::syntax::{self, LearnClause};
use language::{SCALE, Span};

use super::Lowering;
use super::scope::Scope;
use crate::codes::scores::{keep_bounds, learn_outcome, outcome_reads_score};
use crate::codes::workflows::said_twice;
use crate::program::{Condition, EntityId, FileId, Fixed, Learn, LearnedFrom, Outcome, Term};

const HUNDRED: Fixed = Fixed(100 * SCALE);

/// Outcomes with their places.
type Placed = Vec<(Outcome, Span)>;

impl Lowering<'_> {
    /// From a `learn`, with how many decisions make its score trusted.
    pub(super) fn learn(
        &mut self,
        file: FileId,
        learn: &syntax::Learn,
        score: &syntax::Score,
        entity: Option<EntityId>,
        whole: bool,
    ) -> (Option<u32>, Option<Learn>) {
        let (mut good, mut bad): (Placed, Placed) = (Vec::new(), Vec::new());
        // Whether one was written, be it one that is an error.
        let mut said = (false, false);
        let (mut trust, mut keep, mut adopt, mut learned) = (None, None, None, None);
        let mut first: [Option<Span>; 4] = [None; 4];
        for clause in &learn.clauses {
            let (place, what, span) = match clause {
                LearnClause::Good { outcomes, .. } => {
                    said.0 = true;
                    good.extend(self.outcomes(file, outcomes));
                    continue;
                }
                LearnClause::Bad { outcomes, .. } => {
                    said.1 = true;
                    bad.extend(self.outcomes(file, outcomes));
                    continue;
                }
                LearnClause::Holds { good: is_good, condition, .. } => {
                    let (written, side) = if *is_good { (&mut said.0, &mut good) } else { (&mut said.1, &mut bad) };
                    *written = true;
                    side.extend(self.held_outcome(file, condition, entity));
                    continue;
                }
                LearnClause::Trust { span, .. } => (0, "trust", *span),
                LearnClause::Keep { span, .. } => (1, "keep", *span),
                LearnClause::Adopt { span, .. } => (2, "adopt", *span),
                LearnClause::Learned { span, .. } => (3, "learned", *span),
            };
            if let Some(earlier) = first.get(place).copied().flatten() {
                self.report(said_twice::diagnostic(file, what, span, (file, earlier)));
                continue;
            }
            if let Some(slot) = first.get_mut(place) {
                *slot = Some(span);
            }
            match clause {
                LearnClause::Trust { decisions, .. } => {
                    trust = self.whole(file, decisions.value, decisions.span, 1, u32::MAX);
                }
                LearnClause::Keep { from, to, .. } => keep = self.keep(file, *from, *to, score, whole),
                LearnClause::Adopt { by, .. } => adopt = self.person(file, by).flatten(),
                LearnClause::Learned { decisions, until, span } => {
                    let decisions = self.whole(file, decisions.value, decisions.span, 1, u32::MAX);
                    let (until, origin) = (self.date(file, *until), self.origin(file, *span));
                    learned = decisions.zip(until).map(|(decisions, until)| LearnedFrom { decisions, until, origin });
                }
                LearnClause::Good { .. } | LearnClause::Bad { .. } | LearnClause::Holds { .. } => {}
            }
        }
        if whole && said != (true, true) {
            self.report(learn_outcome::missing(file, learn.keyword, &score.name.text, !said.0));
        }
        self.on_one_side_once(file, &good, &bad);
        if good.is_empty() || bad.is_empty() {
            return (trust, None);
        }
        let plain = |side: Placed| side.into_iter().map(|(outcome, _)| outcome).collect();
        let origin = self.origin(file, learn.keyword);
        (trust, Some(Learn { good: plain(good), bad: plain(bad), keep, adopt, learned, origin }))
    }

    fn outcomes(&mut self, file: FileId, outcomes: &[syntax::Outcome]) -> Placed {
        let mut found = Vec::with_capacity(outcomes.len());
        for outcome in outcomes {
            match outcome {
                syntax::Outcome::Event(path) => {
                    found.extend(self.event(file, path).map(|event| (Outcome::Event(event), path.span)));
                }
                syntax::Outcome::Silence { event, after, since, span } => {
                    let (event, since) = (self.event(file, event), self.event(file, since));
                    let after = self.period(file, *after);
                    if let (Some(event), Some(after), Some(since)) = (event, after, since) {
                        found.push((Outcome::Silence { event, after, since }, *span));
                    }
                }
            }
        }
        found
    }

    /// What a field says. A score in it would be judged by itself.
    fn held_outcome(
        &mut self,
        file: FileId,
        condition: &syntax::Expression,
        entity: Option<EntityId>,
    ) -> Option<(Outcome, Span)> {
        let found = self.condition(condition, Scope::new(file, entity))?;
        if reads_a_score(&found) {
            self.report(outcome_reads_score::diagnostic(file, condition.span));
            return None;
        }
        Some((Outcome::Holds(found), condition.span))
    }

    fn on_one_side_once(&mut self, file: FileId, good: &Placed, bad: &Placed) {
        for (outcome, span) in bad {
            if let Some((_, first)) = good.iter().find(|(known, _)| known == outcome) {
                self.report(learn_outcome::both(file, *span, self.text(file, *span), *first));
            }
        }
        for side in [good, bad] {
            for (place, (outcome, span)) in side.iter().enumerate() {
                if let Some((_, first)) = side.iter().take(place).find(|(known, _)| known == outcome) {
                    self.report(learn_outcome::twice(file, *span, self.text(file, *span), *first));
                }
            }
        }
    }

    /// Bounds between which weights can add up to a hundred, and those of the score lie.
    fn keep(
        &mut self,
        file: FileId,
        (from, from_span): (Fixed, Span),
        (to, to_span): (Fixed, Span),
        score: &syntax::Score,
        whole: bool,
    ) -> Option<(Fixed, Fixed)> {
        let both = from_span.to(to_span);
        if from > to || to > HUNDRED {
            self.report(keep_bounds::backwards(file, both, from, to));
            return None;
        }
        let weights: Vec<(&syntax::Layer, Fixed)> =
            score.body.layers.iter().filter_map(|layer| Some((layer, layer.weight?.0))).collect();
        if !whole {
            return Some((from, to));
        }
        if weights.is_empty() {
            self.report(keep_bounds::no_weights(file, both, &score.name.text));
            return None;
        }
        let number = Fixed::from_integer(i64::try_from(weights.len()).unwrap_or(i64::MAX));
        if from.times(number) > HUNDRED {
            self.report(keep_bounds::too_high(file, from_span, weights.len(), from));
            return None;
        }
        if to.times(number) < HUNDRED {
            self.report(keep_bounds::too_low(file, to_span, weights.len(), to));
            return None;
        }
        if let Some((layer, weight)) = weights.iter().find(|(_, weight)| *weight < from || *weight > to) {
            self.report(keep_bounds::outside(file, both, &layer.name.text, *weight));
            return None;
        }
        Some((from, to))
    }
}

fn reads_a_score(condition: &Condition) -> bool {
    let term = |term: &Term| term_reads_a_score(term);
    match condition {
        Condition::Not(inner) | Condition::Fresh { condition: inner, .. } => reads_a_score(inner),
        Condition::All(parts) | Condition::Any(parts) => parts.iter().any(reads_a_score),
        Condition::Compare { left, right, .. } => term(left) || term(right),
        Condition::Between { term: judged, low, high } => term(judged) || term(low) || term(high),
        Condition::Routed { .. } => true,
        Condition::OneOf { .. }
        | Condition::Same { .. }
        | Condition::Text { .. }
        | Condition::Yes(_)
        | Condition::Has { .. }
        | Condition::HasOf { .. }
        | Condition::Known(_)
        | Condition::Happened { .. }
        | Condition::Mentions { .. } => false,
    }
}

fn term_reads_a_score(term: &Term) -> bool {
    match term {
        Term::Score(_) => true,
        Term::Arithmetic { left, right, .. } => term_reads_a_score(left) || term_reads_a_score(right),
        Term::Constant(_) | Term::Field(_) | Term::EventField(_) | Term::Aggregate(_) | Term::Today | Term::Now => {
            false
        }
    }
}
