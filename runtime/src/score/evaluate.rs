//! Runs a plan over records: over one, or over sixty-four at once, by the same code.
//!
//! Every operation is a few instructions on words of lanes, so this is the one place that indexes without asking: all places
//! in a plan were handed out by `link`, and records and states are made to the plan's shape. Points are hundredths in 32
//! bits; the linker refuses scores that could have more.
#![expect(
    clippy::indexing_slicing,
    reason = "all places in a plan were handed out by the linker, for records of its shape"
)]

mod layers;
mod terms;

use compiler::program::Certainty;

use super::block::{Cells, pick};
use super::plan::{LayerPlan, Literal, Op, Plan, Quantity, ScorePlan, Step};
use super::truth::Truth;

pub(super) use layers::{newest, ones, within};
pub(super) use terms::number;

/// No label.
pub(super) const NOWHERE: u8 = u8::MAX;

/// Hundredths of points, for each lane: as it stands, and the range it may still take.
#[derive(Clone, Debug)]
pub(super) struct Points<const L: usize> {
    pub(super) value: [i32; L],
    pub(super) low: [i32; L],
    pub(super) high: [i32; L],
    /// The range is the value, in every lane.
    decided: bool,
}

impl<const L: usize> Points<L> {
    const NONE: Self = Self { value: [0; L], low: [0; L], high: [0; L], decided: true };
}

/// Where a score routes, for each lane.
#[derive(Clone, Debug)]
pub(super) struct Routing<const L: usize> {
    /// The label, or [`NOWHERE`].
    pub(super) label: [u8; L],
    /// By label, and last for none: the lanes that may come to it.
    pub(super) possible: Vec<u64>,
    /// The lanes that may come to one only.
    pub(super) certain: u64,
}

/// All that evaluating gives; made once, used for many records.
#[derive(Clone, Debug)]
pub(super) struct State<const L: usize> {
    /// By operation.
    pub(super) truths: Vec<Truth>,
    /// By layer, clamped.
    pub(super) layers: Vec<Points<L>>,
    /// By layer: the sum of its lines before the clamp.
    pub(super) sums: Vec<[i32; L]>,
    /// By score.
    pub(super) totals: Vec<Points<L>>,
    /// By score.
    pub(super) routes: Vec<Routing<L>>,
    /// The rules that give points: of one record a bit a rule, each score from a word of its own ([`ScorePlan::first_word`]);
    /// of many a word a rule ([`ScorePlan::first_rule`]).
    pub(super) fired: Vec<u64>,
    /// The rules that may still change, in the same way.
    pub(super) open: Vec<u64>,
}

impl<const L: usize> State<L> {
    pub(super) fn new(plan: &Plan) -> Self {
        let routes = plan.scores.iter().map(|score| Routing {
            label: [NOWHERE; L],
            possible: vec![0; score.labels + 1],
            certain: 0,
        });
        let rules = plan.scores.last().map_or(0, |score| {
            if L == 1 { score.first_word + score.rules.div_ceil(64) } else { score.first_rule + score.rules }
        });
        Self {
            truths: vec![Truth::UNKNOWN; plan.ops.len()],
            layers: vec![Points::NONE; plan.layers.len()],
            sums: vec![[0; L]; plan.layers.len()],
            totals: vec![Points::NONE; plan.scores.len()],
            routes: routes.collect(),
            fired: vec![0; rules],
            open: vec![0; rules],
        }
    }

    #[inline]
    pub(super) fn truth(&self, literal: Literal) -> Truth {
        let truth = self.truths[literal.op()];
        if literal.negated() { truth.not() } else { truth }
    }

    /// Notes a rule's outcome.
    #[inline]
    fn note(&mut self, score: &ScorePlan, rule: usize, fired: u64, open: u64) {
        if L == 1 {
            self.fired[score.first_word + rule / 64] |= fired << (rule % 64);
            self.open[score.first_word + rule / 64] |= open << (rule % 64);
        } else {
            self.fired[score.first_rule + rule] = fired;
            self.open[score.first_rule + rule] = open;
        }
    }
}

impl State<1> {
    /// Those of a layer's rules that give points, by their places in the layer.
    pub(super) fn fired_of(&self, score: &ScorePlan, layer: &LayerPlan) -> RulePlaces<'_> {
        RulePlaces::new(&self.fired, score, layer)
    }

    /// Those of a layer's rules that may still change.
    pub(super) fn open_of(&self, score: &ScorePlan, layer: &LayerPlan) -> RulePlaces<'_> {
        RulePlaces::new(&self.open, score, layer)
    }
}

/// The bits of a layer's rules among those of its score.
pub(super) struct RulePlaces<'w> {
    words: &'w [u64],
    /// The word at hand, and what is left of it.
    word: usize,
    bits: u64,
    from: usize,
    to: usize,
}

impl<'w> RulePlaces<'w> {
    fn new(words: &'w [u64], score: &ScorePlan, layer: &LayerPlan) -> Self {
        let (from, to) = (layer.first_rule, layer.first_rule + layer.rules.len());
        let words = &words[score.first_word..];
        let word = from / 64;
        let bits = words.get(word).map_or(0, |bits| bits >> (from % 64) << (from % 64));
        Self { words, word, bits, from, to }
    }
}

impl Iterator for RulePlaces<'_> {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        while self.bits == 0 {
            self.word += 1;
            if self.word * 64 >= self.to {
                return None;
            }
            self.bits = self.words[self.word];
        }
        let rule = self.word * 64 + self.bits.trailing_zeros() as usize;
        self.bits &= self.bits - 1;
        (rule < self.to).then(|| rule - self.from)
    }
}

