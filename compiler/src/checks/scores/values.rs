//! What a sum of points can be: each amount, while there are few, else all between the least and the most. In hundredths of a point.
//!
//! An over-approximation, whatever is done with it: a value that it leaves out cannot come about.

/// So many amounts are told apart.
const TOLD_APART: usize = 128;

/// At least one amount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Values {
    low: i64,
    high: i64,
    /// In order; none where all between `low` and `high` may be.
    each: Option<Vec<i64>>,
}

impl Values {
    pub(crate) fn only(value: i64) -> Self {
        Self { low: value, high: value, each: Some(vec![value]) }
    }

    /// From `low` to `high`, both included.
    pub(crate) fn between(low: i64, high: i64) -> Self {
        if low == high { Self::only(low) } else { Self { low, high, each: None } }
    }

    pub(crate) const fn low(&self) -> i64 {
        self.low
    }

    pub(crate) const fn high(&self) -> i64 {
        self.high
    }

    fn of(mut values: Vec<i64>) -> Option<Self> {
        values.sort_unstable();
        values.dedup();
        let (low, high) = (*values.first()?, *values.last()?);
        Some(Self { low, high, each: (values.len() <= TOLD_APART).then_some(values) })
    }

    /// What either can be.
    pub(crate) fn or(&self, other: &Self) -> Self {
        let (low, high) = (self.low.min(other.low), self.high.max(other.high));
        match (&self.each, &other.each) {
            (Some(one), Some(more)) => {
                Self::of(one.iter().chain(more).copied().collect()).unwrap_or_else(|| Self::between(low, high))
            }
            _ => Self::between(low, high),
        }
    }

    /// What the sum of both can be.
    pub(crate) fn plus(&self, other: &Self) -> Self {
        let (low, high) = (self.low.saturating_add(other.low), self.high.saturating_add(other.high));
        match (&self.each, &other.each) {
            (Some(one), Some(more)) if one.len() * more.len() <= TOLD_APART * 16 => {
                let sums = one.iter().flat_map(|one| more.iter().map(|other| one.saturating_add(*other))).collect();
                Self::of(sums).unwrap_or_else(|| Self::between(low, high))
            }
            _ => Self::between(low, high),
        }
    }

    /// What becomes of it by something that keeps the order.
    pub(crate) fn map(&self, to: impl Fn(i64) -> i64) -> Self {
        let (low, high) = (to(self.low), to(self.high));
        match &self.each {
            Some(each) => Self::of(each.iter().copied().map(to).collect()).unwrap_or_else(|| Self::between(low, high)),
            None => Self::between(low, high),
        }
    }

    /// What of it lies there; none where nothing does.
    pub(crate) fn within(&self, low: i64, high: i64) -> Option<Self> {
        match &self.each {
            Some(each) => Self::of(each.iter().copied().filter(|value| (low..=high).contains(value)).collect()),
            None => {
                let (low, high) = (self.low.max(low), self.high.min(high));
                (low <= high).then(|| Self::between(low, high))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_amounts_are_told_apart_and_many_are_not() {
        let steps = Values::only(0).or(&Values::only(2500)).plus(&Values::only(0).or(&Values::only(4000)));
        assert!(steps.within(2600, 3900).is_none() && steps.within(2500, 3000).is_some());
        assert_eq!((steps.low(), steps.high()), (0, 6500));
        let many = (0..8).fold(Values::only(0), |sum, bit| sum.plus(&Values::only(0).or(&Values::only(1 << bit))));
        assert_eq!((many.low(), many.high()), (0, 255));
        assert!(many.plus(&many).within(1, 1).is_some());
    }

    #[test]
    fn clamps_keep_the_order() {
        assert_eq!(Values::between(-500, 12_000).map(|value| value.clamp(0, 10_000)), Values::between(0, 10_000));
        assert_eq!(Values::only(-500).map(|value| value.max(0)), Values::only(0));
    }
}
