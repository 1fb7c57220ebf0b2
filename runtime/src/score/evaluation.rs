//! What the scores say: of one record, and of many in columns.

use std::ops::Range;
use std::sync::Arc;

use compiler::program::{Fixed, LabelId, ScoreId};

use super::evaluate::{self, NOWHERE, State};
use super::plan::Plan;
use super::points::fixed;
use super::scorer::Linked;

/// What a score is, and what it could still become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// As it stands on what is known.
    pub value: Fixed,
    /// The lowest it could become, whatever the unknown turns out to be.
    pub low: Fixed,
    /// The highest.
    pub high: Fixed,
}

impl Standing {
    /// Nothing unknown can change it.
    #[must_use]
    pub fn is_decided(&self) -> bool {
        self.low == self.high
    }
}

/// Which scores a plan judges, the same for all that it says.
#[derive(Clone, Debug)]
pub(super) struct Judged {
    scores: Arc<[ScoreId]>,
    /// By score: where its rules' bits are.
    words: Arc<[Range<usize>]>,
}

impl Judged {
    pub(super) fn of(plan: &Plan) -> Self {
        let words = plan.scores.iter().map(|score| score.first_word..score.first_word + score.rules.div_ceil(64));
        Self { scores: ids(plan), words: words.collect() }
    }
}

/// What all scores say of one record.
#[derive(Clone, Debug)]
pub struct Evaluation {
    judged: Judged,
    pub(super) state: State<1>,
}

/// What all scores say of many records, in columns of sixty-four.
#[derive(Clone, Debug)]
pub struct Outcomes {
    scores: Arc<[ScoreId]>,
    len: usize,
    columns: Vec<Columns>,
}

/// One score's columns.
#[derive(Clone, Debug, Default)]
struct Columns {
    value: Vec<i32>,
    low: Vec<i32>,
    high: Vec<i32>,
    route: Vec<u8>,
    certain: Vec<u64>,
    rules: Range<usize>,
    /// For each block of sixty-four, a word a rule.
    fired: Vec<u64>,
}

impl Evaluation {
    pub(super) fn new(linked: &Linked) -> Self {
        Self { judged: linked.judged.clone(), state: State::new(&linked.plan) }
    }

    /// It was made for that very one, and has room for what it says.
    pub(super) fn is_for(&self, linked: &Linked) -> bool {
        Arc::ptr_eq(&self.judged.scores, &linked.judged.scores)
    }

    fn place(&self, score: ScoreId) -> Option<usize> {
        self.judged.scores.iter().position(|known| *known == score)
    }

    /// The scores judged.
    #[must_use]
    pub fn scores(&self) -> &[ScoreId] {
        &self.judged.scores
    }

    /// A score's value and range.
    #[must_use]
    pub fn score(&self, score: ScoreId) -> Option<Standing> {
        let points = self.state.totals.get(self.place(score)?)?;
        Some(standing(points))
    }

    /// The route as the score stands; none where no line holds.
    #[must_use]
    pub fn route(&self, score: ScoreId) -> Option<LabelId> {
        let routing = self.state.routes.get(self.place(score)?)?;
        routing.label.first().filter(|label| **label != NOWHERE).map(|label| LabelId(u32::from(*label)))
    }

    /// Nothing unknown can change the route.
    #[must_use]
    pub fn is_certain(&self, score: ScoreId) -> bool {
        self.place(score).and_then(|place| self.state.routes.get(place)).is_some_and(|routing| routing.certain & 1 == 1)
    }

    /// The routes that are possible, whatever the unknown turns out to be, best first.
    pub fn possible(&self, score: ScoreId) -> impl Iterator<Item = LabelId> + '_ {
        let routing = self.place(score).and_then(|place| self.state.routes.get(place));
        let labels = routing.map(|routing| routing.possible.as_slice()).unwrap_or_default();
        let labels = labels.get(..labels.len().saturating_sub(1)).unwrap_or_default();
        (0..).zip(labels).filter(|(_, lanes)| **lanes & 1 == 1).map(|(label, _)| LabelId(label))
    }

    /// The rules that give points, in source order: their places counted over all layers of the score.
    pub fn fired(&self, score: ScoreId) -> impl Iterator<Item = usize> + '_ {
        places(self.fired_words(score))
    }

    /// The same as bits, sixty-four rules a word.
    #[must_use]
    pub fn fired_words(&self, score: ScoreId) -> &[u64] {
        self.bits(score, &self.state.fired)
    }

    /// The rules that could still change, in source order.
    pub fn undecided(&self, score: ScoreId) -> impl Iterator<Item = usize> + '_ {
        places(self.bits(score, &self.state.open))
    }

    fn bits<'a>(&self, score: ScoreId, words: &'a [u64]) -> &'a [u64] {
        let range = self.place(score).and_then(|place| self.judged.words.get(place));
        range.and_then(|range| words.get(range.clone())).unwrap_or_default()
    }
}

