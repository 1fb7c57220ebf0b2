//! When people are reminded: while the client is open, never at night.

use compiler::program::{Client, Period};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use language::syntax::DurationUnit;

use super::{OpenHours, after};

/// When whoever is reminded so often is reminded next. Hours, minutes and seconds pass only while the client is open; days and what is
/// longer pass as ever, and where they are over while it is closed, the reminder waits until it opens.
#[must_use]
pub fn reminder(client: &Client, zone: &TimeZone, from: Timestamp, every: Period) -> Timestamp {
    let is_short = matches!(every.unit, DurationUnit::Second | DurationUnit::Minute | DurationUnit::Hour);
    let never_opens = OpenHours::of(client).never_opens();
    let every = Period { business: every.business || is_short && !never_opens, ..every };
    in_hours(client, zone, after(client, zone, from, every))
}

/// That instant where the client is open or just closes, otherwise when it opens next; that instant where it never does.
#[must_use]
pub fn in_hours(client: &Client, zone: &TimeZone, at: Timestamp) -> Timestamp {
    let hours = OpenHours::of(client);
    if hours.never_opens() {
        return at;
    }
    let is_open = |from: Timestamp, to: Timestamp| from <= at && at <= to;
    let opening = hours.openings(zone, at).find(|opening| opening.from < opening.to && at <= opening.to);
    opening.map_or(at, |opening| if is_open(opening.from, opening.to) { at } else { opening.from })
}
