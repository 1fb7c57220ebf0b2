//! Windows to instants: how long ago `in the last 5 business days` begins, in the client's calendar and hours.
//!
//! Days, weeks, months and years are the client's calendar's; seconds, minutes and hours are elapsed time; business time
//! counts only the client's hours on its days. What lies before all calendars is the first instant there is.

use compiler::program::{Client, Window};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};
use language::syntax::DurationUnit;

use crate::calendar::{OpenHours, reaches};

/// The instant that a window ago was, seen from `now`.
#[must_use]
pub fn ago(client: &Client, zone: &TimeZone, now: Timestamp, window: Window) -> Timestamp {
    ago_by(client, zone, (now, zone.to_datetime(now)), window)
}

/// The same, for whoever knows what the clocks of the zone show at that instant.
pub(super) fn ago_by(
    client: &Client,
    zone: &TimeZone,
    (now, local): (Timestamp, DateTime),
    window: Window,
) -> Timestamp {
    let amount = i64::from(window.amount);
    let hours = OpenHours::of(client);
    let seconds = match window.unit {
        DurationUnit::Second => 1,
        DurationUnit::Minute => 60,
        DurationUnit::Hour => 3600,
        DurationUnit::Day if window.business => return business_days_ago(hours, zone, local, amount),
        DurationUnit::Week if window.business => {
            return business_days_ago(hours, zone, local, amount * i64::from(hours.days_a_week()));
        }
        _ if amount == 0 => return now,
        _ => return calendar_ago(zone, local, window),
    };
    let length = SignedDuration::from_secs(amount * seconds);
    if window.business {
        return business_time_ago(hours, zone, (now, local), length);
    }
    now.checked_sub(length).unwrap_or(Timestamp::MIN)
}

/// At the same clock time; one that the clocks skip there is read as by the hands that were not put forward.
fn calendar_ago(zone: &TimeZone, now: DateTime, window: Window) -> Timestamp {
    let amount = i64::from(window.amount);
    let span = match window.unit {
        DurationUnit::Week => Span::new().try_weeks(amount),
        DurationUnit::Month => Span::new().try_months(amount),
        DurationUnit::Year => Span::new().try_years(amount),
        _ => Span::new().try_days(amount),
    };
    let then = span.and_then(|span| now.checked_sub(span));
    then.and_then(|then| zone.to_ambiguous_timestamp(then).compatible()).unwrap_or(Timestamp::MIN)
}

/// The same clock time so many business days earlier.
fn business_days_ago(hours: OpenHours<'_>, zone: &TimeZone, local: DateTime, mut amount: i64) -> Timestamp {
    let mut day = local.date();
    if amount > 0 && hours.never_opens() {
        return Timestamp::MIN;
    }
    while amount > 0 {
        let Ok(before) = day.yesterday() else { return Timestamp::MIN };
        day = before;
        if hours.works_on(day) {
            amount -= 1;
        }
    }
    reaches(zone, day.to_datetime(local.time())).unwrap_or(Timestamp::MIN)
}

/// So much business time earlier.
fn business_time_ago(
    hours: OpenHours<'_>,
    zone: &TimeZone,
    (now, local): (Timestamp, DateTime),
    mut left: SignedDuration,
) -> Timestamp {
    if left.is_zero() {
        return now;
    }
    if hours.never_opens() {
        return Timestamp::MIN;
    }
    let mut day = local.date();
    loop {
        if let Some(opening) = hours.opening(zone, day) {
            let end = opening.to.min(now);
            let open_for = end.duration_since(opening.from);
            if open_for.is_positive() {
                if left <= open_for {
                    return end.checked_sub(left).unwrap_or(Timestamp::MIN);
                }
                left -= open_for;
            }
        }
        let Ok(before) = day.yesterday() else { return Timestamp::MIN };
        day = before;
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};

    use super::*;

    fn before(now: &str, amount: u32, unit: DurationUnit, business: bool) -> String {
        let zone = TimeZone::get("Pacific/Auckland").unwrap();
        let mut client = Client { timezone: "Pacific/Auckland".into(), ..Client::default() };
        client.hours.from = time(8, 30, 0, 0);
        client.hours.to = time(17, 30, 0, 0);
        client.holidays = vec![date(2026, 12, 25)];
        let now = now.parse::<jiff::civil::DateTime>().unwrap().to_zoned(zone.clone()).unwrap().timestamp();
        ago(&client, &zone, now, Window { amount, unit, business }).to_zoned(zone).datetime().to_string()
    }

    #[test]
    fn days_are_the_calendars_across_the_clock_change() {
        // New Zealand went back an hour on 2026-04-05: a day ago is the same clock time, 24 hours ago is not.
        assert_eq!(before("2026-04-05T12:00", 1, DurationUnit::Day, false), "2026-04-04T12:00:00");
        assert_eq!(before("2026-04-05T12:00", 24, DurationUnit::Hour, false), "2026-04-04T13:00:00");
    }

    #[test]
    fn months_end_where_the_month_does() {
        assert_eq!(before("2026-03-31T09:00", 1, DurationUnit::Month, false), "2026-02-28T09:00:00");
        assert_eq!(before("2024-02-29T09:00", 1, DurationUnit::Year, false), "2023-02-28T09:00:00");
    }

    #[test]
    fn business_days_skip_weekends_and_holidays() {
        assert_eq!(before("2026-11-23T10:00", 1, DurationUnit::Day, true), "2026-11-20T10:00:00");
        assert_eq!(before("2026-12-28T10:00", 2, DurationUnit::Day, true), "2026-12-23T10:00:00");
        assert_eq!(before("2026-11-23T10:00", 1, DurationUnit::Week, true), "2026-11-16T10:00:00");
    }

    #[test]
    fn business_hours_count_only_while_open() {
        assert_eq!(before("2026-11-23T09:30", 4, DurationUnit::Hour, true), "2026-11-20T14:30:00");
        assert_eq!(before("2026-11-22T09:30", 9, DurationUnit::Hour, true), "2026-11-20T08:30:00");
        assert_eq!(before("2026-11-24T20:00", 30, DurationUnit::Minute, true), "2026-11-24T17:00:00");
    }

    #[test]
    fn before_all_calendars_is_the_first_instant() {
        let zone = TimeZone::UTC;
        let closed =
            Client { hours: compiler::program::Hours { days: [false; 7], ..Default::default() }, ..Client::default() };
        let window = Window { amount: 1, unit: DurationUnit::Hour, business: true };
        assert_eq!(ago(&closed, &zone, Timestamp::UNIX_EPOCH, window), Timestamp::MIN);
        let window = Window { amount: u32::MAX, unit: DurationUnit::Year, business: false };
        assert_eq!(ago(&closed, &zone, Timestamp::UNIX_EPOCH, window), Timestamp::MIN);
    }
}