fn places(words: &[u64]) -> impl Iterator<Item = usize> + '_ {
    words.iter().enumerate().flat_map(|(word, &bits)| evaluate::ones(bits).map(move |bit| word * 64 + bit))
}

pub(super) fn standing(points: &evaluate::Points<1>) -> Standing {
    let first = |of: &[i32; 1]| fixed(of.first().copied().unwrap_or_default());
    Standing { value: first(&points.value), low: first(&points.low), high: first(&points.high) }
}

impl Columns {
    fn with_room(blocks: usize, rules: Range<usize>) -> Self {
        Self {
            value: Vec::with_capacity(blocks * 64),
            low: Vec::with_capacity(blocks * 64),
            high: Vec::with_capacity(blocks * 64),
            route: Vec::with_capacity(blocks * 64),
            certain: Vec::with_capacity(blocks),
            fired: Vec::with_capacity(blocks * rules.len()),
            rules,
        }
    }

    fn append(&mut self, state: &State<64>, place: usize) {
        if let (Some(points), Some(routing), Some(fired)) =
            (state.totals.get(place), state.routes.get(place), state.fired.get(self.rules.clone()))
        {
            self.value.extend_from_slice(&points.value);
            self.low.extend_from_slice(&points.low);
            self.high.extend_from_slice(&points.high);
            self.route.extend_from_slice(&routing.label);
            self.certain.push(routing.certain);
            self.fired.extend_from_slice(fired);
        }
    }
}

fn ids(plan: &Plan) -> Arc<[ScoreId]> {
    plan.scores.iter().map(|score| score.id).collect()
}

impl Outcomes {
    pub(super) fn with_room(plan: &Plan, len: usize) -> Self {
        let columns = plan
            .scores
            .iter()
            .map(|score| Columns::with_room(len.div_ceil(64), score.first_rule..score.first_rule + score.rules));
        Self { scores: ids(plan), len, columns: columns.collect() }
    }

    pub(super) fn append(&mut self, state: &State<64>) {
        for (place, columns) in self.columns.iter_mut().enumerate() {
            columns.append(state, place);
        }
    }

    /// How many records were judged.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// None was.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    fn columns(&self, score: ScoreId) -> Option<&Columns> {
        let place = self.scores.iter().position(|known| *known == score)?;
        self.columns.get(place)
    }

    /// A record's value and range.
    #[must_use]
    pub fn score(&self, score: ScoreId, record: usize) -> Option<Standing> {
        let columns = self.columns(score).filter(|_| record < self.len)?;
        let at = |column: &[i32]| column.get(record).copied().map(fixed);
        Some(Standing { value: at(&columns.value)?, low: at(&columns.low)?, high: at(&columns.high)? })
    }

    /// A record's route as the score stands; none where no line holds.
    #[must_use]
    pub fn route(&self, score: ScoreId, record: usize) -> Option<LabelId> {
        let label = *self.columns(score).filter(|_| record < self.len)?.route.get(record)?;
        (label != NOWHERE).then(|| LabelId(u32::from(label)))
    }

    /// Nothing unknown can change a record's route.
    #[must_use]
    pub fn is_certain(&self, score: ScoreId, record: usize) -> bool {
        let words = self.columns(score).filter(|_| record < self.len).map(|columns| columns.certain.as_slice());
        words.and_then(|words| words.get(record / 64)).is_some_and(|word| word >> (record % 64) & 1 == 1)
    }

    /// The rules that give a record points, in source order.
    pub fn fired(&self, score: ScoreId, record: usize) -> impl Iterator<Item = usize> + '_ {
        let columns = self.columns(score).filter(|_| record < self.len);
        let words = columns.and_then(|columns| {
            let start = record / 64 * columns.rules.len();
            columns.fired.get(start..start + columns.rules.len())
        });
        words
            .unwrap_or_default()
            .iter()
            .enumerate()
            .filter(move |(_, word)| **word >> (record % 64) & 1 == 1)
            .map(|(rule, _)| rule)
    }
}
