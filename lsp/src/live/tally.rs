//! Counts whom each rule, line of a route and label concerns: every record judged once, for all scores. Stops where it is told to.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::ops::ControlFlow;

use compiler::program::{EntityId, Fixed, LabelId, Program, Score, ScoreId};
use runtime::crm::{Crm, CrmError, RecordId};
use runtime::records;
use runtime::score::{Evaluation, Row, Scorer};
use smol_str::SmolStr;

use super::counts::SHOWN;

/// How many there are, and the first few by what makes a good example.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) count: u64,
    /// With what they are ordered by, the greatest first; of equal ones the older record.
    pub(super) best: Vec<(Fixed, RecordId)>,
}

impl Tally {
    /// Records come in the order of their ids.
    fn add(&mut self, size: Fixed, id: RecordId) {
        self.count += 1;
        let place = self.best.partition_point(|(known, _)| *known >= size);
        if place < SHOWN {
            self.best.insert(place, (size, id));
            self.best.truncate(SHOWN);
        }
    }
}

/// What came of a score.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct OfScore {
    pub(super) judged: u64,
    /// By [`LabelId`].
    pub(super) labels: Vec<Tally>,
    pub(super) nowhere: Tally,
    /// By the line's place in the route.
    pub(super) lines: Vec<Tally>,
    /// By the rule's place over all layers.
    pub(super) rules: Vec<Tally>,
    /// Against what was judged before; none where that was not asked for.
    pub(super) moves: Option<Moves>,
}

/// Who is routed otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Moves {
    pub(super) counts: BTreeMap<(Option<SmolStr>, Option<SmolStr>), u64>,
    /// Those whose points changed most first; of equal ones the older record.
    pub(super) examples: Vec<Moved>,
}

/// A record that is routed otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Moved {
    pub(super) id: RecordId,
    pub(super) before: (Option<SmolStr>, Fixed),
    pub(super) after: (Option<SmolStr>, Fixed),
}

impl Moved {
    fn size(&self) -> u64 {
        self.after.1.0.abs_diff(self.before.1.0)
    }
}

/// What a score of an earlier playbook says of every record.
#[derive(Clone, Debug, Default)]
pub(super) struct Judged {
    labels: Vec<SmolStr>,
    /// In the order of their ids.
    records: Vec<(RecordId, Option<LabelId>, Fixed)>,
}

impl Judged {
    fn of(&self, id: RecordId) -> Option<(Option<SmolStr>, Fixed)> {
        let place = self.records.binary_search_by_key(&id, |(id, ..)| *id).ok()?;
        let (_, label, value) = self.records.get(place)?;
        Some((label.and_then(|label| self.labels.get(label.index()).cloned()), *value))
    }
}

/// What is judged, and by what.
#[derive(Clone, Copy)]
pub(super) struct Reading<'r> {
    /// Opened for the scorer's playbook.
    pub(super) crm: &'r Crm,
    pub(super) scorer: &'r Scorer,
    /// Asked before each record: whether anybody still waits for the result.
    pub(super) goes_on: &'r dyn Fn() -> bool,
}

/// Counts over all scores; `before` has, by score, what an earlier playbook says. None where it was stopped.
pub(super) fn count(
    reading: Reading<'_>,
    before: &HashMap<ScoreId, &Judged>,
) -> Result<Option<HashMap<ScoreId, OfScore>>, CrmError> {
    let program = reading.scorer.program();
    let mut counted: HashMap<ScoreId, OfScore> =
        scores(program).map(|(id, score)| (id, empty(score, before.contains_key(&id)))).collect();
    let finished = each(reading, |id, row, evaluation| {
        for (score, card) in scores(program) {
            if let Some(standing) = evaluation.score(score)
                && let Some(counted) = counted.get_mut(&score)
            {
                let lines = routed_by(reading.scorer, (score, card), row, evaluation);
                add(counted, (score, card), evaluation, (id, standing.value), lines);
                if let (Some(moves), Some(before)) = (&mut counted.moves, before.get(&score)) {
                    let label = evaluation.route(score).and_then(|label| card.labels.get(label.index()).cloned());
                    compare(moves, before, id, (label, standing.value));
                }
            }
        }
    })?;
    Ok(finished.then_some(counted))
}

