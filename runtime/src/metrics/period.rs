//! The periods of goals: days, weeks from monday and months are the client's calendar's; any other period ends now.

use compiler::program::{Client, Period};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use language::syntax::DurationUnit;
use serde::{Deserialize, Serialize};

use crate::calendar::{after, day_start, month_start, week_start};
use crate::score::window::ago;

/// A period of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// From then on.
    pub from: Timestamp,
    /// Up to then, not included.
    pub until: Timestamp,
}

impl Span {
    /// The period that an instant is in, and the complete one before it. What is no day, week or month ends at the
    /// instant, and so is complete.
    #[must_use]
    pub fn current_and_last(client: &Client, zone: &TimeZone, now: Timestamp, per: Period) -> (Self, Self) {
        if let Some(start) = begin(zone, per) {
            let from = start(now);
            let current = Self { from, until: start(after(client, zone, from, per)) };
            let before = from.checked_sub(SignedDuration::from_nanos(1)).unwrap_or(from);
            return (current, Self { from: start(before), until: from });
        }
        let from = ago(client, zone, now, per);
        (Self { from, until: now }, Self { from: ago(client, zone, from, per), until: from })
    }

    /// Counted from 1, the period with that number from the one on that an instant is in; none where the unit is no day, week or month,
    /// or the number is 0.
    #[must_use]
    pub fn numbered(client: &Client, zone: &TimeZone, first: Timestamp, number: Period) -> Option<Self> {
        let one = Period { amount: 1, ..number };
        let start = begin(zone, one)?;
        let skipped = Period { amount: number.amount.checked_sub(1)?, ..number };
        let from = start(after(client, zone, start(first), skipped));
        Some(Self { from, until: start(after(client, zone, from, one)) })
    }

    /// Whether it holds an instant.
    #[must_use]
    pub fn contains(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.until
    }

    /// How much of it has passed, from 0 to 1.
    #[must_use]
    pub fn elapsed(&self, now: Timestamp) -> f64 {
        let whole = self.until.duration_since(self.from).as_secs_f64();
        let passed = now.duration_since(self.from).as_secs_f64();
        if whole > 0.0 { (passed / whole).clamp(0.0, 1.0) } else { 1.0 }
    }
}

/// When a period of that kind began; none where it follows no calendar.
fn begin(zone: &TimeZone, per: Period) -> Option<impl Fn(Timestamp) -> Timestamp> {
    let start = match (per.amount, per.business, per.unit) {
        (1, false, DurationUnit::Day) => day_start,
        (1, false, DurationUnit::Week) => week_start,
        (1, false, DurationUnit::Month) => month_start,
        _ => return None,
    };
    Some(move |at| start(zone, at))
}
