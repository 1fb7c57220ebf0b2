//! When a schedule fires next.

use compiler::program::{Client, Period, Schedule};
use jiff::Timestamp;
use jiff::civil::Time;
use jiff::tz::TimeZone;

use super::after::after_amount;
use super::reaches;

/// The first instant later than `after` at which the schedule fires; none where it never does again.
///
/// Days fire once each, holidays too, when the client's clock reaches the time of day. An interval is counted from `anchor`,
/// so it does not drift: monthly from January 31 is February 28, then March 31. It fires first one period after the anchor.
#[must_use]
pub fn next(
    schedule: &Schedule,
    client: &Client,
    zone: &TimeZone,
    after: Timestamp,
    anchor: Timestamp,
) -> Option<Timestamp> {
    match schedule {
        Schedule::Days { days, at } => next_day(days, *at, zone, after),
        Schedule::Interval(period) => next_interval(client, zone, *period, after, anchor),
    }
}

fn next_day(days: &[bool; 7], at: Time, zone: &TimeZone, after: Timestamp) -> Option<Timestamp> {
    // Two weeks have every day of the week, even where one of them is skipped and another one repeated.
    const DAYS: usize = 15;
    let today = zone.to_datetime(after).date();
    let first = today.yesterday().unwrap_or(today);
    std::iter::successors(Some(first), |day| day.tomorrow().ok())
        .take(DAYS)
        .filter(|day| {
            let weekday = usize::try_from(day.weekday().to_monday_zero_offset()).unwrap_or(0);
            days.get(weekday).copied().unwrap_or(false)
        })
        .filter_map(|day| reaches(zone, day.to_datetime(at)))
        .find(|&fires| fires > after)
}

/// Periods end in order, so the first one that ends later is found by doubling, then by halving.
fn next_interval(
    client: &Client,
    zone: &TimeZone,
    period: Period,
    after: Timestamp,
    anchor: Timestamp,
) -> Option<Timestamp> {
    let amount = i64::from(period.amount);
    if amount == 0 {
        return None;
    }
    let fires = |count: i64| after_amount(client, zone, anchor, period, count.saturating_mul(amount));
    let (mut low, mut high) = (0_i64, 1_i64);
    while fires(high) <= after {
        if fires(high) == Timestamp::MAX {
            return None;
        }
        low = high;
        high = high.checked_mul(2)?;
    }
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if fires(middle) <= after {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(fires(high)).filter(|&fires| fires < Timestamp::MAX)
}
