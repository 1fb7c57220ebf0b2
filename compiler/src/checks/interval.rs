//! Intervals of numbers, for what a condition leaves possible. Numbers are whole millionths, so that every bound is included.

use crate::program::{Comparison, Fixed};

/// From `low` to `high`, both included; empty where `low` is above `high`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Interval {
    pub(crate) low: i64,
    pub(crate) high: i64,
}

impl Interval {
    pub(crate) const ALL: Self = Self { low: i64::MIN, high: i64::MAX };

    pub(crate) const fn new(low: Fixed, high: Fixed) -> Self {
        Self { low: low.0, high: high.0 }
    }

    pub(crate) const fn is_empty(self) -> bool {
        self.low > self.high
    }

    pub(crate) fn meet(self, other: Self) -> Self {
        Self { low: self.low.max(other.low), high: self.high.min(other.high) }
    }

    /// The smallest that covers both.
    pub(crate) fn hull(self, other: Self) -> Self {
        if self.is_empty() {
            return other;
        }
        if other.is_empty() {
            return self;
        }
        Self { low: self.low.min(other.low), high: self.high.max(other.high) }
    }

    pub(crate) const fn within(self, other: Self) -> bool {
        self.low >= other.low && self.high <= other.high
    }

    /// Numbers that compare so with `value`; `!=` leaves no interval.
    pub(crate) fn of(operator: Comparison, value: Fixed) -> Option<Self> {
        let Fixed(value) = value;
        Some(match operator {
            Comparison::Less => match value.checked_sub(1) {
                Some(high) => Self { low: i64::MIN, high },
                None => Self { low: 0, high: -1 },
            },
            Comparison::AtMost => Self { low: i64::MIN, high: value },
            Comparison::More => match value.checked_add(1) {
                Some(low) => Self { low, high: i64::MAX },
                None => Self { low: 0, high: -1 },
            },
            Comparison::AtLeast => Self { low: value, high: i64::MAX },
            Comparison::Equal => Self { low: value, high: value },
            Comparison::NotEqual => return None,
        })
    }

    /// What is left of these intervals without this one.
    pub(crate) fn cut_from(self, from: &[Self]) -> Vec<Self> {
        let mut left = Vec::with_capacity(from.len() + 1);
        for part in from {
            let met = part.meet(self);
            if met.is_empty() {
                left.push(*part);
                continue;
            }
            if part.low < met.low {
                left.push(Self { low: part.low, high: met.low - 1 });
            }
            if part.high > met.high {
                left.push(Self { low: met.high + 1, high: part.high });
            }
        }
        left
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cutting_leaves_what_lies_outside() {
        let whole = [Interval { low: 0, high: 100 }];
        assert_eq!(Interval { low: 70, high: i64::MAX }.cut_from(&whole), [Interval { low: 0, high: 69 }]);
        assert_eq!(Interval { low: 20, high: 30 }.cut_from(&whole).len(), 2);
        assert!(Interval::ALL.cut_from(&whole).is_empty());
        assert_eq!(Interval { low: 200, high: 300 }.cut_from(&whole), whole);
    }

    #[test]
    fn strict_bounds_leave_their_number_out() {
        let below = Interval::of(Comparison::Less, Fixed(10)).unwrap();
        assert_eq!(below.high, 9);
        assert!(below.meet(Interval::of(Comparison::AtLeast, Fixed(10)).unwrap()).is_empty());
        assert!(Interval::of(Comparison::Less, Fixed::MIN).unwrap().is_empty());
    }
}
