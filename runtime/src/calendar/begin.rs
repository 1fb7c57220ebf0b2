//! The instant at which a clock on the wall reaches a local time, and at which its day, week or month began.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, ToSpan};

/// The first instant at which the clocks of the zone show that local time or a later one; none beyond all calendars.
#[must_use]
pub fn reaches(zone: &TimeZone, local: DateTime) -> Option<Timestamp> {
    let ambiguous = zone.to_ambiguous_timestamp(local);
    let AmbiguousOffset::Gap { before, after } = ambiguous.offset() else { return ambiguous.earlier().ok() };
    // Read with the offsets on both sides of the jump, the skipped time lies before it and after it.
    let (earlier, later) = (after.to_timestamp(local).ok()?, before.to_timestamp(local).ok()?);
    let jumps = zone.following(earlier).map(|transition| transition.timestamp()).take_while(|&jump| jump <= later);
    Some(jumps.into_iter().find(|&jump| zone.to_datetime(jump) >= local).unwrap_or(later))
}

/// When the day of an instant began.
#[must_use]
pub fn day_start(zone: &TimeZone, at: Timestamp) -> Timestamp {
    begins(zone, Some(zone.to_datetime(at).date()))
}

/// When the week of an instant began, a monday.
#[must_use]
pub fn week_start(zone: &TimeZone, at: Timestamp) -> Timestamp {
    let day = zone.to_datetime(at).date();
    let since_monday = day.weekday().to_monday_zero_offset();
    begins(zone, day.checked_sub(since_monday.days()).ok())
}

/// When the month of an instant began.
#[must_use]
pub fn month_start(zone: &TimeZone, at: Timestamp) -> Timestamp {
    begins(zone, Some(zone.to_datetime(at).date().first_of_month()))
}

fn begins(zone: &TimeZone, day: Option<Date>) -> Timestamp {
    day.and_then(|day| reaches(zone, day.to_datetime(Time::midnight()))).unwrap_or(Timestamp::MIN)
}
