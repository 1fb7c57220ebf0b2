//! Spans of time and schedules of workflows and goals.

use language::Span;
use language::syntax::{ClockTime, DurationLiteral, DurationUnit, Name, Per, Rhythm};

use super::Lowering;
use crate::codes::workflows::{bad_schedule, unknown_measure};
use crate::program::{FileId, Period, Schedule};

impl Lowering<'_> {
    /// A span of time; reported where nobody can wait so.
    pub(super) fn period(&mut self, file: FileId, duration: DurationLiteral) -> Option<Period> {
        self.span_of_time(file, duration)
    }

    /// The span of time that something is counted in.
    pub(super) fn per(&mut self, file: FileId, per: &Per) -> Option<Period> {
        match per {
            Per::Duration(duration) => self.period(file, *duration),
            Per::Name(name) => self.unit_named(file, name, 1),
        }
    }

    /// So many of the unit of that name.
    pub(super) fn unit_named(&mut self, file: FileId, name: &Name, amount: u32) -> Option<Period> {
        let unit = match name.text.as_str() {
            "hour" => DurationUnit::Hour,
            "day" => DurationUnit::Day,
            "week" => DurationUnit::Week,
            "month" => DurationUnit::Month,
            "year" => DurationUnit::Year,
            _ => {
                self.report(unknown_measure::unit(file, name));
                return None;
            }
        };
        Some(Period { amount, unit, business: false })
    }

    /// When something recurs. Days without a time of day begin when the client's do.
    pub(super) fn schedule(&mut self, file: FileId, rhythm: &Rhythm, at: Option<ClockTime>) -> Option<Schedule> {
        let clock = match at {
            Some(at) => self.clock(file, at),
            None => Some(self.program.client.hours.from),
        };
        match rhythm {
            Rhythm::Weekdays(first, last) => {
                let days = self.weekdays(file, &(first.clone(), last.clone()));
                Some(Schedule::Days { days: days?, at: clock? })
            }
            Rhythm::Unit(DurationUnit::Day, _) => Some(Schedule::Days { days: [true; 7], at: clock? }),
            Rhythm::Unit(unit, span) => {
                self.no_time_of_day(file, at, *span)?;
                Some(Schedule::Interval(Period { amount: 1, unit: *unit, business: false }))
            }
            Rhythm::Duration(duration) => {
                let period = self.period(file, *duration);
                self.no_time_of_day(file, at, duration.span)?;
                Some(Schedule::Interval(period?))
            }
        }
    }

    fn no_time_of_day(&mut self, file: FileId, at: Option<ClockTime>, rhythm: Span) -> Option<()> {
        match at {
            None => Some(()),
            Some(at) => {
                let written = self.text(file, rhythm);
                self.report(bad_schedule::diagnostic(file, at.span, rhythm, written));
                None
            }
        }
    }
}

/// Whether the first is over when, or before, the second is, wherever both begin together. Business time and calendar time are
/// not compared.
pub(super) fn not_longer(first: Period, second: Period) -> bool {
    if first.business != second.business {
        return false;
    }
    if first.unit == second.unit {
        return first.amount <= second.amount;
    }
    // A business day is as long as the client's hours, whatever these are; no business day is longer than a calendar's.
    if first.business && [first.unit, second.unit].contains(&DurationUnit::Day) {
        return first.unit != DurationUnit::Day && u64::from(first.amount) * seconds(first.unit).1 <= 60;
    }
    u64::from(first.amount) * seconds(first.unit).1 <= u64::from(second.amount) * seconds(second.unit).0
}

/// The fewest and the most seconds of a unit.
const fn seconds(unit: DurationUnit) -> (u64, u64) {
    const DAY: u64 = 24 * 60 * 60;
    match unit {
        DurationUnit::Second => (1, 1),
        DurationUnit::Minute => (60, 60),
        DurationUnit::Hour => (60 * 60, 60 * 60),
        // The clocks may change.
        DurationUnit::Day => (23 * 60 * 60, 25 * 60 * 60),
        DurationUnit::Week => (7 * DAY - 60 * 60, 7 * DAY + 60 * 60),
        DurationUnit::Month => (28 * DAY - 60 * 60, 31 * DAY + 60 * 60),
        DurationUnit::Year => (365 * DAY, 366 * DAY),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(amount: u32, unit: DurationUnit, business: bool) -> Period {
        Period { amount, unit, business }
    }

    #[test]
    fn periods_are_compared_where_one_is_surely_not_longer() {
        use DurationUnit::{Day, Hour, Month};
        let calendar = |amount, unit| period(amount, unit, false);
        assert!(not_longer(calendar(2, Day), calendar(2, Day)));
        assert!(not_longer(calendar(20, Hour), calendar(1, Day)));
        assert!(!not_longer(calendar(24, Hour), calendar(1, Day)), "a day of 23 hours is over first");
        assert!(!not_longer(calendar(1, Month), calendar(30, Day)));
        assert!(not_longer(calendar(26, Day), calendar(1, Month)));
        assert!(!not_longer(calendar(1, Hour), period(5, Day, true)), "of different kinds");
        assert!(!not_longer(period(4, Hour, true), period(1, Day, true)), "the client's day may be short");
        assert!(not_longer(period(1, Day, true), period(2, Day, true)));
    }
}