/// What all scores say of every record, to be compared with later. None where it was stopped.
pub(super) fn judge(reading: Reading<'_>) -> Result<Option<HashMap<ScoreId, Judged>>, CrmError> {
    let program = reading.scorer.program();
    let mut judged: HashMap<ScoreId, Judged> =
        scores(program).map(|(id, score)| (id, Judged { labels: score.labels.clone(), records: Vec::new() })).collect();
    let finished = each(reading, |id, _, evaluation| {
        for &score in evaluation.scores() {
            if let (Some(standing), Some(judged)) = (evaluation.score(score), judged.get_mut(&score)) {
                judged.records.push((id, evaluation.route(score), standing.value));
            }
        }
    })?;
    Ok(finished.then_some(judged))
}

/// Shows every record of every entity that is scored. Whether it came to the end.
fn each(reading: Reading<'_>, mut show: impl FnMut(RecordId, &Row, &Evaluation)) -> Result<bool, CrmError> {
    let Reading { crm, scorer, goes_on } = reading;
    let mut entities: Vec<EntityId> = scores(scorer.program()).map(|(_, score)| score.entity).collect();
    entities.sort();
    entities.dedup();
    for entity in entities {
        let Some(mut evaluation) = scorer.evaluation(entity) else { continue };
        let mut stopped = !goes_on();
        if !stopped {
            records::visit(crm, scorer, entity, false, |id, builder| {
                if !goes_on() {
                    stopped = true;
                    return ControlFlow::Break(());
                }
                let row = builder.finish();
                scorer.evaluate_into(entity, &row, &mut evaluation);
                show(id, &row, &evaluation);
                ControlFlow::Continue(())
            })?;
        }
        if stopped {
            return Ok(false);
        }
    }
    Ok(true)
}

fn scores(program: &Program) -> impl Iterator<Item = (ScoreId, &Score)> {
    (0..).zip(&program.scores).map(|(id, score)| (ScoreId(id), score))
}

fn empty(score: &Score, is_compared: bool) -> OfScore {
    let tallies = |number: usize| vec![Tally::default(); number];
    OfScore {
        labels: tallies(score.labels.len()),
        lines: tallies(score.routes.len()),
        rules: tallies(score.layers.iter().map(|layer| layer.rules.len()).sum()),
        moves: is_compared.then(Moves::default),
        ..OfScore::default()
    }
}

/// The line that routes a record: looked up only where its label does not say.
fn routed_by(scorer: &Scorer, (id, score): (ScoreId, &Score), row: &Row, evaluation: &Evaluation) -> Option<usize> {
    let label = evaluation.route(id)?;
    let mut of_label = score.routes.iter().enumerate().filter(|(_, line)| line.label == label);
    let (first, _) = of_label.next()?;
    if of_label.next().is_none() {
        return Some(first);
    }
    let routed = scorer.ledger(id, row, evaluation)?.routed()?;
    score.routes.iter().position(|line| std::ptr::eq(line, routed.line))
}

fn add(
    counted: &mut OfScore,
    (score, card): (ScoreId, &Score),
    evaluation: &Evaluation,
    (id, value): (RecordId, Fixed),
    line: Option<usize>,
) {
    counted.judged += 1;
    for rule in evaluation.fired(score) {
        if let Some(rule) = counted.rules.get_mut(rule) {
            rule.add(value, id);
        }
    }
    match evaluation.route(score).and_then(|label| counted.labels.get_mut(label.index())) {
        Some(label) => label.add(value, id),
        None if !card.routes.is_empty() => counted.nowhere.add(value, id),
        None => {}
    }
    if let Some(line) = line.and_then(|line| counted.lines.get_mut(line)) {
        line.add(value, id);
    }
}

fn compare(moves: &mut Moves, before: &Judged, id: RecordId, after: (Option<SmolStr>, Fixed)) {
    let Some(was) = before.of(id).filter(|(route, _)| *route != after.0) else { return };
    *moves.counts.entry((was.0.clone(), after.0.clone())).or_default() += 1;
    let moved = Moved { id, before: was, after };
    let place = moves.examples.partition_point(|known| Reverse(known.size()) <= Reverse(moved.size()));
    if place < SHOWN {
        moves.examples.insert(place, moved);
        moves.examples.truncate(SHOWN);
    }
}
