//! Terms in numbers: fields, counts and points, added, multiplied and compared; each known exactly, or to lie in a range.
#![expect(
    clippy::indexing_slicing,
    reason = "all places in a plan were handed out by the linker, for records of its shape"
)]

use compiler::program::{Arithmetic, Comparison, Fixed};

use super::{State, points_of};
use crate::score::block::{Cells, Record};
use crate::score::link::calculate;
use crate::score::plan::{Plan, TermNode};
use crate::score::points::fixed;
use crate::score::truth::Truth;

/// Compares two terms; `exactly` where neither has a range.
pub(super) fn compare<const L: usize>(
    plan: &Plan,
    (left, operator, right): (u32, Comparison, u32),
    exactly: bool,
    cells: &impl Cells<L>,
    state: &State<L>,
) -> Truth {
    if !exactly {
        return compare_ranges(&term(plan, left, cells, state), operator, &term(plan, right, cells, state));
    }
    let (left, left_known) = exact(plan, left, cells);
    let (right, right_known) = exact(plan, right, cells);
    let holds = match operator {
        Comparison::Less => pick_two(&left, &right, |left, right| left < right),
        Comparison::AtMost => pick_two(&left, &right, |left, right| left <= right),
        Comparison::More => pick_two(&left, &right, |left, right| left > right),
        Comparison::AtLeast => pick_two(&left, &right, |left, right| left >= right),
        Comparison::Equal => pick_two(&left, &right, |left, right| left == right),
        Comparison::NotEqual => pick_two(&left, &right, |left, right| left != right),
    };
    Truth::of(holds, left_known & right_known)
}

fn pick_two<const L: usize>(left: &[i64; L], right: &[i64; L], test: impl Fn(i64, i64) -> bool) -> u64 {
    let mut word = 0_u64;
    for (&left, &right) in left.iter().zip(right).rev() {
        word = (word << 1) + u64::from(test(left, right));
    }
    word
}

/// The value of a term that has no range, with the lanes in which it is known.
fn exact<const L: usize>(plan: &Plan, place: u32, cells: &impl Cells<L>) -> ([i64; L], u64) {
    match &plan.terms[place as usize] {
        TermNode::Constant(value) => ([*value; L], !0),
        TermNode::Number { number, known } => (cells.numbers(*number), cells.knows(*known)),
        TermNode::Multiple { of, factor } => {
            let (of, known) = exact(plan, *of, cells);
            (of.map(|value| value.saturating_mul(*factor)), known)
        }
        TermNode::Arithmetic { operator, left, right } => {
            let (mut value, left_known) = exact(plan, *left, cells);
            let (right, right_known) = exact(plan, *right, cells);
            let mut known = left_known & right_known;
            for (lane, (value, right)) in value.iter_mut().zip(right).enumerate() {
                match calculate(*operator, Fixed(*value), Fixed(right)) {
                    Some(result) => *value = result.0,
                    None => known &= !(1 << lane),
                }
            }
            (value, known)
        }
        TermNode::Unknown | TermNode::Count { .. } | TermNode::Points { .. } => ([0; L], 0),
    }
}

/// A number, for each lane: known exactly, or to lie in a range.
struct Numbers<const L: usize> {
    low: [i64; L],
    high: [i64; L],
    known: u64,
}

fn term<const L: usize>(plan: &Plan, place: u32, cells: &impl Cells<L>, state: &State<L>) -> Numbers<L> {
    match &plan.terms[place as usize] {
        TermNode::Constant(value) => Numbers { low: [*value; L], high: [*value; L], known: !0 },
        TermNode::Unknown => Numbers { low: [0; L], high: [0; L], known: 0 },
        TermNode::Number { number, known } => {
            let value = cells.numbers(*number);
            Numbers { low: value, high: value, known: cells.knows(*known) }
        }
        TermNode::Count { count, complete } => {
            let low = cells.numbers(*count).map(|count| count.saturating_mul(language::SCALE));
            let complete = cells.knows(*complete);
            let mut high = low;
            for (lane, high) in high.iter_mut().enumerate() {
                if complete >> lane & 1 == 0 {
                    *high = i64::MAX;
                }
            }
            Numbers { low, high, known: !0 }
        }
        TermNode::Points { of, current } => {
            let points = points_of(*of, state);
            let (low, high) = if *current { (&points.value, &points.value) } else { (&points.low, &points.high) };
            Numbers { low: low.map(|cents| fixed(cents).0), high: high.map(|cents| fixed(cents).0), known: !0 }
        }
        TermNode::Multiple { of, factor } => {
            let of = term(plan, *of, cells, state);
            let times = |value: i64| value.saturating_mul(*factor);
            let (low, high) = (of.low.map(times), of.high.map(times));
            let (low, high) = if *factor < 0 { (high, low) } else { (low, high) };
            Numbers { low, high, known: of.known }
        }
        TermNode::Arithmetic { operator, left, right } => {
            let (left, right) = (term(plan, *left, cells, state), term(plan, *right, cells, state));
            let mut result = Numbers { low: [0; L], high: [0; L], known: left.known & right.known };
            for lane in 0..L {
                let (a, b) = ((left.low[lane], left.high[lane]), (right.low[lane], right.high[lane]));
                match range_of(*operator, a, b) {
                    Some((low, high)) => (result.low[lane], result.high[lane]) = (low, high),
                    None => result.known &= !(1 << lane),
                }
            }
            result
        }
    }
}

/// The range of an operation over two ranges: its corners, as each operation is monotone on either side of nought.
fn range_of(operator: Arithmetic, a: (i64, i64), b: (i64, i64)) -> Option<(i64, i64)> {
    if operator == Arithmetic::Over && b.0 <= 0 && b.1 >= 0 {
        return None;
    }
    let mut range = None;
    for (x, y) in [(a.0, b.0), (a.0, b.1), (a.1, b.0), (a.1, b.1)] {
        let corner = calculate(operator, Fixed(x), Fixed(y))?.0;
        range = Some(range.map_or((corner, corner), |(low, high): (i64, i64)| (low.min(corner), high.max(corner))));
    }
    range
}

fn compare_ranges<const L: usize>(left: &Numbers<L>, operator: Comparison, right: &Numbers<L>) -> Truth {
    let known = left.known & right.known;
    let (mut yes, mut no) = (0, 0);
    for lane in 0..L {
        let (a_low, a_high, b_low, b_high) = (left.low[lane], left.high[lane], right.low[lane], right.high[lane]);
        let same = a_low == a_high && b_low == b_high && a_low == b_low;
        let apart = a_high < b_low || a_low > b_high;
        let (holds, fails) = match operator {
            Comparison::Less => (a_high < b_low, a_low >= b_high),
            Comparison::AtMost => (a_high <= b_low, a_low > b_high),
            Comparison::More => (a_low > b_high, a_high <= b_low),
            Comparison::AtLeast => (a_low >= b_high, a_high < b_low),
            Comparison::Equal => (same, apart),
            Comparison::NotEqual => (apart, same),
        };
        yes |= u64::from(holds) << lane;
        no |= u64::from(fails) << lane;
    }
    Truth { yes: yes & known, no: no & known }
}

/// A term's range for one record; none where it is unknown.
pub(in crate::score) fn number(plan: &Plan, place: u32, record: &Record, state: &State<1>) -> Option<(Fixed, Fixed)> {
    let numbers = term(plan, place, record, state);
    (numbers.known & 1 == 1).then_some((Fixed(numbers.low[0]), Fixed(numbers.high[0])))
}