/// The lanes there are.
const fn live<const L: usize>() -> u64 {
    if L >= 64 { !0 } else { (1 << L) - 1 }
}

pub(super) fn run<const L: usize>(plan: &Plan, cells: &impl Cells<L>, state: &mut State<L>) {
    if L == 1 {
        state.fired.fill(0);
        state.open.fill(0);
    }
    let by_kind = &plan.by_kind;
    for range in &by_kind.ranges {
        state.truths[range.at as usize] = Truth::of(cells.in_range(&range.test), cells.knows(range.test.known));
    }
    for code in &by_kind.codes {
        state.truths[code.at as usize] = Truth::of(cells.is_one_of(&code.test), cells.knows(code.test.known));
    }
    for set in &by_kind.sets {
        state.truths[set.at as usize] = Truth::of(cells.has(&set.test), cells.knows(set.test.known));
    }
    for flag in &by_kind.flags {
        let (yes, known) = flag.test;
        state.truths[flag.at as usize] = Truth::of(cells.flags(yes), cells.knows(known));
    }
    for &place in &by_kind.first {
        state.truths[place as usize] = operate(plan, &plan.ops[place as usize], cells, state);
    }
    for step in &plan.schedule {
        match step {
            Step::Ands(range) => {
                for and in &by_kind.ands[range.clone()] {
                    let (one, other) = and.test;
                    state.truths[and.at as usize] = state.truth(one).and(state.truth(other));
                }
            }
            Step::Rest(range) => {
                for &place in &by_kind.rest[range.clone()] {
                    state.truths[place as usize] = operate(plan, &plan.ops[place as usize], cells, state);
                }
            }
            Step::Layer(place) => layers::layer(plan, &plan.layers[*place], *place, cells, state),
            Step::Total(place) => layers::total(plan, &plan.scores[*place], *place, state),
            Step::Route(place) => layers::route(&plan.scores[*place], *place, state),
        }
    }
}

/// Any operation.
fn operate<const L: usize>(plan: &Plan, op: &Op, cells: &impl Cells<L>, state: &State<L>) -> Truth {
    match op {
        Op::Constant(value) => Truth::everywhere(*value),
        Op::Range(test) => Truth::of(cells.in_range(test), cells.knows(test.known)),
        Op::Code(test) => Truth::of(cells.is_one_of(test), cells.knows(test.known)),
        Op::CodeWide { code, known, words } => {
            let holds = pick(&cells.codes(*code), |value| {
                words.get(usize::from(value) / 64).is_some_and(|word| word >> (value % 64) & 1 == 1)
            });
            Truth::of(holds, cells.knows(*known))
        }
        Op::Set(test) => Truth::of(cells.has(test), cells.knows(test.known)),
        Op::Flag { flag, known } => Truth::of(cells.flags(*flag), cells.knows(*known)),
        Op::Known { known } => Truth::of(cells.knows(*known), !0),
        Op::Happened { count, complete, at_least, at_most } => {
            let complete = cells.knows(*complete);
            let enough = cells.pick_numbers(*count, |count| count >= *at_least);
            let too_many = cells.pick_numbers(*count, |count| count > *at_most);
            // More may come where not all is reported: that makes what is not too many yet uncertain.
            let stays = if *at_most == i64::MAX { !0 } else { complete };
            Truth { yes: enough & !too_many & stays, no: too_many | (!enough & complete) }
        }
        Op::Heard { newest, after, reported, .. } => {
            let heard = cells.pick_numbers(*newest, |at| at > *after && at != i64::MIN);
            Truth { yes: heard, no: if *reported { !heard } else { 0 } }
        }
        Op::AtLeast { of, cents, current } => {
            let (points, cents) = (points_of(*of, state), *cents);
            if *current || points.decided {
                let holds = pick(&points.value, |value| value >= cents);
                return Truth { yes: holds, no: !holds };
            }
            Truth { yes: pick(&points.low, |low| low >= cents), no: pick(&points.high, |high| high < cents) }
        }
        Op::Compare { left, right, operator, exact } => {
            terms::compare(plan, (*left, *operator, *right), *exact, cells, state)
        }
        Op::And(one, other) => state.truth(*one).and(state.truth(*other)),
        Op::Fresh { of, stale } => state.truth(*of).without(cells.flags(*stale)),
        Op::Routed { score, labels, certainty, current } => {
            routed(&state.routes[*score as usize], *labels, *certainty, *current)
        }
    }
}

fn points_of<const L: usize>(of: Quantity, state: &State<L>) -> &Points<L> {
    match of {
        Quantity::Layer(layer) => &state.layers[layer as usize],
        Quantity::Score(score) => &state.totals[score as usize],
    }
}

fn routed<const L: usize>(routing: &Routing<L>, labels: u64, certainty: Option<Certainty>, current: bool) -> Truth {
    let stands = pick(&routing.label, |label| label < 64 && labels >> label & 1 == 1);
    match certainty {
        Some(Certainty::Certain) => Truth::of(stands & routing.certain, !0),
        Some(Certainty::Provisional) => Truth::of(stands & !routing.certain, !0),
        None if current => Truth::of(stands, !0),
        None => {
            let (mut inside, mut outside) = (0, 0);
            for (label, possible) in routing.possible.iter().enumerate() {
                if label < routing.possible.len() - 1 && labels >> label & 1 == 1 {
                    inside |= possible;
                } else {
                    outside |= possible;
                }
            }
            Truth { yes: inside & !outside, no: outside & !inside }
        }
    }
}
