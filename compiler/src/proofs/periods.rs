//! How long periods are, at least and at most: in seconds, whatever the day on which they begin.

use jiff::civil::Date;
use language::syntax::DurationUnit;

use crate::program::{Client, Hours, Period};

const HOUR: i64 = 60 * 60;
const DAY: i64 = 24 * HOUR;

/// As short as it can be.
pub(super) fn least(client: &Client, period: Period) -> i64 {
    let amount = i64::from(period.amount);
    match (period.unit, period.business) {
        (DurationUnit::Second, false) => amount,
        (DurationUnit::Minute, false) => amount.saturating_mul(60),
        (DurationUnit::Hour, false) => amount.saturating_mul(HOUR),
        // The clocks may change once.
        (DurationUnit::Day, _) => amount.saturating_mul(DAY) - HOUR,
        (DurationUnit::Week, false) => amount.saturating_mul(7 * DAY) - HOUR,
        (DurationUnit::Week, true) => amount.saturating_mul(7 * DAY) - HOUR,
        (DurationUnit::Month, _) => amount.saturating_mul(28 * DAY) - HOUR,
        (DurationUnit::Year, _) => amount.saturating_mul(365 * DAY) - HOUR,
        (unit, true) => {
            let open = open_for(client.hours).max(1);
            let seconds = amount.saturating_mul(in_seconds(unit));
            let nights = (seconds - 1) / open;
            nights.saturating_mul(DAY) + (seconds - nights.saturating_mul(open))
        }
    }
}

/// As long as it can be, but for a client's holidays beyond those that it names.
pub(super) fn most(client: &Client, period: Period) -> i64 {
    most_with(client, period, client.holidays.len())
}

/// The same, with so many holidays in it.
fn most_with(client: &Client, period: Period, holidays: usize) -> i64 {
    let business_days = |days| business_days(client.hours, days, holidays);
    let amount = i64::from(period.amount);
    match (period.unit, period.business) {
        (DurationUnit::Day, false) => amount.saturating_mul(DAY) + HOUR,
        (DurationUnit::Week, false) => amount.saturating_mul(7 * DAY) + HOUR,
        (DurationUnit::Month, _) => amount.saturating_mul(31 * DAY) + HOUR,
        (DurationUnit::Year, _) => amount.saturating_mul(366 * DAY),
        (DurationUnit::Day, true) => business_days(amount),
        (DurationUnit::Week, true) => business_days(amount.saturating_mul(days_a_week(client.hours))),
        (unit, true) => {
            let seconds = amount.saturating_mul(in_seconds(unit));
            business_days(seconds / open_for(client.hours).max(1) + 1)
        }
        (unit, false) => amount.saturating_mul(in_seconds(unit)),
    }
}

/// As long as it can be, with as many of the client's holidays as can fall into it.
pub(super) fn longest(client: &Client, period: Period) -> i64 {
    if !period.business || client.holidays.is_empty() {
        return most(client, period);
    }
    let mut days: Vec<i64> =
        client.holidays.iter().map(|day| Date::ZERO.duration_until(*day).as_hours() / 24).collect();
    days.sort_unstable();
    let without = most_with(client, period, 0);
    let mut length = without;
    // Each holiday that falls into it makes it longer, and so may let another one in.
    loop {
        let longer = without.saturating_add(most_holidays(&days, length).saturating_mul(DAY));
        if longer <= length {
            return length;
        }
        length = longer;
    }
}

/// The most of these days, in their order, that lie within so many seconds.
fn most_holidays(days: &[i64], seconds: i64) -> i64 {
    let reach = seconds / DAY + 1;
    let within = |(first, day): (usize, &i64)| days.partition_point(|other| *other <= day + reach) - first;
    days.iter().enumerate().map(within).max().and_then(|count| i64::try_from(count).ok()).unwrap_or(0)
}

fn business_days(hours: Hours, days: i64, holidays: usize) -> i64 {
    let a_week = days_a_week(hours).max(1);
    let weeks = days / a_week + 1;
    let off = weeks.saturating_mul(7 - a_week) + i64::try_from(holidays).unwrap_or(i64::MAX);
    days.saturating_add(off).saturating_mul(DAY) + HOUR
}

const fn in_seconds(unit: DurationUnit) -> i64 {
    match unit {
        DurationUnit::Second => 1,
        DurationUnit::Minute => 60,
        DurationUnit::Hour => HOUR,
        _ => DAY,
    }
}

fn days_a_week(hours: Hours) -> i64 {
    hours.days.iter().map(|day| i64::from(*day)).sum()
}

/// How long the client is open on a day, in seconds.
pub(super) fn open_for(hours: Hours) -> i64 {
    hours.to.duration_since(hours.from).as_secs()
}

/// The longest time in a row that lies outside such hours, in seconds, holidays left aside; none where they never open.
pub(super) fn longest_closed(hours: Hours) -> Option<i64> {
    let mut longest = 0;
    for first in 0..7_usize {
        if hours.days.get(first) != Some(&true) {
            continue;
        }
        let next = (1..=7_usize).find(|ahead| hours.days.get((first + ahead) % 7) == Some(&true))?;
        longest = longest.max(i64::try_from(next).ok()? * DAY - open_for(hours));
    }
    (longest > 0).then_some(longest)
}

/// How often something that may happen `count` times in any period can happen in a day.
pub(super) fn a_day(client: &Client, count: u32, per: Period) -> u32 {
    let least = least(client, per).max(1);
    let times = if least >= DAY - HOUR { 1 } else { (DAY + least - 1) / least };
    count.saturating_mul(u32::try_from(times).unwrap_or(u32::MAX))
}

/// `63 hours`, `14 days`
pub(super) fn words(seconds: i64) -> String {
    if seconds >= 4 * DAY && seconds % DAY == 0 {
        return format!("{} days", seconds / DAY);
    }
    let hours = seconds / HOUR;
    if hours == 1 { "1 hour".to_owned() } else { format!("{hours} hours") }
}
