//! Axes: which numbers are written beside them, and where a number lies.

use super::mark::{Anchor, Mark, Paint, Place, rule, words};
use super::number::number;

/// From numbers to places.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Axis {
    /// The least and the largest number.
    from: f64,
    to: f64,
    step: f64,
    /// Where these are.
    begin: f64,
    end: f64,
    /// Behind each number: `%`, or nothing.
    unit: &'static str,
}

/// How large the numbers of an axis are written.
pub(super) const TICK: f64 = 12.0;

impl Axis {
    /// An axis that has room for all of these numbers, and about so many of them written beside it: P. S. Heckbert, "Nice Numbers for Graph
    /// Labels", Graphics Gems (1990).
    pub(super) fn over(
        numbers: impl IntoIterator<Item = f64>,
        about: f64,
        unit: &'static str,
        span: (f64, f64),
    ) -> Self {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for number in numbers.into_iter().filter(|number| number.is_finite()) {
            (low, high) = (low.min(number), high.max(number));
        }
        if low > high {
            (low, high) = (0.0, 1.0);
        }
        if high - low < 1e-9 {
            high = low + low.abs().max(1.0);
        }
        let step = nice((high - low) / about.max(1.0));
        let (from, to) = ((low / step + 1e-9).floor() * step, (high / step - 1e-9).ceil() * step);
        Self { from, to, step, begin: span.0, end: span.1, unit }
    }

    /// An axis between exactly these.
    pub(super) const fn exactly(from: f64, to: f64, step: f64, unit: &'static str, span: (f64, f64)) -> Self {
        Self { from, to, step, begin: span.0, end: span.1, unit }
    }

    /// Where a number lies; what lies beyond an end lies at it.
    pub(super) fn at(&self, number: f64) -> f64 {
        let share = ((number - self.from) / (self.to - self.from)).clamp(0.0, 1.0);
        (self.end - self.begin).mul_add(share, self.begin)
    }

    /// The least and the largest number.
    pub(super) const fn ends(&self) -> (f64, f64) {
        (self.from, self.to)
    }

    /// The numbers beside it.
    pub(super) fn ticks(&self) -> impl Iterator<Item = f64> {
        let (from, step) = (self.from, self.step);
        let count = ((self.to - self.from) / self.step + 1e-6).floor();
        (0..=200).map(f64::from).take_while(move |place| *place <= count).map(move |place| place.mul_add(step, from))
    }

    /// A number as it is written beside the axis.
    pub(super) fn label(&self, tick: f64) -> String {
        let text = if self.step < 0.1 && self.to.abs() < 100.0 { format!("{:.2}", tick + 0.0) } else { number(tick) };
        format!("{text}{}", self.unit)
    }

    /// Lines across, from `left` to `right`, with their numbers at the left.
    pub(super) fn across(&self, left: f64, right: f64) -> Vec<Mark> {
        self.ticks()
            .flat_map(|tick| {
                let y = self.at(tick);
                let paint = if tick.abs() < 1e-9 { Paint::Axis } else { Paint::Grid };
                [
                    rule((left, y), (right, y), paint),
                    words((left - 8.0, y + TICK * 0.35), self.label(tick), Anchor::End, TICK, Paint::Soft),
                ]
            })
            .collect()
    }

    /// Lines upwards, from `top` to `bottom`, with their numbers below.
    pub(super) fn upwards(&self, top: f64, bottom: f64) -> Vec<Mark> {
        self.ticks()
            .flat_map(|tick| {
                let x = self.at(tick);
                let paint = if tick.abs() < 1e-9 { Paint::Axis } else { Paint::Grid };
                [
                    rule((x, top), (x, bottom), paint),
                    words((x, bottom + TICK + 6.0), self.label(tick), Anchor::Middle, TICK, Paint::Soft),
                ]
            })
            .collect()
    }
}

/// What an axis is of: above its upper end, so that nothing has to be read sideways.
pub(super) fn named(at: Place, what: &str, anchor: Anchor) -> Mark {
    words(at, what, anchor, TICK, Paint::Soft)
}

/// 1, 2 or 5 times a power of ten, no less than that.
fn nice(step: f64) -> f64 {
    let power = 10_f64.powf(step.abs().max(1e-12).log10().floor());
    let times = step / power;
    let nice = [1.0, 2.0, 5.0, 10.0].into_iter().find(|nice| times <= nice + 1e-9).unwrap_or(10.0);
    nice * power
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_beside_an_axis_are_round_and_hold_all() {
        for (numbers, ticks) in [
            (vec![0.0, 47.0], vec!["0", "10", "20", "30", "40", "50"]),
            (vec![-3.0, 8.0], vec!["-5", "0", "5", "10"]),
            (vec![0.0, 0.21], vec!["0.00", "0.05", "0.10", "0.15", "0.20", "0.25"]),
            (vec![0.0, 12_300.0], vec!["0", "5,000", "10,000", "15,000"]),
            (vec![7.0], vec!["6", "8", "10", "12", "14"]),
            (vec![], vec!["0", "0.2", "0.4", "0.6", "0.8", "1"]),
        ] {
            let axis = Axis::over(numbers.clone(), 5.0, "", (0.0, 100.0));
            let said: Vec<String> = axis.ticks().map(|tick| axis.label(tick)).collect();
            assert_eq!(said, ticks, "{numbers:?}");
        }
    }

    #[test]
    fn places_go_with_numbers() {
        let axis = Axis::exactly(0.0, 50.0, 10.0, "%", (200.0, 0.0));
        assert_eq!([0.0, 25.0, 50.0, 99.0].map(|number| axis.at(number)), [200.0, 100.0, 0.0, 0.0]);
        assert_eq!(axis.label(20.0), "20%");
    }
}
