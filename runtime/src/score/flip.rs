//! The nearest flip: the smallest change of facts that would route a record otherwise.

use compiler::program::{Asked, EventId, Fixed, LabelId, ScoreId};

use super::alternatives::{self, Alternative};
use super::plan::Plan;
use super::questions::{Outcome, distance};
use super::scorer::Scorer;
use super::words::push_number;
use crate::facts::Facts;

/// A change of facts that would route a record otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flip {
    /// The facts that would change: one, or two where none does alone.
    pub asked: Vec<Asked>,
    /// Where it would route; none where no line would hold.
    pub route: Option<LabelId>,
    /// What the score would be.
    pub value: Fixed,
    /// `if company.employees were from 20 to 250 → hot (74.5)`
    pub words: String,
}

/// The most changes that are tried in pairs.
const MOST_PAIRED: usize = 120;

impl Scorer {
    /// The smallest change of facts that would route a record otherwise: of as few facts as possible, two at most; then
    /// the one that changes the score least; then the best route; then in source order. Each try is judged by the
    /// scorer itself.
    #[must_use]
    pub fn nearest_flip(&self, score: ScoreId, facts: &Facts) -> Option<Flip> {
        let (plan, _, _) = self.plan_of(score)?;
        let now = self.judge(score, facts)?;
        let alternatives: Vec<Alternative> =
            read(plan).iter().flat_map(|asked| alternatives::of(self, plan, asked, facts)).collect();
        let mut best: Option<(Outcome, Vec<&Alternative>)> = None;
        let mut tried = Vec::new();
        for alternative in &alternatives {
            let changed = alternative.apply(facts, self.now());
            let Some(outcome) = self.judge(score, &changed) else { continue };
            if outcome.route != now.route {
                keep(&mut best, (outcome, vec![alternative]), now);
            } else if outcome.value != now.value {
                tried.push((alternative, changed));
            }
        }
        if best.is_none() {
            for (place, (one, changed)) in tried.iter().enumerate().take(MOST_PAIRED) {
                for (other, _) in tried.iter().skip(place + 1).take(MOST_PAIRED) {
                    if one.asked == other.asked {
                        continue;
                    }
                    let Some(outcome) = self.judge(score, &other.apply(changed, self.now())) else { continue };
                    if outcome.route != now.route {
                        keep(&mut best, (outcome, vec![*one, *other]), now);
                    }
                }
            }
        }
        let (outcome, changes) = best?;
        let labels = &self.program().scores.get(score.index())?.labels;
        let label =
            outcome.route.and_then(|label| labels.get(label.index())).map_or("no route", |label| label.as_str());
        let conditions: Vec<String> = self.told(score, facts, &changes, &alternatives, outcome);
        let mut words = format!("if {} → {label} (", conditions.join(" and "));
        push_number(&mut words, outcome.value);
        words.push(')');
        debug_assert!(distance(labels.len(), outcome.route, now.route) > 0, "a flip changes the route");
        Some(Flip {
            asked: changes.iter().map(|change| change.asked.clone()).collect(),
            route: outcome.route,
            value: outcome.value,
            words,
        })
    }

    /// The changes in words; a single one names up to two others of the same fact that do the same.
    fn told(
        &self,
        score: ScoreId,
        facts: &Facts,
        changes: &[&Alternative],
        alternatives: &[Alternative],
        outcome: Outcome,
    ) -> Vec<String> {
        let mut told: Vec<String> = changes.iter().map(|change| change.words.clone()).collect();
        let ([only], [words]) = (changes, told.as_mut_slice()) else { return told };
        if !matches!(only.asked, Asked::Field(_)) {
            return told;
        }
        let same = alternatives.iter().filter(|other| other.asked == only.asked && other.words != only.words);
        let same = same.filter(|other| self.judge(score, &other.apply(facts, self.now())) == Some(outcome));
        for other in same.take(2) {
            if let Some((_, value)) = other.words.split_once(" were ") {
                words.push_str(" or ");
                words.push_str(value);
            }
        }
        told
    }
}

fn keep<'a>(best: &mut Option<(Outcome, Vec<&'a Alternative>)>, found: (Outcome, Vec<&'a Alternative>), now: Outcome) {
    let change =
        |outcome: Outcome| (outcome.value.minus(now.value).0.unsigned_abs(), outcome.route.is_none(), outcome.route);
    if best.as_ref().is_none_or(|(known, _)| change(found.0) < change(*known)) {
        *best = Some(found);
    }
}

/// Every fact that the scores of an entity read.
fn read(plan: &Plan) -> Vec<Asked> {
    let fields = plan.fields.iter().map(|slot| Asked::Field(slot.path.clone()));
    let events = (0..).zip(&plan.by_event).filter(|(_, queries)| !queries.is_empty());
    let events = events.map(|(event, _)| Asked::Event(EventId(event)));
    let conversations = (!plan.heard.is_empty()).then_some(Asked::Conversation);
    fields.chain(events).chain(conversations).collect()
}
