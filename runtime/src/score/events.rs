//! Events as they stream by: counted, dated, faded and calculated with, one accumulator a query.

use compiler::program::{Fixed, Value};
use language::divide_half_even;
use language::syntax::AggregateFunction;
use smol_str::SmolStr;

use super::plan::{Calculation, Query};
use super::points::{cents, faded};

/// What a query has seen of one record.
#[derive(Clone, Debug)]
pub(super) struct Accumulator {
    count: i64,
    /// Events of which it is unknown whether they pass the filter.
    unsure: u32,
    newest: i64,
    sums: Vec<i64>,
    calculations: Vec<Seen>,
}

/// What a calculation has seen.
#[derive(Clone, Debug, Default)]
struct Seen {
    count: i64,
    sum: i128,
    highest: i64,
    lowest: i64,
    all: Vec<i64>,
    latest: Option<(i64, Value)>,
}

impl Accumulator {
    pub(super) fn new(query: &Query) -> Self {
        Self {
            count: 0,
            unsure: 0,
            newest: i64::MIN,
            sums: vec![0; query.each.len()],
            calculations: vec![Seen::default(); query.calculations.len()],
        }
    }

    pub(super) fn clear(&mut self) {
        // Most records have had no such event, and a short fill costs as much as a long one.
        if !self.has_seen_any() {
            return;
        }
        self.count = 0;
        self.unsure = 0;
        self.newest = i64::MIN;
        self.sums.fill(0);
        for seen in &mut self.calculations {
            seen.count = 0;
            seen.sum = 0;
            seen.all.clear();
            seen.latest = None;
        }
    }

    /// Takes an event in that lies in the query's window.
    pub(super) fn take(&mut self, query: &Query, passes: Option<bool>, at: i64, now: i64, facts: &[(SmolStr, Value)]) {
        match passes {
            Some(true) => {}
            Some(false) => return,
            None => {
                self.unsure += 1;
                return;
            }
        }
        self.count += 1;
        self.newest = self.newest.max(at);
        for (each, sum) in query.each.iter().zip(&mut self.sums) {
            let line = each.half_life.map_or_else(
                || cents(Fixed(each.points)),
                |half_life| i64::from(faded(each.points, now.saturating_sub(at), half_life)),
            );
            *sum = sum.saturating_add(line);
        }
        for (calculation, seen) in query.calculations.iter().zip(&mut self.calculations) {
            if let Some((_, value)) = facts.iter().find(|(name, _)| *name == calculation.field) {
                seen.take(calculation, at, value);
            }
        }
    }

    /// An event in the window that counts, or may.
    pub(super) const fn has_seen_any(&self) -> bool {
        self.count > 0 || self.unsure > 0
    }

    pub(super) const fn count(&self) -> i64 {
        self.count
    }

    /// `i64::MIN` where there was none.
    pub(super) const fn newest(&self) -> i64 {
        self.newest
    }

    pub(super) const fn complete(&self, query: &Query) -> bool {
        query.reported && self.unsure == 0
    }

    pub(super) fn sums(&self) -> impl Iterator<Item = i64> + '_ {
        self.sums.iter().copied()
    }

    /// A calculation's result; none over nothing, but a sum of nothing is nought.
    pub(super) fn value(&self, which: usize, function: AggregateFunction) -> Option<Value> {
        let seen = self.calculations.get(which)?;
        let number = match function {
            AggregateFunction::Count => self.count.checked_mul(language::SCALE)?,
            AggregateFunction::Sum => clamp(seen.sum),
            AggregateFunction::Latest => return seen.latest.as_ref().map(|(_, value)| value.clone()),
            _ if seen.count == 0 => return None,
            AggregateFunction::Average => clamp(divide_half_even(seen.sum, i128::from(seen.count))),
            AggregateFunction::Highest => seen.highest,
            AggregateFunction::Lowest => seen.lowest,
            AggregateFunction::Median => median(&seen.all)?,
        };
        Some(Value::Number(Fixed(number)))
    }
}

impl Seen {
    fn take(&mut self, calculation: &Calculation, at: i64, value: &Value) {
        if calculation.function == AggregateFunction::Latest {
            let later = match &self.latest {
                None => true,
                Some((then, known)) => at > *then || (at == *then && is_larger(value, known)),
            };
            if later {
                self.latest = Some((at, value.clone()));
            }
            return;
        }
        let Value::Number(Fixed(number)) = *value else { return };
        self.highest = if self.count == 0 { number } else { self.highest.max(number) };
        self.lowest = if self.count == 0 { number } else { self.lowest.min(number) };
        self.count += 1;
        self.sum += i128::from(number);
        if calculation.function == AggregateFunction::Median {
            self.all.push(number);
        }
    }
}

/// Of two events at the same instant the larger value counts, so that their order does not.
fn is_larger(value: &Value, than: &Value) -> bool {
    match (value, than) {
        (Value::Number(value), Value::Number(than)) => value > than,
        (Value::Text(value), Value::Text(than)) => value > than,
        (Value::YesNo(value), Value::YesNo(than)) => value > than,
        _ => false,
    }
}

/// The value in the middle, of an even number the mean of the two in the middle.
fn median(values: &[i64]) -> Option<i64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let middle = sorted.len() / 2;
    let upper = *sorted.get(middle)?;
    if sorted.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = *sorted.get(middle.checked_sub(1)?)?;
    Some(clamp(divide_half_even(i128::from(lower) + i128::from(upper), 2)))
}

#[expect(clippy::cast_possible_truncation, reason = "clamped to the range of i64")]
fn clamp(value: i128) -> i64 {
    value.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64
}
