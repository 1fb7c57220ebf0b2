//! When a period that begins at an instant is over: the forward twin of [`crate::score::window::ago`].

use compiler::program::{Client, Period};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};
use language::syntax::DurationUnit;

use super::hours::FARTHEST;
use super::{OpenHours, reaches};

/// The instant at which a period that begins at `from` is over; [`Timestamp::MAX`] where that is beyond all calendars, where the
/// client is never open, and where business time would take more than 400 years.
///
/// Days, weeks, months and years are the calendar's, at the same time of day (a month that is too short ends on its last day);
/// seconds, minutes and hours are elapsed time. Business days go from day to day on which the client is open, at the same
/// time of day whether it is open then or not; business hours pass only while it is open, so they end no later than it
/// closes. Months and years have no business kind.
#[must_use]
pub fn after(client: &Client, zone: &TimeZone, from: Timestamp, period: Period) -> Timestamp {
    after_amount(client, zone, from, period, i64::from(period.amount))
}

/// An instant that such a period never ends before, wherever and whatever the hours: what that tells need not be worked out.
#[must_use]
pub fn no_sooner_than(from: Timestamp, period: Period) -> Timestamp {
    // No clocks are further apart than by that, nor is the same clock time so many days later nearer by more.
    const FURTHEST: i64 = 52;
    let amount = i64::from(period.amount);
    let hours = match period.unit {
        DurationUnit::Day => amount * 24 - FURTHEST,
        // A week of business days may be a single one.
        DurationUnit::Week if period.business => amount * 24 - FURTHEST,
        DurationUnit::Week => amount * 24 * 7 - FURTHEST,
        _ => 0,
    };
    from.checked_add(SignedDuration::from_hours(hours.max(0))).unwrap_or(from)
}

/// The same with another amount.
pub(super) fn after_amount(
    client: &Client,
    zone: &TimeZone,
    from: Timestamp,
    Period { unit, business, .. }: Period,
    amount: i64,
) -> Timestamp {
    if amount <= 0 {
        return from;
    }
    let hours = OpenHours::of(client);
    let begin = || Begin { at: from, local: zone.to_datetime(from) };
    let seconds = match unit {
        DurationUnit::Second => 1,
        DurationUnit::Minute => 60,
        DurationUnit::Hour => 60 * 60,
        DurationUnit::Day if business => return business_days(hours, zone, begin(), amount),
        DurationUnit::Week if business => {
            return business_days(hours, zone, begin(), amount.saturating_mul(i64::from(hours.days_a_week())));
        }
        _ => return calendar(zone, begin(), unit, amount),
    };
    let length = SignedDuration::from_secs(amount.saturating_mul(seconds));
    if business {
        return business_time(hours, zone, from, length);
    }
    from.checked_add(length).unwrap_or(Timestamp::MAX)
}

/// An instant, and what the clocks of the zone show then.
#[derive(Clone, Copy)]
struct Begin {
    at: Timestamp,
    local: DateTime,
}

fn calendar(zone: &TimeZone, from: Begin, unit: DurationUnit, amount: i64) -> Timestamp {
    let span = match unit {
        DurationUnit::Week => Span::new().try_weeks(amount),
        DurationUnit::Month => Span::new().try_months(amount),
        DurationUnit::Year => Span::new().try_years(amount),
        _ => Span::new().try_days(amount),
    };
    let day = span.and_then(|span| from.local.date().checked_add(span));
    same_time_on(zone, from, day.ok())
}

fn business_days(hours: OpenHours<'_>, zone: &TimeZone, from: Begin, mut amount: i64) -> Timestamp {
    if hours.never_opens() {
        return Timestamp::MAX;
    }
    let mut day = from.local.date();
    for _ in 0..FARTHEST {
        let Ok(next) = day.tomorrow() else { break };
        day = next;
        if hours.works_on(day) {
            amount -= 1;
            if amount <= 0 {
                return same_time_on(zone, from, Some(day));
            }
        }
    }
    Timestamp::MAX
}

fn business_time(hours: OpenHours<'_>, zone: &TimeZone, from: Timestamp, mut left: SignedDuration) -> Timestamp {
    for opening in hours.openings(zone, from) {
        let begin = opening.from.max(from);
        let open_for = opening.to.duration_since(begin);
        if open_for.is_positive() {
            if left <= open_for {
                return begin.checked_add(left).unwrap_or(Timestamp::MAX);
            }
            left -= open_for;
        }
    }
    Timestamp::MAX
}

fn same_time_on(zone: &TimeZone, from: Begin, day: Option<Date>) -> Timestamp {
    let then = day.and_then(|day| reaches(zone, day.to_datetime(from.local.time())));
    // Where clocks go back by a day or more, a later date can begin before an earlier one ends.
    then.map_or(Timestamp::MAX, |then| then.max(from.at))
}
